"""Governments from a CSV file and back: what is new, changed, the same or refused, and by which line."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from members.government_import import COLUMN_NAMES, COLUMNS, GovernmentImport, row_of
from members.models import Government
from mixportal.tables.reader import MAX_ROWS, TableError, decode, read_table
from mixportal.tables.writer import escape_formula, unescape_formula
from tests.curating import filled
from tests.reading import said
from tests.worlds import make_government, seat_governments

HEADER = "slug,name,kind,state,population,population_year,it_staff,annual_it_budget,seat"
TIDEWELL = "tidewell,Tidewell,city,FL,412000,2024,120.5,48000000,9"


@pytest.fixture
def run(tmp_path, capsys):
    """Imports that text (or bytes) from a file and returns what the command printed."""

    def run(content, *options: str) -> str:
        path = tmp_path / "list.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        call_command("import_governments", str(path), *options)
        return capsys.readouterr().out

    return run


@pytest.fixture
def refusal(run):
    """What the command says against that text; nothing may have changed."""

    def refusal(content, *options: str) -> str:
        before = list(Government.objects.order_by("pk").values())
        with pytest.raises(CommandError) as refused:
            run(content, *options)
        assert list(Government.objects.order_by("pk").values()) == before
        first, _, problems = str(refused.value).partition("\n")
        assert first.endswith("list.csv is refused, nothing was changed.")
        return problems

    return refusal


def events() -> int:
    return Government._meta.get_field("events").related_model.objects.count()


def test_a_new_government_is_added_with_all_its_facts(db, run):
    said = run(
        f"{HEADER},website,form_of_government,it_structure\n{TIDEWELL},https://tidewell.example,Commission,Federated\n"
    )
    tidewell = Government.objects.get(slug="tidewell")
    assert (tidewell.name, tidewell.kind, tidewell.state, tidewell.seat) == ("Tidewell", "city", "FL", 9)
    assert (tidewell.population, tidewell.population_year, tidewell.it_staff) == (412_000, 2024, 120.5)
    assert (tidewell.annual_it_budget, tidewell.website) == (48_000_000, "https://tidewell.example")
    assert (tidewell.form_of_government, tidewell.it_structure) == ("commission", "federated")
    assert "Imported: 1 new." in said


def test_a_table_may_be_piped_in(db, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(f"{HEADER}\n{TIDEWELL}\n".encode())))
    call_command("import_governments", "-")
    assert Government.objects.get(slug="tidewell").seat == 9


def test_a_stored_government_is_changed_by_slug_and_says_from_what_to_what(world, run):
    said = run("slug,population,population_year\nhalloran-county,310000,2026\n")
    world.halloran.refresh_from_db()
    assert (world.halloran.population, world.halloran.population_year) == (310_000, 2026)
    assert world.halloran.seat == 2, "a column that is left out leaves what is stored"
    assert "Halloran County (population: 300000 -> 310000; population_year: 2025 -> 2026)" in said


def test_an_empty_cell_empties(world, run):
    run("slug,seat,population,population_year\nhalloran-county,,,\n")
    world.halloran.refresh_from_db()
    assert (world.halloran.seat, world.halloran.population, world.halloran.population_year) == (None, None, None)


def test_a_dry_run_says_all_that_and_changes_nothing(world, run):
    before, written = list(Government.objects.values()), events()
    said = run(f"{HEADER}\n{TIDEWELL}\nhalloran-county,Halloran,county,OH,,,,,2\n", "--dry-run")
    assert "Would import: 1 new, 1 changed. Nothing was changed." in said
    assert list(Government.objects.values()) == before
    assert events() == written


def test_an_unchanged_row_writes_nothing_not_even_history(world, run):
    run(f"{HEADER}\n{TIDEWELL}\n")
    written = events()
    said = run(f"{HEADER}\n{TIDEWELL.replace('120.5', '120.50')}\n")
    assert said.strip() == "Imported: 1 unchanged."
    assert events() == written


def test_the_history_says_by_which_file(db, run):
    run(f"{HEADER}\n{TIDEWELL}\n")
    event = Government.objects.get().events.get()
    assert event.pgh_context == {"reason": "import_governments list.csv"}


@pytest.mark.parametrize(
    "content",
    [
        f"\ufeff{HEADER}\r\n{TIDEWELL}\r\n".encode(),
        f"{HEADER}\n{TIDEWELL}".replace(",", ";").encode(),
        f"{HEADER}\n{TIDEWELL}".replace(",", "\t").encode(),
        f"{HEADER}\r{TIDEWELL}\r".encode(),
        f"\n\n{HEADER}\n,,,,,,,,\n{TIDEWELL}\n\n".encode(),
        f"{HEADER},,\n{TIDEWELL},,\n,,,,,,,,,,\n".encode(),
        f"sep=;\r\n{HEADER}\r\n{TIDEWELL}\r\n".replace(",", ";").encode(),
        f"{HEADER}\n{TIDEWELL.replace('412000,2024', '412000.0,2024.0')}\n".encode(),
        f"{HEADER}\n{TIDEWELL}".encode("utf-16"),
        f"{HEADER.upper().replace('_', ' ')}\n{TIDEWELL}\n".encode(),
        (HEADER + '\ntidewell , " Tidewell",City,florida,"412,000",2024,120.5,"$48,000,000",9\n').encode(),
        (HEADER + "\ntidewell;Tidewell;CITY;fl;412,000;2024;120.5;48 000 000;9\n").replace(HEADER, HEADER.replace(",", ";")).encode(),
        (HEADER + "\n,Tidewell,city,FL,412\u202f000,2024,120.5,48’000’000,9\n").encode(),
    ],
    ids="BOM-and-CRLF semicolons tabs CR blank-lines empty-columns sep-line floats UTF-16 column-case commas-in-numbers spaces-in-numbers slug-from-name".split(),
)  # fmt: skip
def test_the_spellings_of_spreadsheets_are_read(db, content):
    [change] = GovernmentImport(decode(content)).apply(reason="spelling").changes
    facts = dict(zip(COLUMN_NAMES, row_of(change.instance), strict=True))
    assert {name: value for name, value in facts.items() if value} == {
        "slug": "tidewell", "name": "Tidewell", "kind": "city", "state": "FL", "population": 412_000,
        "population_year": 2024, "it_staff": Decimal("120.5"), "annual_it_budget": 48_000_000, "seat": 9,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("about 5", "population: “about 5” is not a number; write it like 1250000 or 1,250,000."),
        ("1,25", "population: “1,25” is not a number; write it like 1250000 or 1,250,000."),
        ("1.250.000", "population: “1.250.000” is not a number; write it like 1250000 or 1,250,000."),
        ("1,250 000", "population: “1,250 000” is not a number; write it like 1250000 or 1,250,000."),
        ("-5", "population: “-5” is not a number; write it like 1250000 or 1,250,000."),
        ("$5", "population: “$5” is not a number; write it like 1250000 or 1,250,000."),
        ("٣", "population: “٣” is not a number; write it like 1250000 or 1,250,000."),
        ("40%", "population: “40%” is not a number; write it like 1250000 or 1,250,000."),
        ("'5", "population: “'5” is not a number; write it like 1250000 or 1,250,000."),
        ("1e5", "population: “1e5” is not a number; write it like 1250000 or 1,250,000."),
        ("5.5", "population: “5.5” is not a whole number."),
        ("2.000", "population: is “2.000” 2 or 2,000? Write it without the point."),
        ("412.500", "population: is “412.500” 412 or 412,500? Write it without the point."),
        ("999999999999", "population: Ensure this value is less than or equal to 2147483647."),
        ("9" * 99, f"population: “{'9' * 49}…” is not a number; write it like 1250000 or 1,250,000."),
        ("0", "Give a population together with its year."),
        ("", "Give a population together with its year."),
    ],
)  # fmt: skip
def test_a_number_that_cannot_be_read_is_told_by_line(world, refusal, cell, said):
    assert (
        refusal(f'slug,name,kind,state,population,population_year\nnew,New,city,AZ,"{cell}",2025\n')
        == f"Line 2: {said}"
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("x,X,village,AZ,1", "kind: “village” is not known; write city, county, consolidated, other."),
        ("x,X,city,ZZ,9", "state: “ZZ” is not known; write two letters of a state, such as AZ."),
        ("x,,city,AZ,9", "x is new, and has no name."),
        ("x,X,,,9", "x is new, and has no kind and no state."),
        (",,city,AZ,9", "This row has neither a slug nor a name that gives one."),
        ("x y,X,city,AZ,9", "slug: Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."),
        (f"x,{'X' * 121},city,AZ,9", "name: Ensure this value has at most 120 characters (it has 121)."),
        ("x,X,city,AZ", "This row has 4 cells; the header has 5."),
        ("x,X,city,AZ,65", "seat 65 does not exist. Give a seat from 1 to 64."),
        ("x,X,city,AZ,0", "seat 0 does not exist. Give a seat from 1 to 64."),
        ("x,X,city,AZ,2", "seat 2 is held by halloran-county."),
        ('x,"X\nY",city,AZ,9', "name: write this cell on one line."),
        ("x,X,city,AZ,8\nx,X,city,AZ,9", "x is on line 3 already."),
        ("x,X,city,AZ,9\ny,Y,city,AZ,9", "seat 9 is given to x on line 3."),
        ('x,"X,city,AZ,9', "This row cannot be read (unexpected end of data). Is a quotation mark missing?"),
        ("x,X\x00,city,AZ,9", "There is a control character (U+0000); this is not plain text."),
    ],
)
def test_a_row_that_cannot_be_is_told_by_line_and_nothing_is_imported(world, refusal, row, said):
    line = 4 if "\n" in row and '"' not in row else 3
    assert refusal(f"slug,name,kind,state,seat\ngood,Good,city,AZ,7\n{row}\n") == f"Line {line}: {said}"


def test_every_wrong_line_is_told_up_to_twenty(world, refusal):
    rows = "".join(f"t{n},Town {n},village,ZZ\n" for n in range(15))
    said = refusal(f"slug,name,kind,state\n{rows}").split("\n")
    assert [line.split(":")[0] for line in said[:4]] == ["Line 2", "Line 2", "Line 3", "Line 3"]
    assert said[-1] == "There are 10 more problems."
    assert len(said) == 21


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("slug,name,is_staff", "There is no column “is_staff”"),
        ("slug,id,name", "There is no column “id”"),
        ("slug,,name", "“1” is in column 2, which has no name in the header."),
        ("slug,name,name", "The column “name” is here 2 times."),
        ("seat", "seat: “halloran-county” is not a number"),
    ],
)
def test_a_header_that_does_not_fit_is_refused_by_column(world, refusal, header, said):
    row = ",".join(["halloran-county", *["1"] * header.count(",")])
    assert said in refusal(f"{header}\n{row}\n")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (b"slug,name\n", "The file has a header and no rows."),
        (b"slug,name\n\xe9\n", "Line 2: This is not UTF-8 text: it looks like CP1252 (Windows)"),
        (b"slug,name\n" + b"x" * 1_000_000, "The file has more than 1,000,000 bytes"),
        (b"slug,name\n" + b"".join(b"t%d,T\n" % n for n in range(MAX_ROWS + 1)), "Line 1002: There are more than 1,000 rows"),
    ],
    ids="empty header-alone cp1252 too-large too-many".split(),
)  # fmt: skip
def test_a_file_that_is_no_list_is_refused(db, refusal, content, said):
    assert refusal(content).startswith(said)


def test_a_file_that_is_not_there_is_said(db):
    with pytest.raises(CommandError, match=r"nowhere\.csv cannot be read: No such file"):
        call_command("import_governments", "nowhere.csv")


def test_two_governments_may_exchange_their_seats_in_one_file(world, run):
    run("slug,seat\nport-merrow-county,2\nhalloran-county,1\n")
    assert dict(Government.objects.values_list("slug", "seat")) == {"port-merrow-county": 2, "halloran-county": 1}


def test_a_seat_that_the_file_frees_may_be_taken_and_one_it_leaves_alone_may_not(world, run, refusal):
    assert refusal("slug,name,kind,state,seat\nnew,New,city,AZ,2\nport-merrow-county,Port Merrow County,county,NC,1\n") == (
        "Line 2: seat 2 is held by halloran-county."
    )  # fmt: skip
    run("slug,name,kind,state,seat\nnew,New,city,AZ,2\nhalloran-county,Halloran County,county,OH,\n")
    assert Government.objects.get(seat=2).slug == "new"


def test_a_65th_seat_is_an_error_of_its_line(world, refusal):
    seat_governments(62)
    assert (
        refusal("slug,name,kind,state,seat\nlate,Late,city,AZ,65\n")
        == "Line 2: seat 65 does not exist. Give a seat from 1 to 64."
    )
    assert refusal("slug,name,kind,state,seat\nlate,Late,city,AZ,64\n") == "Line 2: seat 64 is held by town-64."


def test_what_the_export_writes_the_import_reads_back_unchanged(world, sign_in):
    make_government(
        "=SUM(1,2); \"quoted\"", 3, population=1_234_567, it_staff="12.5", annual_it_budget=48_000_000_000,
        website="https://x.example/?a=1&b=2", form_of_government="other", it_structure="centralized",
    )  # fmt: skip
    make_government("Cañon  City", None, population=None, population_year=None)
    make_government("'+1", 4)
    before, written = list(Government.objects.order_by("pk").values()), events()
    exported = sign_in(world.member_a).get("/governments/export.csv")
    assert exported["Content-Type"].startswith("text/csv")
    changes = GovernmentImport(decode(exported.content)).apply(reason="round trip").changes
    assert [change.action for change in changes] == ["unchanged"] * 5
    assert list(Government.objects.order_by("pk").values()) == before
    assert events() == written


def test_the_export_moves_to_an_empty_portal_whole(world, sign_in):
    exported = sign_in(world.curator).get("/governments/export.csv").content
    facts = list(Government.objects.order_by("slug").values_list(*COLUMN_NAMES))
    type(world.member_a).objects.all().delete()
    Government.objects.all().delete()
    GovernmentImport(decode(exported)).apply(reason="moving")
    assert list(Government.objects.order_by("slug").values_list(*COLUMN_NAMES)) == facts


def test_a_name_alone_never_changes_a_government_of_another_state(world, refusal, run):
    said = refusal("name,kind,state\nHalloran County,county,Georgia\n")
    assert said.startswith("Line 2: name: “Halloran County” is the name of a county in OH (halloran-county).")
    run("slug,name,kind,state\nhalloran-county-ga,Halloran County,county,Georgia\n")
    assert set(Government.objects.filter(name="Halloran County").values_list("state", flat=True)) == {"OH", "GA"}


ALIKE = "name,kind,state,seat\nPort Merow County,county,NC,9\n"


def test_a_new_name_much_like_another_of_its_state_and_kind_is_a_question(world, refusal, run):
    asked = refusal(ALIKE)
    assert asked.startswith("Line 2: Is “Port Merow County” another government than “Port Merrow County” in NC?")
    assert asked in run(ALIKE, "--dry-run")
    assert run(f"slug,{ALIKE}".replace("Port", "port-merow-county,Port")).count("new") == 2


@pytest.mark.parametrize("name", ["Halloran Co.", "Halloran", "County of Halloran", "Haloran County"])
def test_a_name_with_another_word_for_its_kind_is_a_question(world, refusal, name):
    assert f"Is “{name}” another government than “Halloran County”" in refusal(f"name,kind,state\n{name},county,OH\n")


@pytest.mark.parametrize("row", ["Port Merow County,county,SC", "Port Merow,city,NC", "East Merrow County,county,NC"])
def test_a_new_name_of_another_state_or_kind_or_less_alike_is_no_question(world, run, row):
    run(f"name,kind,state\n{row}\n")


def test_two_new_names_of_one_file_that_are_much_alike_are_a_question_too(db, refusal, run):
    assert "“Tidewel”" in refusal("name,kind,state\nTidewell,city,FL\nTidewel,city,FL\n")
    run("name,kind,state\nDistrict 1,other,FL\nDistrict 2,other,FL\nNorth Haven,city,FL\nSouth Haven,city,FL\n")


def test_a_question_on_the_desk_is_answered_by_writing_it_so(world, sign_in):
    client, address = sign_in(world.curator), "/admin/members/government/import/"
    shown = client.post(address, {"text": ALIKE}, follow=True)
    assert "Port Merrow County" in said(shown, "questions")
    assert client.post(address, filled(shown, "confirm-import")).status_code == 302
    assert Government.objects.filter(slug="port-merow-county").exists()


def test_soft_hyphens_of_a_page_are_no_part_of_a_name(world, run):
    run("name,kind,state,population,population_year\nPort Mer\u00adrow County,county,NC,5,2025\n")
    world.port.refresh_from_db()
    assert (world.port.name, world.port.population) == ("Port Merrow County", 5)
    assert Government.objects.count() == 2


@given(st.text())
def test_a_neutralised_cell_can_be_told_from_every_other(cell):
    assert unescape_formula(str(escape_formula(cell))) == cell


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content):
    try:
        read_table(decode(b"slug,name,population,seat\n" + content), COLUMNS, [])
    except TableError as refused:
        assert str(refused)


def test_the_help_names_every_column(capsys):
    with pytest.raises(SystemExit):
        call_command("import_governments", "--help")
    said = capsys.readouterr().out
    assert all(f"\n  {column} " in said for column in COLUMN_NAMES)
