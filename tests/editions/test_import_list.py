"""The command import_list: dry runs, imports and refusals."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from challenges.models import Challenge
from mixportal.editions.models import Edition, Entry, Kind
from mixportal.results.publishing import publish
from priorities.models import Priority
from tests.worlds import closed, open_edition

pytestmark = pytest.mark.django_db

PASTED = Path(__file__).parent / "data" / "pasted-2018.txt"
SHORT = """Priorities
- Data – Keeping it well.
- Workforce – Finding people.
Challenges
- Shadow IT – What nobody told us of.
"""


def run(year: object, file: object, *options: str) -> str:
    said = io.StringIO()
    call_command("import_list", str(year), str(file), *options, stdout=said)
    return said.getvalue()


def titles(kind: Kind, year: int) -> list[str]:
    entries = Edition.objects.get(year=year).list_of(kind).entries.in_order()
    return list(entries.values_list("title", flat=True))


@pytest.fixture
def write(tmp_path):
    """Return a function that writes text to a file."""

    def written(text: str | bytes, name: str = "list.txt") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return written


def test_the_real_list_of_2018_comes_in_whole_and_in_order():
    said = run(2018, PASTED)
    assert "a new edition of 2018, in drafting" in said
    assert "18 new" in said
    edition = Edition.objects.get(year=2018)
    assert edition.is_drafting
    assert len(titles(Kind.PRIORITIES, 2018)) == 13
    assert len(titles(Kind.CHALLENGES, 2018)) == 5
    assert [entry.position for entry in edition.list_of(Kind.PRIORITIES).entries.in_order()] == list(range(1, 14))
    for entry in Entry.objects.all():
        entry.full_clean()


def test_a_dry_run_says_the_same_and_writes_nothing():
    said = run(2018, PASTED, "--dry-run")
    assert "a new edition of 2018" in said
    assert "18 new" in said
    assert "Nothing was changed" in said
    assert not Edition.objects.exists()


def test_a_second_time_changes_nothing():
    run(2018, PASTED)
    events = Entry.pgh_event_model.objects
    before = events.count()
    said = run(2018, PASTED)
    assert "Imported: 18 unchanged." in said
    assert "18 unchanged" in said
    assert events.count() == before


def test_a_changed_meaning_updates_its_entry_and_no_other(write):
    run(2031, write(SHORT))
    before = Priority.objects.get(slug="data").pk
    said = run(2031, write(SHORT.replace("Keeping it well.", "Keeping it very well.")))
    assert "priority   changed    Data (description)" in said
    assert "1 changed, 2 unchanged" in said
    assert Priority.objects.get(slug="data").description == "Keeping it very well."
    assert Priority.objects.get(slug="data").pk == before


def test_an_entry_that_was_renamed_is_found_by_its_title(write):
    run(2031, write(SHORT))
    Priority.objects.filter(slug="data").update(title="Open Data")
    said = run(2031, write(SHORT.replace("Data", "Open Data")))
    assert "Imported: 3 unchanged." in said
    run(2031, write(SHORT))
    assert titles(Kind.PRIORITIES, 2031) == ["Data", "Workforce"], "the address finds it too"


def test_a_new_order_moves_entries_and_keeps_what_they_are(write):
    run(2031, write(SHORT))
    keys = dict(Priority.objects.values_list("slug", "pk"))
    said = run(2031, write("Priorities\n- Workforce – Finding people.\n- Data – Keeping it well.\n"))
    assert "2 moved" in said
    assert titles(Kind.PRIORITIES, 2031) == ["Workforce", "Data"]
    assert dict(Priority.objects.values_list("slug", "pk")) == keys
    assert titles(Kind.CHALLENGES, 2031) == ["Shadow IT"]  # a list that is not in the file is left alone


def test_an_entry_that_the_list_leaves_out_stays_behind_the_others(write):
    run(2031, write(SHORT))
    said = run(2031, write("Priorities\n- Workforce – Finding people.\n- Cloud – Renting machines.\n"))
    assert "not in the list, kept at the end" in said
    assert titles(Kind.PRIORITIES, 2031) == ["Workforce", "Cloud", "Data"]


def test_a_new_entry_continues_the_one_of_its_title_on_the_list_before(write):
    run(2029, write(SHORT))
    run(2031, write("Priorities\n- Workforce – Finding people.\n- Cloud – Renting machines.\n"))
    run(2030, write("Priorities\n- Data – Keeping it well.\n"))
    lines = dict(Entry.objects.filter(annual_list__edition__year=2029).values_list("title", "line"))
    assert {entry.title: entry.line_id in lines.values() for entry in Priority.objects.filter(slug="cloud")} == {
        "Cloud": False
    }
    assert {entry.line_id for entry in Priority.objects.filter(slug="workforce")} == {lines["Workforce"]}
    assert {entry.line_id for entry in Priority.objects.filter(slug="data")} == {lines["Data"]}
    said = run(2032, write(SHORT))
    assert "priority   new        Workforce (continues 2031)" in said
    assert "priority   new        Data: Keeping it well.\n" in said, "it was not on the list before"
    assert "challenge  new        Shadow IT (continues 2029)" in said, "the newest list of challenges that has any"


def test_a_line_that_the_list_has_already_is_not_given_twice(write):
    run(2030, write(SHORT))
    run(2031, write(SHORT))
    Priority.objects.filter(annual_list__edition__year=2031, slug="data").update(title="Records", slug="records")
    said = run(2031, write("Priorities\n- Data – Keeping it well.\n- Records – All of them.\n"))
    assert "priority   new        Data: Keeping it well.\n" in said


def test_a_csv_brings_plain_words_and_a_paste_after_it_keeps_them(write):
    csv = "kind,title,description,in_plain_words,more\npriority,Data,Keeping it well.,The files.,Disks\n"
    csv += "challenge,Shadow IT,What nobody told us of.,Secret tools.,Ask first\n"
    run(2031, write(csv, "list.csv"))
    assert Priority.objects.get().for_leaders == "Disks"
    assert Challenge.objects.get().for_leaders == "Ask first"
    run(2031, write(SHORT))
    data = Priority.objects.get(slug="data")
    assert (data.in_plain_words, data.for_leaders) == ("The files.", "Disks")


def test_titles_alone_come_in_and_keep_the_meanings_that_are_there(write):
    run(2031, write(SHORT))
    run(2031, write("Priorities\n1. Workforce\n2. Data\n3. Cloud\n"))
    assert dict(Priority.objects.values_list("title", "description")) == {
        "Workforce": "Finding people.",
        "Data": "Keeping it well.",
        "Cloud": "",
    }
    issues = [str(issue.what) for issue in Edition.objects.get(year=2031).readiness_issues()]
    assert any(issue.startswith("1 of 3 priorities have no meaning yet") for issue in issues)


def test_an_option_says_the_kind_of_a_list_without_heading(write):
    run(2031, write("Rank\tPriority\tDescription\n1\tData\tKeep it.\n"), "--kind", "challenges")
    assert titles(Kind.CHALLENGES, 2031) == ["Data"]


def test_what_is_left_out_is_said_and_what_may_be_an_entry_stops_the_import(write):
    file = write("Priorities\n- Data – Keep it.\nStaff only\n- Cloud – Rent it.\n\nRegards,\nAda\n")
    assert "line 6: “Regards,”" in run(2031, file, "--dry-run")
    with pytest.raises(CommandError, match="Line 3: Is “Staff only” an entry or a heading"):
        run(2031, file)
    assert "line 7: “Ada”" in run(2031, file, "--leave-out")
    assert titles(Kind.PRIORITIES, 2031) == ["Data", "Cloud"]


@pytest.mark.parametrize("indent", ["", "   "])
def test_an_entry_of_last_year_within_a_meaning_stops_the_import(write, indent):
    run(2030, write(SHORT))
    file = write(f"Priorities\n1. Cloud\n{indent}- Data\n{indent}- Maps\n2. Paper\n")
    assert "Data” an entry? It is read as part of the meaning" in run(2031, file, "--dry-run")
    with pytest.raises(CommandError, match="Data” an entry"):
        run(2031, file)
    run(2031, file, "--leave-out")
    assert Priority.objects.get(slug="cloud").description == "Data; Maps"


SPLIT_TITLES = (
    "1. Continuity and\nRecovery\n2. Innovation and Smart City\nPrograms\n3. Data\n",
    "☐ Innovation and Smart City   Programs\n☐ Continuity and Recovery\n☐ Data\n",
)


@pytest.mark.parametrize("pasted", SPLIT_TITLES)
def test_a_short_text_that_may_end_a_title_stops_the_import(write, pasted):
    with pytest.raises(CommandError, match=r"Programs” an entry.* the end of a title"):
        run(2031, write(f"Priorities\n{pasted}"))
    assert not Edition.objects.exists()


@pytest.mark.parametrize(
    "pasted",
    [
        "- Data – Sharing\n- Cloud – Rented\n- Paper – Gone\n",
        "1. Data\nSharing of all that we know and keep\n2. Cloud\nRent it.\n",
        "- Data\n  Sharing between agencies, and with residents\n- Data Sharing – Both.\n",
    ],
)
def test_a_meaning_with_a_sign_or_of_a_sentence_is_no_end_of_a_title(write, pasted):
    run(2030, write("Priorities\n- Data Sharing – To give.\n"))
    run(2031, write(f"Priorities\n{pasted}"))
    assert titles(Kind.PRIORITIES, 2031)[0] == "Data"


def test_history_says_that_the_import_did_it(write):
    run(2031, write(SHORT))
    events = Entry.pgh_event_model.objects
    assert {event.pgh_context["reason"] for event in events.all()} == {"import_list list.txt"}


def test_an_edition_that_is_open_or_later_is_refused(write):
    run(2031, write(SHORT))
    edition = open_edition(Edition.objects.get(year=2031))
    changed = write(SHORT.replace("well", "badly"))
    for phase in ("open", "closed", "published"):
        with pytest.raises(CommandError, match=phase) as refused:
            run(2031, changed)
        assert "nothing was changed" in str(refused.value)
        assert "Line " in str(refused.value)
        if phase == "open":
            edition = closed(edition)
        elif phase == "closed":
            publish(edition)
    assert Priority.objects.get(slug="data").description == "Keeping it well."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "No line is the heading"),
        ("Just a paragraph about nothing.", "No line is the heading"),
        ("Priorities\n- Data\n\nThe dark side\n- Staff\n", "Line 4"),
        ("Priorities\n1. Data\n2. Cloud\n1. Staff\n", "Line 4"),
        ("- Data – Well.\n", "Are these priorities or challenges?"),
        ("Priorities\n- Data – Well.\n- Data – Again.\n", "Line 3"),
        ("Priorities\n- Da\x00ta – Well.\n", "control character"),
        ("Priorities\n- " + "x" * 121 + " – Well.\n", "Line 2"),
        ("kind,title\npriority,Data\n", "description"),
        ("kind,title,description\nwish,Data,Well.\n", "Line 2"),
        ("kind,title,description\npriority,Data\n", "Line 2"),
        (b"Priorities\n- Data \x96 Well.\n", "Line 2"),
        (b"\xff\xfe\x00", "UTF-16"),
        (b"PK\x03\x04" + bytes(range(256)), ""),
    ],
)
def test_a_list_that_cannot_be_read_is_refused_by_its_line(write, text, said):
    with pytest.raises(CommandError) as refused:
        run(2031, write(text))
    assert "is refused, nothing was changed" in str(refused.value)
    assert said in str(refused.value)
    assert not Edition.objects.exists()


def test_a_refused_list_changes_nothing_of_what_is_there(write):
    run(2031, write(SHORT))
    with pytest.raises(CommandError):
        run(2031, write(SHORT.replace("Keeping it well.", "Changed.") + "- – Broken\n"))
    assert Priority.objects.get(slug="data").description == "Keeping it well."


def test_a_file_that_is_missing_or_no_file_is_named(tmp_path):
    for path in (tmp_path / "nowhere.txt", tmp_path):
        with pytest.raises(CommandError, match="cannot be read"):
            run(2031, path)


def test_a_huge_file_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(5_000_000_000)
    with pytest.raises(CommandError, match="more than 1,000,000 bytes"):
        run(2031, path)


@pytest.mark.parametrize("year", ["1965", "2201", "0", "99999999999", "2030.5", "next", ""])
def test_a_year_of_no_list_is_refused(write, year):
    with pytest.raises(CommandError):
        run(year, write(SHORT))
    assert not Edition.objects.exists()
