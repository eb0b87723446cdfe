"""History pages show who did what, when and why, and leave out what is sealed."""

from __future__ import annotations

import csv
import io
import re

import pghistory
import pgtrigger
import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from challenges.models import Challenge, HindranceResponse
from members.models import Government, User
from members.preferences import MailPreference
from mixportal.changes.histories import HISTORIES, NOUNS
from mixportal.editions.models import Edition, Kind, Lineage
from mixportal.notes.models import Endorsement, Note
from mixportal.web_role import event_models
from priorities.models import Priority
from tests.curating import change
from tests.proposals.proposing import propose
from tests.reading import page, text
from tests.worlds import closed, entry_of, make_edition, rank

PORT = "/governments/port-merrow-county/history/"
RECORD = "/admin/record/"


@pytest.fixture
def curator(world, sign_in):
    return sign_in(world.curator)


def deeds(answer) -> list[str]:
    """Return each action on a page as text, with its reason and its details, without its time and buttons."""
    assert answer.status_code == 200
    items = [item for item in page(answer).iter("li") if item.get("data-testid") == "deed"]
    return [re.sub(r" (?=[.,])| Undo\b", "", text(item.find("div"))) for item in items]


def rank_as(user: User, edition: Edition, *titles: str, action: str = "cast", kind: Kind = Kind.PRIORITIES) -> None:
    """Rank in a request of its own."""
    with pghistory.context(user=user.pk):
        rank(edition, user, *titles, action=action, kind=kind)


def test_every_tracked_table_says_how_its_history_is_shown():
    told = [history.model for history in HISTORIES]
    tracked = {event.pgh_tracked_model for event in event_models()}
    assert tracked - {Endorsement, MailPreference} == set(told)  # a note shows its endorsements, a person's page theirs
    assert len(told) == len(set(told))


@pytest.mark.parametrize("history", HISTORIES, ids=lambda history: history.key)
def test_each_field_that_may_change_is_called_by_a_noun(history):
    kept = {"created_at", "added_at", "added_by", "body", "reply_to", "computed_at"}  # from the first on
    kept |= {"created_by", "invited_by", "proposed_at", "proposed_by", "supported_at", "supported_by"}
    named = [
        NOUNS.get(field.name, str(field.verbose_name)) for field in history.fields.values() if field.name not in kept
    ]
    assert [name for name in named if re.search(r"\b(at|by|because|from|to|in)$|^(shows|is|has|for|in) ", name)] == []


def test_what_is_withdrawn_hidden_or_ended_is_said_by_the_verb(curator, world):
    note = Note.write(entry=entry_of(2030), user=world.member_a, kind="question", body="Who?", audience="members")
    with pghistory.context(user=world.curator.pk):
        note.hide(world.curator, reason="Not kind")
    with pghistory.context(user=world.member_a.pk):
        User.objects.filter(pk=world.member_a.pk).update(phone="555", shows_email=True)
    found = " ".join(deeds(curator.get(RECORD)))
    assert "Rosa Delgado changed the phone and visibility of the e-mail address of the person Rosa Delgado." in found
    assert "Cora Curator hid Port Merrow County’s 2030 note on the priority Data" in found
    assert "Data to" not in found


def test_an_objects_history_says_who_changed_what_from_what_to_what(curator, world):
    answer = change(curator, world.port, population="310000")
    assert answer.status_code == 302
    first, second = deeds(curator.get(f"/admin/members/government/{world.port.pk}/history/"))
    assert first == (
        "Cora Curator changed the population of the government Port Merrow County from 300,000 to 310,000."
    )
    assert second.startswith("The portal added the government Port Merrow County. Details Name Port Merrow County ")
    assert "State North Carolina" in second


def test_an_objects_history_says_why(curator, world):
    with pghistory.context(user=world.curator.pk, reason="the census of 2030"):
        Government.objects.filter(pk=world.port.pk).update(it_structure="federated", website="https://port.example")
    found = deeds(curator.get(f"/admin/members/government/{world.port.pk}/history/"))
    assert found[0] == (
        "Cora Curator changed the IT structure and website of the government Port Merrow County."
        " Reason: the census of 2030 Details IT structure Before: nothing After: Federated"
        " Website Before: nothing After: https://port.example"
    )


def test_the_record_tells_of_people_editions_entries_lineage_and_a_curators_powers(curator, world):
    entry = Priority.objects.get(title="Data")
    with pghistory.context(user=world.curator.pk):
        entry.correct(reason="a typo", description="Data, well kept.")
    group = Group.objects.create(name="Editors")
    with pghistory.context(user=world.curator.pk):
        world.bare_staff.groups.add(group)
    with pghistory.context(user=world.curator.pk):
        world.bare_staff.groups.remove(group)
    with pghistory.context(user=world.curator.pk):
        User.objects.filter(pk=world.delegate_a.pk).update(role="none", government=None)
    found = deeds(curator.get(RECORD))
    for start in (
        "Cora Curator corrected the description of the 2030 priority Data. Reason: a typo Details"
        " Description Before: What Data means to a CIO. After: Data, well kept.",
        "Cora Curator added the group of the curator Bare Staff. Details User Bare Staff Group Editors",
        "Cora Curator removed the group of the curator Bare Staff. Details User Bare Staff Group Editors",
        "Cora Curator changed the government and role of the person Ines Marchetti. Details"
        " Government Before: Port Merrow County After: nothing Role Before: Delegate After: None",
    ):
        assert any(each.startswith(start) for each in found), start
    assert "added the edition 2030" in found[-1]


def test_the_record_tells_two_lines_of_one_name_apart_by_their_years(curator, world):
    """A line that was given up has no entry left that could name it."""
    kept, given_up = entry_of(2030), make_edition(2031).list_of(Kind.PRIORITIES).entries.get(slug="data")
    kept.line.join(given_up.line, reason="the same")
    changed = "changed the line of the 2031 priority Data from"
    [joined, *_] = deeds(curator.get(RECORD))
    assert joined.endswith(f"{changed} a line of its own to Data, 2030–2031. Reason: the same")
    kept.line.separate(2031, reason="another thing")
    [separated, joined, *_] = deeds(curator.get(RECORD))
    assert separated.endswith(f"{changed} Data, 2030 to Data, 2031. Reason: another thing")
    assert joined.endswith(f"{changed} a line of its own to Data, 2030. Reason: the same")


def test_the_record_names_what_is_no_longer_there(curator, world):
    draft = make_edition(2031)
    proposal = propose(draft, world.member_a)
    later = draft.list_of(Kind.PRIORITIES).entries.get(slug="data")
    link = Lineage(later=later, earlier=entry_of(2030), type="split")
    for change_it in (
        lambda: proposal.support(world.member_b),
        lambda: proposal.take_back(world.member_b),
        link.save,
        link.delete,
        later.delete,
    ):
        with pghistory.context(user=world.member_b.pk):
            change_it()
    found = deeds(curator.get(RECORD))
    for did, what in (
        ("removed", "Halloran County’s support of the proposal Digital Accessibility"),
        ("added", "Halloran County’s support of the proposal Digital Accessibility"),
        ("added", "the 2031 lineage of the priority Data. Details"),
        ("removed", "the 2031 lineage of the priority Data. Details"),
        ("removed", "the 2031 priority Data."),
    ):
        assert any(f"{did} {what}" in each for each in found), (did, what)


def test_the_record_is_filtered_by_what_who_and_when(curator, world):
    with pghistory.context(user=world.member_a.pk):
        User.objects.filter(pk=world.member_a.pk).update(title="CIO")
    assert deeds(curator.get(RECORD, {"who": "delgado"})) == [
        "Rosa Delgado changed the title of the person Rosa Delgado to CIO."
    ]
    assert deeds(curator.get(RECORD, {"who": "delgado", "what": "members.government"})) == []
    (made,) = deeds(curator.get(RECORD, {"what": "members.government"}))
    assert made.startswith("The portal added 2 governments. Details")
    assert deeds(curator.get(RECORD, {"until": "2020-01-01"})) == []
    assert deeds(curator.get(RECORD, {"since": "2020-01-01", "who": "delgado"})) != []


@pytest.mark.parametrize(
    "query", ["what=nothing", "since=never", "until=2030-99-01", "who=%00", "page=-1", "page=x", "page=99999999999"]
)
def test_a_filter_that_makes_no_sense_is_left_out(curator, sign_in, world, query):
    for client, url in ((curator, RECORD), (sign_in(world.member_a), PORT)):
        answer = client.get(f"{url}?{query}")
        assert answer.status_code == 200
        assert deeds(answer) != []
        assert ("makes no sense" in answer.content.decode()) is not query.startswith("page")


def test_pages_of_the_record_follow_one_another(curator, world):
    for number in range(120):
        with pghistory.context(user=world.curator.pk):
            Government.objects.filter(pk=world.port.pk).update(population=400_000 + number)
    seen: list[str] = []
    url = f"{RECORD}?what=members.government"
    for expected in (50, 50, 21):
        answer = curator.get(url)
        found = deeds(answer)
        assert len(found) == expected
        seen += found
        older = [each.get("href") for each in page(answer).iter("a") if text(each) == "Older"]
        url = f"{RECORD}{older[0]}" if older else ""
    assert url == ""
    assert len(set(seen)) == 121
    assert deeds(curator.get(f"{RECORD}?page=9999")) != []


def test_a_curator_reads_of_what_the_permissions_cover(world, sign_in):
    client = sign_in(world.bare_staff)
    assert client.get(RECORD).status_code == 403
    world.bare_staff.user_permissions.add(Permission.objects.get(codename="view_government"))
    found = deeds(client.get(RECORD))
    assert found
    assert all("government" in each for each in found)
    assert not any("@" in each for each in found)


# What is sealed


def test_of_an_open_ballot_others_learn_that_it_was_cast_and_no_more(world, sign_in, curator):
    rank_as(world.member_a, world.edition, "Data", "Workforce", action="save")
    assert not any("ballot" in each for each in deeds(curator.get(RECORD)))
    rank_as(world.member_a, world.edition, "Data", "Workforce")
    cast = [each for each in deeds(curator.get(RECORD)) if "ballot" in each]
    assert cast == ["Rosa Delgado cast Port Merrow County’s 2030 ballot of priorities."]
    rank_as(world.member_a, world.edition, "Workforce", "Data")
    rank_as(world.member_a, world.edition, "Workforce", action="save")
    assert [each for each in deeds(curator.get(RECORD)) if "ballot" in each] == cast
    rank_as(world.member_a, world.edition, action="uncast")
    assert len([each for each in deeds(curator.get(RECORD)) if "withdrew" in each]) == 1
    assert not any("place" in each or "ranked" in each for each in deeds(curator.get(PORT)))


def test_after_the_close_curators_read_the_steps_of_a_ballot_and_still_no_placement(world, curator):
    for order in (("Data", "Workforce"), ("Workforce", "Data")):
        rank_as(world.member_a, world.edition, *order)
    closed(world.edition)
    steps = [each for each in deeds(curator.get(RECORD)) if "ballot of priorities" in each]
    assert [step.split(" Port ")[0] for step in steps] == ["Rosa Delgado recast", "Rosa Delgado began"]
    for url in (RECORD, PORT):
        assert not any("place" in each or "ranked" in each for each in deeds(curator.get(url)))
    assert "cast place" not in curator.get(f"{PORT[:-1]}.csv").content.decode()


def test_a_government_reads_its_own_placements(world, sign_in):
    client = sign_in(world.delegate_a)
    client.post("/2030/priorities/ballot/", {"version": 0, "rank-data": 2, "rank-workforce": 1, "action": "cast"})
    client.post("/2030/priorities/ballot/", {"version": 1, "rank-data": 1, "rank-workforce": 2, "action": "save"})
    saved, cast, _ = deeds(client.get(PORT))
    assert saved == (
        "Ines Marchetti saved Port Merrow County’s 2030 ballot of priorities, and moved 2 priorities. Details"
        " Moved priority Workforce Place Before: 1 After: 2"
        " Moved priority Data Place Before: 2 After: 1"
    )
    assert cast.startswith("Ines Marchetti began Port Merrow County’s 2030 ballot of priorities,")
    (moves, ranks) = deeds(client.get(PORT, {"what": "ballots.placement"}))
    assert moves.startswith("Ines Marchetti moved 2 priorities on Port Merrow County’s 2030 ballot.")
    assert ranks.startswith("Ines Marchetti ranked 2 priorities on Port Merrow County’s 2030 ballot.")


def test_nobody_else_reads_of_hindrances_before_the_close(world, sign_in, curator):
    for version, marked in enumerate([{("shadow-it", "data")}, {("shadow-it", "workforce")}]):
        with pghistory.context(user=world.member_a.pk):
            HindranceResponse.record(
                edition=world.edition, government=world.port, user=world.member_a, marked=marked, version=version
            )

    def about_hindrances(client, url: str) -> list[str]:
        return [each for each in deeds(client.get(url)) if "hindrance" in each]

    own = about_hindrances(sign_in(world.delegate_a), PORT)
    assert len(own) == 2
    assert own[0].startswith(
        "Rosa Delgado removed Port Merrow County’s 2030 hindrance Shadow IT – Data,"
        " added the hindrance Shadow IT – Workforce, and changed the answer on hindrances."
    )
    for role, government in (("none", None), ("delegate", world.halloran)):
        with pgtrigger.ignore("members.User:keeps_voter_since"):  # as if before the opening
            User.objects.filter(pk=world.curator.pk).update(role=role, government=government)
        for url in (RECORD, PORT, f"{RECORD}?what=challenges.hindrance"):
            assert about_hindrances(curator, url) == []
        assert "hindrance" not in curator.get(f"{PORT[:-1]}.csv").content.decode()
    closed(world.edition)
    for url in (RECORD, PORT):
        assert len(about_hindrances(curator, url)) == 2


@pytest.mark.parametrize("kind", Kind)
def test_the_record_says_which_kind_of_list_it_speaks_of(world, sign_in, curator, kind):
    title = "Data" if kind == Kind.PRIORITIES else "Shadow IT"
    rank_as(world.member_a, world.edition, title, kind=kind)
    assert [each for each in deeds(curator.get(RECORD)) if "ballot" in each] == [
        f"Rosa Delgado cast Port Merrow County’s 2030 ballot of {kind.plural}."
    ]
    own = deeds(sign_in(world.member_a).get(PORT, {"what": "ballots.placement"}))
    assert own == [f"Rosa Delgado ranked {title} on Port Merrow County’s 2030 ballot. Details Place 1 Cast place 1"]


def test_who_may_view_one_kind_of_entry_reads_of_no_other(world, sign_in):
    world.bare_staff.user_permissions.add(Permission.objects.get(codename="view_challenge"))
    client = sign_in(world.bare_staff)
    found = deeds(client.get(RECORD))
    assert found
    assert all(re.match(r"The portal added \d+ challenges for 2030\.", each) for each in found)
    challenge, priority = Challenge.objects.get(title="Shadow IT"), Priority.objects.get(title="Data")
    assert len(deeds(client.get(f"/admin/challenges/challenge/{challenge.pk}/history/"))) == 1
    assert client.get(f"/admin/priorities/priority/{priority.pk}/history/").status_code == 403


def test_an_object_without_an_admin_page_has_no_history_there(world, curator):
    rank(world.edition, world.member_a, "Data")
    assert curator.get("/admin/ballots/placement/1/history/").status_code == 404
    assert curator.get("/admin/members/government/0/history/").status_code == 302


# A government's own


def test_a_government_reads_and_downloads_its_own_history(world, sign_in):
    client = sign_in(world.member_a)
    with pghistory.context(user=world.curator.pk, reason="=moved()"):
        Government.objects.filter(pk=world.port.pk).update(seat=9)
        Government.objects.filter(pk=world.halloran.pk).update(seat=10)
    profile = client.get("/governments/port-merrow-county/").content.decode()
    assert PORT in profile
    found = deeds(client.get(PORT))
    assert found[0] == (
        "Cora Curator changed the seat of the government Port Merrow County from 1 to 9. Reason: =moved()"
    )
    assert not any("Halloran" in each for each in found)
    answer = client.get(f"{PORT[:-1]}.csv")
    assert answer["Content-Disposition"] == 'attachment; filename="port-merrow-county-history.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT[\d:]{8}\+00:00", rows[0]["when"])
    assert {**rows[0], "when": ""} == {
        "when": "", "who": "Cora Curator", "did": "changed", "what": "government", "which": "Port Merrow County",
        "field": "seat", "before": "1", "after": "9", "reason": "'=moved()",
    }  # fmt: skip


def test_a_government_reads_of_its_people_until_they_leave_and_no_addresses(world, sign_in):
    for fields in ({"email": "ines@new.example"}, {"role": "none", "government": None}, {"title": "Elsewhere"}):
        with pghistory.context(user=world.delegate_a.pk):
            User.objects.filter(pk=world.delegate_a.pk).update(**fields)
    found = deeds(sign_in(world.member_a).get(PORT))
    assert "Ines Marchetti changed the e-mail address of the person Ines Marchetti." in found
    assert found[0].startswith("Ines Marchetti changed the government and role of the person Ines Marchetti.")
    assert not any("Elsewhere" in each or "@" in each for each in found)
    assert any("ines@new.example" in each for each in deeds(sign_in(world.curator).get(PORT)))


def test_words_of_people_are_data_in_the_record(world, sign_in):
    with pghistory.context(user=world.curator.pk, reason="<script>alert(1)</script>"):
        Government.objects.filter(pk=world.port.pk).update(website="https://x.example/?<b>")
    for who, url in ((world.curator, RECORD), (world.member_a, PORT)):
        body = sign_in(who).get(url).content.decode()
        assert "<script>alert" not in body
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in body


def test_the_record_stays_quick_and_asks_as_often_with_twenty_thousand_events(world, sign_in, curator):
    def ask(client, url: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    member = sign_in(world.member_a)
    rank(world.edition, world.member_a, "Data", "Workforce")
    visits = [(curator, RECORD), (curator, f"{RECORD}?who=Rosa&page=2"), (member, PORT), (member, f"{PORT[:-1]}.csv")]
    for visit in visits[1:3]:  # the first visit of a session notes itself
        ask(*visit)
    before = [ask(*visit) for visit in visits]
    assert max(before) <= 12
    with connection.cursor() as cursor:
        for table, many in (
            ("members_governmentevent", 12_000),
            ("members_userevent", 6_000),
            ("ballots_ballotevent", 2_000),
        ):
            cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table])
            columns = [name for (name,) in cursor.fetchall() if name not in ("pgh_id", "pgh_obj_id")]
            cursor.execute(  # of two hundred objects
                f"INSERT INTO {table} ({', '.join(columns)}, pgh_obj_id) SELECT {', '.join(columns)}, 1000 + number %% 200"
                f" FROM (SELECT * FROM {table} ORDER BY pgh_id DESC LIMIT 1) one, generate_series(1, %s) number",
                [many],
            )
    assert [ask(*visit) for visit in visits] == before
