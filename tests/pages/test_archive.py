"""The archive of an edition."""

from __future__ import annotations

import csv
import io
import re
import zipfile

from django.db import connection
from django.test.utils import CaptureQueriesContext

from mixportal.editions.models import Entry, Erratum, Kind
from mixportal.notes.models import Note
from mixportal.proposals.models import Proposal
from tests.challenges.conftest import DATA, answer
from tests.priorities.conftest import priority, tell
from tests.worlds import closed, entry_of, make_edition, rank


def files(client, edition) -> dict[str, list[dict[str, str]]]:
    answer = client.get(f"/{edition.year}/archive.zip")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/zip"
    assert "no-store" in answer["Cache-Control"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {
            name.rpartition("/")[2]: list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))
            for name in archive.namelist()
        }


def test_a_published_edition_has_all_of_it(phases, sign_in):
    Erratum.objects.create(edition=phases.published, body="=1+1", added_by=phases.curator)
    found = files(sign_in(phases.curator), phases.published)
    assert set(found) == {
        "edition.csv", "turnout.csv", "errata.csv", "columns.csv", "proposals.csv", "investments.csv", "hindrances.csv",
        *(f"{kind}{part}.csv" for kind in ("priorities", "challenges") for part in ("", "-corrections", "-notes", "-results", "-ballots")),
    }  # fmt: skip
    assert found["edition.csv"][0]["phase"] == "published"
    assert found["turnout.csv"][0]["kind"] == "County"
    assert {row["cast priorities"] for row in found["turnout.csv"]} == {"yes"}
    assert [row["title"] for row in found["priorities.csv"]][:2] == ["Cybersecurity", "Workforce"]
    assert found["priorities-ballots.csv"][0]["government"] == "Halloran County"
    assert found["priorities-ballots.csv"][0]["Citizen Engagement"] == "1"
    assert len(found["priorities-results.csv"]) == 8
    assert found["errata.csv"][0]["erratum"] == "'=1+1", "no spreadsheet runs it"


def test_members_get_the_same_archive_as_curators(phases, sign_in):
    assert files(sign_in(phases.member_b), phases.published) == files(sign_in(phases.curator), phases.published)


def test_it_holds_the_notes_that_the_viewer_may_read(phases, sign_in):
    def write(user, body, kind="note", audience="members", reply_to=None):
        return Note.write(entry=entry_of(2030), user=user, kind=kind, body=body, audience=audience, reply_to=reply_to)

    write(phases.member_a, "For the government.", audience="government")
    write(phases.member_a, "Sealed.", kind="reason")
    write(phases.member_b, "An answer.", reply_to=write(phases.member_a, "For the members."))
    found = {
        who: [(row["text"], row["answers"]) for row in files(sign_in(user), phases.open)["priorities-notes.csv"]]
        for who, user in (("own", phases.delegate_a), ("other", phases.member_b), ("curator", phases.curator))
    }
    shared = [("For the members.", ""), ("An answer.", "Port Merrow County")]
    assert found["other"] == found["curator"] == shared
    assert found["own"] == [("For the government.", ""), ("Sealed.", ""), *shared]


def test_it_holds_the_proposals_investments_and_hindrances_that_the_viewer_may_read(world, sign_in):
    draft = make_edition(2031)
    proposal = Proposal.propose(
        annual_list=draft.list_of(Kind.CHALLENGES), user=world.member_a, title="Drones", description="Fly them."
    )
    proposal.support(world.member_b, "")
    [row] = files(sign_in(world.curator), draft)["proposals.csv"]
    assert (row["list"], row["title"], row["status"]) == ("challenges", "Drones", "waiting")
    assert (row["government"], row["supported by"]) == ("Port Merrow County", "Halloran County")
    data = priority(world.edition, "Data")
    tell(world.member_a, data, status="planned", audience="government")
    tell(world.member_b, data, status="in_place", audience="members")
    answer(world.member_a, world.edition, DATA)

    def rows(user, name: str) -> list[tuple[str, ...]]:
        return [tuple(row.values())[:3] for row in files(sign_in(user), world.edition)[f"{name}.csv"]]

    others = ("Halloran County", "Data", "In place")
    assert rows(world.member_a, "investments") == [others, ("Port Merrow County", "Data", "Planned")]
    assert rows(world.member_b, "investments") == rows(world.curator, "investments") == [others]
    marked = [("Port Merrow County", "Shadow IT", "Data")]
    assert rows(world.member_a, "hindrances") == marked
    assert rows(world.member_b, "hindrances") == rows(world.curator, "hindrances") == []
    closed(world.edition)
    assert rows(world.member_b, "hindrances") == rows(world.curator, "hindrances") == marked


def test_each_explanation_can_be_read_alone(phases, sign_in):
    for row in files(sign_in(phases.curator), phases.published)["columns.csv"]:
        assert not re.match("Likewise|Of the|That wrote", row["what it says"]), row


def test_every_column_is_explained(phases, sign_in):
    found = files(sign_in(phases.curator), phases.published)
    explained = {(row["file"], row["column"]) for row in found["columns.csv"] if row["what it says"]}
    assert len(explained) == len(found["columns.csv"])
    assert explained == {
        (name, column) for name, rows in found.items() if rows and name != "columns.csv" for column in rows[0]
    } | {(row["file"], row["column"]) for row in found["columns.csv"] if not found[row["file"]]}


def test_an_open_edition_says_who_has_cast_and_nothing_that_is_sealed(world, sign_in):
    rank(world.edition, world.member_a, "Data", "Workforce")
    curator = sign_in(world.curator)
    before = files(curator, world.edition)
    assert not any("results" in name or "ballots" in name for name in before)
    assert {row["government"]: row["cast priorities"] for row in before["turnout.csv"]} == {
        "Port Merrow County": "yes",
        "Halloran County": "no",
    }
    rank(world.edition, world.member_a, "Workforce", "Data")
    assert files(curator, world.edition) == before


def test_after_the_close_it_holds_the_ballots_that_count_in_the_order_that_was_cast(world, sign_in):
    rank(world.edition, world.member_a, "Data", "Workforce")
    rank(world.edition, world.member_a, "Workforce", "Data", action="save")
    rank(world.edition, world.member_b, "Workforce", action="save")
    closed(world.edition)
    for user in (world.curator, world.member_b, world.member_a):
        [ballot] = files(sign_in(user), world.edition)["priorities-ballots.csv"]
        assert (ballot["government"], ballot["Data"], ballot["Workforce"]) == ("Port Merrow County", "1", "2")


def test_a_correction_is_in_it_with_both_texts(world, sign_in):
    entry = world.edition.list_of(Kind.PRIORITIES).entries.get(slug="data")
    entry.correct(reason="A typo.", title="Data, well kept")
    row = files(sign_in(world.curator), world.edition)["priorities-corrections.csv"][0]
    assert (row["field"], row["reason"], row["before"], row["after"]) == ("title", "A typo.", "Data", "Data, well kept")


def test_the_archive_asks_as_often_for_a_long_list_as_for_a_short_one(phases, sign_in):
    curator = sign_in(phases.curator)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            curator.get("/2031/archive.zip")
        return len(queries)

    asked()
    before = asked()
    phases.drafting.list_of(Kind.PRIORITIES).add_entries(
        Entry(title=f"T{n}", slug=f"t-{n}", description="d", position=n) for n in range(20, 60)
    )
    assert asked() == before
