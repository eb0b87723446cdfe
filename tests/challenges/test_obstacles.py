"""Counts of hindrances, and who may see them."""

from __future__ import annotations

import pytest

from challenges.models import Hindrance, HindranceResponse
from challenges.obstacles import obstacles_of
from mixportal.changes.events import actions_of, find_events, read_actions
from mixportal.changes.histories import HISTORIES
from mixportal.editions.models import Kind
from priorities.models import Priority
from tests.challenges.conftest import DATA, WORK, answer, answers_at_once
from tests.reading import content, page, text
from tests.test_queries import asked
from tests.worlds import closed, published, seat_governments

GRID, CHALLENGE, PRIORITY = "/2030/hindrances/", "/2030/challenges/shadow-it/", "/2030/priorities/data/"
PAGES = (GRID, CHALLENGE, PRIORITY)
OTHERS = ("member_b", "curator", "leader_a", "former", None)


@pytest.fixture
def answered(world):
    """Of 14 governments 12 name Shadow IT for Data, and 2 name IT Governance for Workforce."""
    users = seat_governments(13)
    answers_at_once(users[:12], world.edition, DATA)
    answers_at_once(users[12:], world.edition, WORK)
    answer(world.member_a, world.edition, WORK)
    return world


def told(client, url: str) -> str:
    return text(page(client.get(url)))


@pytest.mark.usefixtures("stopped_clock")
@pytest.mark.parametrize("who", OTHERS)
def test_before_the_close_nothing_that_others_fetch_changes_with_what_is_marked(world, sign_in, who):
    answers_at_once(seat_governments(13), world.edition, DATA)
    answer(world.member_a, world.edition, DATA)
    client = sign_in(getattr(world, who) if who else None)
    pages = (
        *PAGES,
        "/",
        "/2030/",
        "/2030/challenges/",
        "/governments/port-merrow-county/",
        "/governments/port-merrow-county/history/",
        "/2030/archive.zip",
        "/admin/record/",
    )

    def words(answer) -> str:
        is_page = answer.headers.get("Content-Type", "").startswith("text/html")
        return text(page(answer)) if is_page else content(answer)

    def fetched() -> list[tuple[int, str | None, str]]:
        answers = [client.get(url) for url in pages]
        return [(answer.status_code, answer.headers.get("ETag"), words(answer)) for answer in answers]

    before = fetched()
    answer(world.member_a, world.edition, WORK)
    assert fetched() == before


def test_before_the_close_the_history_tells_of_hindrances_to_the_government_itself_alone(world):
    answer(world.member_a, world.edition, DATA)
    for phase in ("open", "closed"):
        for who in ("member_a", "delegate_a", "member_b", "curator"):
            for model in (HindranceResponse, Hindrance):
                user = getattr(world, who)
                found = find_events(user, HISTORIES, what=model._meta.label_lower)
                visible = phase == "closed" or who.endswith("_a")
                assert bool(found.count()) is bool(read_actions(actions_of(found), user)) is visible, (phase, who)
        if phase == "open":
            closed(world.edition)


def test_insiders_may_know_before_the_close_how_many_have_answered_and_leaders_not(answered, sign_in):
    for who in (answered.member_b, answered.curator):
        assert "14 governments have answered so far." in told(sign_in(who), GRID)
    leader = told(sign_in(answered.leader_a), GRID)
    assert "answered so far" not in leader
    assert "Sealed until the close" in leader


def test_after_the_close_insiders_and_leaders_read_how_many_of_how_many(answered, sign_in, client):
    closed(answered.edition)
    for who in (answered.member_b, answered.curator, answered.leader_a):
        reader = sign_in(who)
        assert "Shadow IT stands in the way of Data, say 12 of 14 governments." in told(reader, GRID)
        assert "Data 12 of 14" in told(reader, CHALLENGE)
        assert "Shadow IT 12 of 14" in told(reader, PRIORITY)
        assert "IT Governance 2 of 14" in told(reader, "/2030/priorities/workforce/")
    assert client.get(GRID).status_code == 404


def test_once_published_everybody_reads_it(answered, client):
    published(answered.edition)
    assert "say 12 of 14 governments" in told(client, GRID)
    assert "Data 12 of 14" in told(client, CHALLENGE)


def test_a_share_over_nine_in_ten_is_not_told_to_leaders_and_visitors(world, client, sign_in):
    answers_at_once(seat_governments(12), world.edition, DATA)
    answer(world.member_a, world.edition, WORK)
    published(world.edition)
    for url in PAGES:
        assert "12 of 13" not in told(client, url)
        assert "more than 90 % of 13" in told(client, url)
        assert "12 of 13" in told(sign_in(world.member_b), url)


def test_under_ten_answers_leaders_and_visitors_get_no_figure(world, client, sign_in):
    answers_at_once(seat_governments(8), world.edition, DATA)
    answer(world.member_a, world.edition, WORK)
    published(world.edition)
    for url in PAGES:
        for reader in (client, sign_in(world.leader_a)):
            assert "Fewer than 10 governments answered" in told(reader, url)
            assert "of 9" not in told(reader, url)
        assert "8 of 9" in told(sign_in(world.curator), url)


def test_where_nobody_answered_the_pages_say_so_or_nothing(world, client):
    published(world.edition)
    assert "No government answered in 2030." in told(client, GRID)
    assert "stands in" not in told(client, CHALLENGE)


def test_what_leaders_can_do_stands_beside_the_figures(answered, client):
    entry = answered.edition.list_of(Kind.CHALLENGES).entries.get(slug="shadow-it")
    entry.correct(reason="a test", for_leaders="Sign every purchase.\nSign it quickly.")
    published(answered.edition)
    for url in PAGES:
        assert "Sign every purchase." in told(client, url)


def test_entries_are_named_the_most_often_named_first(answered):
    closed(answered.edition)
    entry = Priority.objects.get(annual_list__edition=answered.edition, slug="workforce")
    shown = obstacles_of(entry, answered.member_b)
    assert [(share.entry.slug, share.count) for share in shown.shares[:2]] == [("it-governance", 2), ("shadow-it", 0)]


def test_the_pages_ask_as_often_with_twenty_answers_as_with_one(world, sign_in):
    answer(world.member_a, world.edition, DATA)
    client = sign_in(world.member_b)
    users = seat_governments(20)
    answers_at_once(users[:1], world.edition, DATA)
    open_counts = [asked(client, url) for url in PAGES]
    answers_at_once(users[1:], world.edition, DATA, WORK)
    assert [asked(client, url) for url in PAGES] == open_counts
    published(world.edition)
    counts = [asked(client, url) for url in PAGES]
    assert max(counts) <= 12
