"""The command import_ballots reads what ballots.csv writes, all rows or none."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client

from mixportal.ballots.models import Ballot, Placement
from mixportal.ballots.paper_entry import PaperImport
from mixportal.editions.models import Edition, Kind, slug_for
from mixportal.mail.models import Mail
from tests.reading import said
from tests.worlds import CHALLENGES, PRIORITIES, closed, make_edition, open_edition, rank, seat_governments

SLUGS = [slug_for(title) for title in PRIORITIES]
HEADER = ",".join(["government", *SLUGS])


@pytest.fixture
def load(world, tmp_path):
    """Return a function that imports rows such as "port,1,,2" and returns the output."""

    def run(*rows: str, header: str = HEADER, kind: str = "priorities", year: int = 2030, data: bytes = b"", **options):
        path = tmp_path / "paper.csv"
        path.write_bytes(data or "\n".join([header, *rows]).encode())
        told = StringIO()
        call_command("import_ballots", year, kind, path, stdout=told, **({"by": "curator@mix.example"} | options))
        return told.getvalue()

    return run


def row(government: str, *places: object) -> str:
    cells = [*places, *[""] * (len(SLUGS) - len(places))]
    return ",".join([government, *map(str, cells)])


PORT, HALLORAN = row("port-merrow-county", 2, 1, "", 2), row("Halloran County", "", 7, 3)


def counted(government) -> dict[str, int]:
    return Ballot.objects.with_placements().get(government=government).counted


def refusal(load, *rows: str, **options) -> str:
    with pytest.raises(CommandError) as refused:
        load(*rows, **options)
    assert not Ballot.objects.filter(entered_by__isnull=False).exists()
    return str(refused.value)


def test_rows_are_cast_by_the_curator_for_governments_named_by_slug_or_name(load, world):
    told = load(PORT, HALLORAN, reason="paper ballots of June 3")
    assert "Imported: 2 entered." in told
    assert counted(world.port) == {"workforce": 1, "cybersecurity": 2, "governance": 2}
    assert counted(world.halloran) == {"data": 1, "workforce": 2}  # gaps are closed up
    ballot = Ballot.objects.get(government=world.port)
    assert (ballot.cast_by, ballot.entered_by, ballot.entered_reason) == (
        world.curator, world.curator, "paper ballots of June 3",
    )  # fmt: skip
    assert ballot.version == 1


def test_the_history_says_who_entered_what_for_whom(load, world):
    load(PORT, reason="by phone")
    event = Ballot.objects.get(government=world.port).events.order_by("-pgh_id").first()
    assert event.pgh_context["reason"] == "ballot from outside, entered by Cora Curator: by phone"
    assert event.pgh_context["user"] == world.curator.pk
    assert (event.government, event.entered_by) == (world.port, world.curator)


def test_each_government_is_told_by_mail_and_the_order_is_not_in_it(load, world):
    load(PORT, HALLORAN, reason="by phone")
    mails = Mail.objects.filter(kind="ballot_entered")
    assert {mail.to for mail in mails} == {"rosa@port.example", "ines@port.example", "ben@halloran.example"}
    for mail in mails:
        assert "Cora Curator" in mail.text
        assert "by phone" in mail.text
        assert "orkforce" not in mail.subject + mail.text + mail.html


def test_a_repeat_changes_nothing_and_tells_nobody(load, world):
    load(PORT, HALLORAN)
    before = list(Placement.objects.order_by("pk").values())
    mails = Mail.objects.count()
    assert "Imported: 2 unchanged." in load(PORT, HALLORAN)
    assert list(Placement.objects.order_by("pk").values()) == before
    assert Ballot.objects.get(government=world.port).version == 1
    assert Mail.objects.count() == mails


def test_a_corrected_row_replaces_what_was_entered_before(load, world):
    load(PORT)
    assert "entered    Port Merrow County" in load(row("port-merrow-county", 1, 2))
    assert counted(world.port) == {"cybersecurity": 1, "workforce": 2}


def test_a_government_that_has_cast_itself_is_refused(load, world):
    rank(world.edition, world.member_a, "Data", "Workforce")
    told = refusal(load, HALLORAN, PORT)
    assert "Line 3: Port Merrow County has cast its ballot itself." in told
    assert counted(world.port) == {"data": 1, "workforce": 2}
    assert not Ballot.objects.filter(government=world.halloran).exists()  # all or nothing


def test_whether_what_is_entered_equals_what_is_sealed_is_not_told(load, world):
    """Otherwise a curator could guess a sealed ballot and compare."""
    same = row("port-merrow-county", 1, 2)
    rank(world.edition, world.member_a, "Cybersecurity", "Workforce")
    assert "has cast its ballot itself" in refusal(load, same)
    assert Ballot.objects.get().entered_by is None


def test_the_database_refuses_a_paper_ballot_over_a_cast_one(world):
    ballot = rank(world.edition, world.member_a, "Data")
    entered = {"entered_by": world.curator, "cast_by": world.curator, "entered_reason": "paper"}
    with pytest.raises(IntegrityError, match="none can be entered over it"), transaction.atomic():
        Ballot.objects.filter(pk=ballot.pk).update(**entered)


def test_what_a_government_has_saved_and_not_cast_stays_its_working_order(load, world):
    rank(world.edition, world.member_a, "Data", "Governance", action="save")
    load(PORT)
    ballot = Ballot.objects.with_placements().get(government=world.port)
    assert ballot.working == {"data": 1, "governance": 2}
    assert ballot.counted == {"workforce": 1, "cybersecurity": 2, "governance": 2}
    assert ballot.has_edits_since_cast


def test_what_the_export_writes_comes_in_again(world, load, sign_in):
    """The export of a closed year is cast again in an open one."""
    for member, titles in zip(
        [world.member_a, *seat_governments(3)],
        (PRIORITIES, PRIORITIES[::-1], PRIORITIES[2:5], PRIORITIES[:1]),
        strict=True,
    ):
        rank(world.edition, member, *titles)
    closed(world.edition)
    exported = sign_in(world.member_a).get("/2030/priorities/ballots.csv").content
    open_edition(make_edition(2032))
    assert "Imported: 4 entered." in load(data=exported, year=2032)
    then, now = (
        Ballot.objects.filter(annual_list__edition__year=year).with_placements().by_government()
        for year in (2030, 2032)
    )
    assert [ballot.counted for ballot in then] == [ballot.counted for ballot in now]


def test_a_dry_run_says_the_same_and_changes_nothing(load):
    told = load(PORT, HALLORAN, dry_run=True)
    assert "Would import: 2 entered. Nothing was changed." in told
    assert not Ballot.objects.exists()
    assert not Mail.objects.exists()


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([row("atlantis", 1)], "Line 2: government: There is no government “atlantis”"),
        ([row("", 1)], "Line 2: government: this cell is empty"),
        ([PORT, row("port-merrow-county", 1)], "Line 3: government: Port Merrow County is on line 2 already."),
        ([row("port-merrow-county")], "Line 2: Nothing is ranked for Port Merrow County: that is no ballot."),
        ([row("port-merrow-county", "first")], "Line 2: cybersecurity: “first” is no place"),
        ([row("port-merrow-county", 0)], "Line 2: cybersecurity: “0” is no place"),
        ([row("port-merrow-county", -1)], "Line 2: cybersecurity: “-1” is no place"),
        ([row("port-merrow-county", "1.5")], "“1.5” is no place"),
        ([row("port-merrow-county", "１")], "“１” is no place"),
        ([row("port-merrow-county", "9999")], "“9999” is no place"),
        ([row("port-merrow-county", "9")], "“9” is no place among 8; write a whole number from 1 to 8"),
        (["port-merrow-county,1"], "Line 2: This row has 2 cells; the header has 9."),
        (['port-merrow-county,"1'], "Line 2: This row cannot be read"),
        ([], "The file has a header and no rows."),
    ],
)
def test_every_refusal_names_line_and_reason(load, rows, says):
    assert says in refusal(load, *rows)


def test_all_that_is_wrong_is_said_at_once(load):
    told = refusal(load, row("atlantis", 1), PORT, row("elsewhere", 1))
    assert "Line 2: government: There is no government “atlantis”" in told
    assert "Line 4: government: There is no government “elsewhere”" in told


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("name," + ",".join(SLUGS), "Line 1: The column “government” is missing."),
        ("", "Line 2: The column “government” is missing."),  # the first line that is not blank
        (HEADER.replace("data", "dta"), "Line 1: There is no column “dta”; the columns are government, cybersecurity"),
        (HEADER.replace(",data", ""), "Line 1: The column “data” is missing."),
        (HEADER.replace("data", "workforce"), "Line 1: The column “workforce” is here 2 times."),
    ],
)
def test_the_header_names_every_entry_of_the_list_once(load, header, says):
    assert says in refusal(load, PORT, header=header)


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"government,\x00", b"\xe9", b"x" * 1_000_001, b"", b"\n\n"])
def test_what_is_no_such_file_is_refused_in_words(load, data):
    assert "is refused, nothing was changed." in refusal(load, data=data or b" ")


def test_semicolons_a_byte_order_mark_and_neutralised_names_are_read(load, world):
    world.port.name = "=Port"
    world.port.save()
    text = "\ufeff" + HEADER.replace(",", ";") + "\r\n" + row("'=Port", 1).replace(",", ";") + "\r\n"
    assert "Imported: 1 entered." in load(data=text.encode())


def test_a_government_without_a_seat_is_refused(load, world):
    world.port.seat = None
    world.port.save()
    assert "Line 2: Port Merrow County holds no seat" in refusal(load, PORT)


def test_only_an_open_edition_takes_ballots(load, world):
    make_edition(2031)
    assert "The ballots of 2031 are not open" in refusal(load, PORT, year=2031)
    assert "There is no edition of 2099" in refusal(load, PORT, year=2099)
    closed(world.edition)
    assert "The ballots of 2030 are not open" in refusal(load, PORT)


def test_a_close_that_comes_while_entering_refuses_every_row(world):
    from mixportal.tables.reader import TableError

    stale = world.edition
    Edition.objects.get(pk=stale.pk).close_now()
    with pytest.raises(TableError, match="Line 2: The ballots of 2030 are not open"):
        PaperImport(stale.list_of(Kind.PRIORITIES), "\n".join([HEADER, PORT]), world.curator, reason="paper").apply(
            reason="x"
        )
    assert not Ballot.objects.exists()


def test_somebody_must_have_entered_them(load, world):
    assert "Say which curator" in refusal(load, PORT, by=None)
    assert "no curator with the address rosa@port.example" in refusal(load, PORT, by="rosa@port.example")
    assert "no curator with the address gone@mix.example" in refusal(load, PORT, by="gone@mix.example")
    world.bare_staff.is_active = False
    world.bare_staff.save()
    assert "Imported: 1 entered." in load(PORT, by=None)  # there is only one


def test_both_kinds_take_ballots(load, world):
    header = ",".join(["government", *map(slug_for, CHALLENGES)])
    load("port-merrow-county,3,1,2", header=header, kind="challenges")
    ballot = Ballot.objects.with_placements().get(government=world.port)
    assert ballot.counted == {"it-governance": 1, "expanding-portfolios": 2, "shadow-it": 3}


def test_the_governments_page_says_that_a_curator_entered_it_until_they_cast_themselves(load, world, sign_in):
    load(PORT, reason="by phone")
    client: Client = sign_in(world.delegate_a)
    told = said(client.get("/2030/priorities/ballot/"), "entered")
    assert told == "A curator entered it for you: Cora Curator, by phone."
    rank(world.edition, world.member_a, "Workforce", ("Cybersecurity", "Governance"))  # the same order, now their own
    assert said(client.get("/2030/priorities/ballot/"), "entered") == ""
    ballot = Ballot.objects.get(government=world.port)
    assert (ballot.cast_by, ballot.entered_by, ballot.entered_reason) == (world.member_a, None, "")
    assert "has cast its ballot itself" in refusal(load, PORT)


def test_an_entered_ballot_may_be_withdrawn_and_counts_until_then(load, world):
    load(PORT)
    assert Ballot.objects.cast().count() == 1
    rank(world.edition, world.member_a, "Workforce", action="uncast")
    ballot = Ballot.objects.get(government=world.port)
    assert (ballot.cast_at, ballot.entered_by) == (None, None)
