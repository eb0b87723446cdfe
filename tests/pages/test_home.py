"""The home page of insiders and of everybody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.models import User
from mixportal.editions.models import Edition, Kind
from mixportal.notes.models import Note
from mixportal.proposals.models import Proposal
from mixportal.results.publishing import publish
from mixportal.results.turnout import turnout_of
from tests.reading import fields, links, page, text, with_testid
from tests.worlds import PRIORITIES, closed, entry_of, make_edition, published, rank, seat_governments


def told(client) -> str:
    answer = client.get("/")
    assert answer.status_code == 200
    return text(page(answer))


def test_before_anything_is_published_a_visitor_is_told_so(world, client):
    assert "No list is published yet" in told(client)


@pytest.mark.parametrize("who", [None, "former", "leader_a"])
def test_visitors_and_leaders_read_the_newest_published_summary(phases, sign_in, who):
    assert "2028" in told(sign_in(getattr(phases, who) if who else None))


def test_a_member_finds_each_ballot_where_it_was_left(world, sign_in):
    client = sign_in(world.member_a)
    assert "Rank the priorities Not begun. 8 to put in order" in told(client)
    assert "Rank the challenges Not begun. 3 to put in order" in told(client)

    rank(world.edition, world.delegate_a, "Data", "Workforce", action="save")
    assert "Cast your ballot of priorities Saved on" in told(client)
    assert "not yet cast. 2 of 8 ranked." in told(client)

    rank(world.edition, world.delegate_a, "Data", "Workforce")
    assert "Your ballot of priorities is cast" in told(client)

    rank(world.edition, world.member_a, "Shadow IT", kind=Kind.CHALLENGES)
    assert "Your ballot of challenges is cast" in told(client)


@pytest.mark.parametrize(
    "edited",
    [("Workforce", "Data"), ("Data",), ("Data", "Workforce", "Governance"), (("Data", "Workforce"),), ()],
    ids=["turned round", "one dropped", "one added", "tied", "emptied"],
)
def test_an_order_changed_since_the_cast_is_said_to_wait(world, sign_in, edited):
    rank(world.edition, world.member_a, "Data", "Workforce")
    rank(world.edition, world.member_a, *edited, action="save")
    assert "Cast your changed ballot of priorities" in told(sign_in(world.delegate_a))
    rank(world.edition, world.member_a, "Data", "Workforce", action="save")
    assert "Your ballot of priorities is cast" in told(sign_in(world.delegate_a))


def test_each_task_leads_to_its_ballot(world, sign_in):
    found = links(page(sign_in(world.member_a).get("/")))
    assert {"/2030/priorities/ballot/", "/2030/challenges/ballot/"} <= set(found)


def test_turnout_counts_who_has_cast_and_marks_the_own_seat(world, sign_in):
    rank(world.edition, world.member_a, "Data")
    root = page(sign_in(world.member_a).get("/"))
    assert "1 of 2 governments has cast a ballot of priorities" in text(with_testid(root, "turnout"))
    seats = next(each for each in root.iter("div") if "seats" in (each.get("class") or "").split())
    assert [each.get("class") for each in seats.iter("i")] == ["me on", None]
    assert "yours among them" in seats.get("aria-label")
    other = page(sign_in(world.member_b).get("/"))
    seats = next(each for each in other.iter("div") if "seats" in (each.get("class") or "").split())
    assert [each.get("class") for each in seats.iter("i")] == ["me", "on"]
    assert "yours has not" in seats.get("aria-label")


def test_curators_see_what_is_drafted_open_and_closed_and_have_no_ballot(phases, sign_in):
    said = told(sign_in(phases.curator))
    assert "The ballots of 2029 are counted" in said
    assert "The list of 2031 is being drafted" in said
    assert "Rank the priorities" not in said
    assert "/2030/priorities/ballot/" not in links(page(sign_in(phases.curator).get("/")))


def test_between_two_editions_nothing_awaits_a_member(world, sign_in):
    published(world.edition)
    said = told(sign_in(world.member_a))
    assert "No ballots are open at the moment" in said
    assert "Nothing, for now" in said


def test_a_published_list_that_nobody_cast_for_breaks_nobodys_home(world, sign_in, client):
    published(world.edition)
    for each in (client, *(sign_in(getattr(world, who)) for who in ("member_a", "leader_a", "curator", "former"))):
        for url in ("/", "/2030/", "/2030/summary/", "/2030/priorities/", "/2030/priorities/data/"):
            assert each.get(url).status_code == 200


def test_after_the_close_a_member_sees_the_counted_result(world, sign_in):
    rank(world.edition, world.member_a, *PRIORITIES)
    closed(world.edition)
    assert "The ballots of 2030 are counted" in told(sign_in(world.member_b))
    assert "/2030/summary/" in links(page(sign_in(world.member_b).get("/")))


def newest_list(client) -> str:
    return told(client).partition("The list of 2028")[2]


def test_the_newest_list_is_kept_for_each_government_with_its_own_places(phases, sign_in):
    fresh = {}
    for who in (phases.member_a, phases.member_b, phases.curator):
        caches["pages"].clear()
        fresh[who] = newest_list(sign_in(who))
    assert ["you:" in shown for shown in fresh.values()] == [True, True, False]
    assert ["you: 1st" in shown for shown in fresh.values()] == [True, False, False]
    assert {who: newest_list(sign_in(who)) for who in fresh} == fresh  # beside each other's


def test_a_members_second_visit_asks_eight_times(phases, sign_in):
    """For the session, the person, editions, people, turnout, ballots, and the number and the latest of notes."""
    client = sign_in(phases.member_a)
    client.get("/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/")
    assert len(queries) == 8


def test_a_leaders_home_changes_with_publication_and_no_sooner(world, sign_in):
    rank(world.edition, world.member_a, *PRIORITIES)
    client = sign_in(world.leader_a)
    assert "No list is published yet" in told(client)
    edition = closed(world.edition)
    assert "No list is published yet" in told(client)
    publish(edition)
    assert "Cybersecurity" in told(client)
    assert Edition.objects.get(year=2030).is_published


def test_a_leaders_home_starts_with_the_way_to_their_brief(world, sign_in):
    rank(world.edition, world.member_a, *PRIORITIES)
    published(world.edition)
    root = page(sign_in(world.leader_a).get("/"))
    brief = with_testid(root, "own-brief")
    assert links(brief) == ["/governments/port-merrow-county/2030/"]
    first = next(each for each in root.iter() if each.tag == "h1" or each.get("data-testid") == "own-brief")
    assert text(first).startswith("Your brief: Port Merrow County")
    assert with_testid(page(sign_in(world.former).get("/")), "own-brief") is None


@pytest.mark.parametrize(("who", "count"), [("leader_a", 1), ("former", 0), (None, 0)])
def test_a_leaders_home_leads_to_the_summary_that_leaders_read_before_publication(phases, sign_in, who, count):
    client = sign_in(getattr(phases, who) if who else None)
    notice = with_testid(page(client.get("/")), "awaiting")
    assert (notice is not None) == bool(count)
    if notice is not None:
        assert links(notice) == [f"/{phases.closed.year}/summary/"]
        assert client.get(f"/{phases.closed.year}/summary/").status_code == 200


def new_voter(world, **fields) -> User:
    fields = {"name": "Nora New", "role": "delegate", "government": world.port} | fields
    return User.objects.create_user("nora@new.example", **fields)


def test_a_voter_reads_who_votes_for_the_government_and_since_when_if_that_is_new(world, sign_in):
    new_voter(world)
    client = sign_in(world.delegate_a)
    shown = with_testid(page(client.get("/")), "voters")
    rows = list(shown.iter("li"))
    assert [len(list(row.iter("time"))) for row in rows] == [0, 0, 1]
    for row, name in zip(rows, ("Rosa Delgado", "Ines Marchetti (you)", "Nora New"), strict=True):
        assert name in text(row)
    assert "Lee Park" not in text(shown)
    closed(world.edition)
    shown = with_testid(page(client.get("/")), "voters")
    assert "Nora New" in text(shown)
    assert list(shown.iter("time")) == []
    assert with_testid(page(sign_in(world.curator).get("/")), "voters") is None


def test_a_new_voter_is_let_in_from_the_home_page(world, sign_in):
    new, client = new_voter(world), sign_in(world.member_a)
    form = next(with_testid(page(client.get("/")), "voters").iter("form"))
    answer = client.post(form.get("action"), fields(form) | {"action": "let-in"})
    assert answer["Location"] == "/2030/"
    assert User.objects.get(pk=new.pk).let_in_by == world.member_a


@pytest.mark.parametrize("who", ["member_b", "curator"])
@pytest.mark.parametrize("where", ["/", "/2030/"])
def test_the_turnout_names_who_began_to_vote_during_the_voting(world, sign_in, who, where):
    client = sign_in(getattr(world, who))
    assert with_testid(page(client.get(where)), "new-voters") is None
    new_voter(world)
    User.objects.create_user("leader@new.example", name="New Leader", role="leader", government=world.port)
    [row] = with_testid(page(client.get(where)), "new-voters").iter("li")
    assert "Port Merrow County: Nora New, delegate, since" in text(row)


@pytest.mark.parametrize("who", [None, "former", "leader_a"])
def test_nobody_outside_reads_who_votes_or_is_new(world, sign_in, who):
    new_voter(world)
    for where in ("/", "/2030/"):
        shown = sign_in(getattr(world, who) if who else None).get(where).content.decode()
        assert "Nora New" not in shown


def test_after_the_close_who_begins_to_vote_is_not_among_those_of_the_voting(world):
    new_voter(world)
    edition = closed(world.edition)
    User.objects.create_user("late@new.example", name="Late", role="delegate", government=world.port)
    turnout = turnout_of(edition)
    assert turnout is not None
    assert [voter.name for voter in turnout.new_voters] == ["Nora New"]


# Tasks, news and notes


def test_each_ballot_that_is_not_cast_says_when_it_is_due(world, sign_in):
    root = page(sign_in(world.member_a).get("/"))
    tasks = [text(each) for each in root.iter("li") if "Rank the" in text(each)]
    assert ["Due " in task for task in tasks] == [True, True]
    rank(world.edition, world.member_a, "Data")
    done = next(each for each in page(sign_in(world.member_a).get("/")).iter("li") if "is cast" in text(each))
    assert "Due " not in text(done)


def write_note(world, user, **fields) -> Note:
    fields = {"kind": "question", "body": "Who runs a *shared* desk?", "audience": "members"} | fields
    return Note.write(entry=entry_of(2030, "data"), user=user, **fields)


def test_the_latest_notes_of_others_are_shown_and_new_ones_marked(world, sign_in):
    write_note(world, world.member_b)
    write_note(world, world.member_a, body="Our own.")
    User.objects.update(seen_at=timezone.now() - timedelta(days=3))
    shown = with_testid(page(sign_in(world.member_a).get("/")), "latest")
    assert "Halloran County asks about Data new Who runs a shared desk?" in text(shown)
    assert "Our own." not in text(shown)
    assert with_testid(page(sign_in(world.member_b).get("/")), "latest") is not None


def test_a_government_that_a_note_names_is_shown_by_its_name(world, sign_in):
    write_note(world, world.member_b, body="Does @port-merrow-county or @atlantis run one?")
    client = sign_in(world.member_a)
    for url in ("/", "/search/?show=new"):
        assert "Does Port Merrow County or @atlantis run one?" in text(page(client.get(url)))


def test_a_sealed_reason_is_not_among_the_latest_notes(world, sign_in):
    write_note(world, world.member_b, kind="reason", body="Because of tigers.")
    for user in (world.member_a, world.curator):
        assert with_testid(page(sign_in(user).get("/")), "latest") is None


def test_what_is_new_since_the_last_visit_is_counted_with_its_day(world, sign_in):
    write_note(world, world.member_a)
    write_note(world, world.member_b)
    User.objects.update(seen_at=timezone.now() - timedelta(days=3))
    news = with_testid(page(sign_in(world.member_a).get("/")), "news")
    assert "1 new for you since your last visit, " in text(news)
    assert "At your next visit, what you have not read no longer counts as new." in text(news)


# Since the last visit


def since(client) -> dict[str, list[str]]:
    """Return what the panel says by the kind of news."""
    panel = with_testid(page(client.get("/")), "since")
    found: dict[str, list[str]] = {}
    for row in panel.iter("li") if panel is not None else []:
        found.setdefault(row.get("data-news"), []).append(text(row))
    return found


def visited(days: int = 3) -> None:
    """Let everybody's last visit be that long ago, and what there is be older than that."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table in ("members_userevent", "ballots_ballotevent", "editions_entryevent"):
            cursor.execute(f"UPDATE {table} SET pgh_created_at = pgh_created_at - interval '9 days'")
        cursor.execute("SET session_replication_role = DEFAULT")
    User.objects.update(seen_at=timezone.now() - timedelta(days=days))


def test_nothing_new_is_no_panel(world, sign_in):
    rank(world.edition, world.member_b, "Data")
    visited()
    assert with_testid(page(sign_in(world.member_a).get("/")), "since") is None


def test_ballots_that_other_governments_cast_since_are_counted(world, sign_in):
    visited()
    [third] = seat_governments(1)
    for voter in (world.member_a, world.member_b, third):
        rank(world.edition, voter, "Data")
    rank(world.edition, third, "Shadow IT", kind=Kind.CHALLENGES, action="save")
    for who, number in (("member_a", "2 other governments"), ("curator", "3 governments")):
        found = since(sign_in(getattr(world, who)))
        assert [row[: len(number)] for row in found.pop("cast-priorities")] == [number], who
        assert "cast-challenges" not in found, who


def test_a_ballot_that_is_cast_again_or_withdrawn_is_no_news(world, sign_in):
    """How often a government casts is sealed until the close."""
    rank(world.edition, world.member_b, "Data")
    rank(world.edition, world.member_b, "Shadow IT", kind=Kind.CHALLENGES)
    visited()
    rank(world.edition, world.member_b, "Workforce", "Data")
    rank(world.edition, world.member_b, "Shadow IT", kind=Kind.CHALLENGES, action="uncast")
    assert since(sign_in(world.member_a)) == {}


def test_answers_are_told_apart_from_other_notes_and_sealed_reasons_are_in_no_number(world, sign_in):
    question = write_note(world, world.member_a)
    visited()
    write_note(world, world.member_b, kind="reason", body="Because of tigers.")
    write_note(world, world.member_b, body="Another question.")
    client = sign_in(world.member_a)
    assert list(since(client)) == ["notes"]
    write_note(world, world.member_b, kind="note", body="Like this.", reply_to=question)
    found = since(client)
    assert {kind: rows[0][:6] for kind, rows in found.items()} == {"answers": "1 new ", "notes": "1 more"}
    assert since(sign_in(world.curator)) == {}


def test_a_correction_is_news_with_a_link_to_its_entry(world, sign_in):
    visited()
    entry_of(2030, "data").correct(description="What data means.", reason="A typo.")
    client = sign_in(world.member_a)
    assert len(since(client)["corrected"]) == 1
    assert links(with_testid(page(client.get("/")), "since")) == ["/2030/priorities/data/"]


def test_proposals_of_other_governments_are_counted(phases, sign_in):
    visited()
    for user in (phases.member_a, phases.member_b):
        Proposal.propose(
            annual_list=phases.drafting.list_of(Kind.PRIORITIES), user=user, title="Drones", description="Fly them."
        )
    make_edition(2032)
    client = sign_in(phases.member_a)
    assert since(client)["proposals"] == ["1 proposal from other governments for 2031"]
    led = links(with_testid(page(client.get("/")), "since"))
    assert [link for link in led if "proposals" in link] == ["/2031/proposals/"]
    assert since(sign_in(phases.curator))["proposals"] == ["2 proposals from governments for 2031"]


def test_people_who_join_the_own_government_are_named_to_it_alone(world, sign_in):
    visited()
    new_voter(world)
    User.objects.create_user("leader@new.example", name="New Leader", role="leader", government=world.port)
    world.former.government, world.former.role = world.port, "delegate"
    world.former.save()
    world.delegate_a.title = "Deputy CIO"  # a change that is no joining
    world.delegate_a.save()
    rows = since(sign_in(world.member_a))["people"]
    assert rows == [
        "Nora New joined Port Merrow County as delegate",
        "Old Hand joined Port Merrow County as delegate",
        "New Leader joined Port Merrow County as leader",
    ]
    assert since(sign_in(world.member_b)) == since(sign_in(world.curator)) == {}


def test_lists_that_closed_or_were_published_since_are_named(world, sign_in):
    rank(world.edition, world.member_a, *PRIORITIES)
    visited()
    edition = closed(world.edition)
    assert list(since(sign_in(world.member_b))) == ["closed"]
    publish(edition)
    assert list(since(sign_in(world.member_b))) == ["published"]


def test_a_first_visit_counts_the_last_thirty_days(world, sign_in):
    visited()
    rank(world.edition, world.member_b, "Data")
    User.objects.update(seen_at=None)
    client = sign_in(world.member_a)
    assert list(since(client)) == ["cast-priorities", "people"]
    assert "In the last 30 days" in text(with_testid(page(client.get("/")), "since"))
