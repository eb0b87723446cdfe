"""A curator sees a closed year as a visitor and as a leader will see it, and what a publication shows to everyone."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

import pgtrigger
import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from challenges.models import HindranceResponse
from members.models import User
from members.routes import routes
from mixportal.desk.views.preview import PAGES
from mixportal.editions.models import Edition, Kind, database_now
from mixportal.notes.models import Note
from mixportal.results.models import Tally
from mixportal.results.publishing import publish
from priorities.models import Investment, Priority
from tests.access_table import EVERYONE, SEES, SEES_PREVIEW
from tests.comparison.conftest import join_lines
from tests.curating import EDITIONS
from tests.kept_rows import made_once
from tests.reading import links, page, said, text, with_testid
from tests.test_access import client_of
from tests.test_safe_requests import tables
from tests.worlds import (
    CHALLENGES,
    PRIORITIES,
    TITLES,
    cast_at_once,
    closed,
    entry_of,
    make_edition,
    open_edition,
    published,
    seat_governments,
)

PAGES_OF_A_VIEW = 2
CANARY = "canary-in-a-private-column"
PRIVATE = "words for members alone"
OPEN = "words for everyone"
# what the preview changes of a page
CHANGED = {"href", "action", "data-hx-get", "role", "aria-disabled", "inert"}


def base(edition: Edition, reader: str) -> str:
    return f"{EDITIONS}{edition.pk}/desk/preview/{reader}"


LEADER = "leader/port-merrow-county"


def cast(edition: Edition, members) -> Edition:
    """Each of the eight governments after the other begins with another entry, and some leave off the last ones."""
    edition = open_edition(edition)
    turns = {member: number % 8 for number, member in enumerate(members)}
    orders = {member: (PRIORITIES[turn:] + PRIORITIES[:turn])[: 8 - turn % 3] for member, turn in turns.items()}
    cast_at_once(edition, Kind.PRIORITIES, orders)
    cast_at_once(
        edition, Kind.CHALLENGES, {member: CHALLENGES[turn % 2 :] for member, turn in turns.items() if turn % 4}
    )
    return edition


@pytest.fixture
def year(world, write):
    """2029 is closed, with figures, notes, investments and hindrances for each audience; 2028 is published."""
    return made_once("year to preview", lambda: make_year(world, write))


def make_year(world, write) -> Edition:
    members = [world.member_a, world.member_b, *seat_governments(22)]
    earlier = published(cast(make_edition(2028), members))
    edition = cast(make_edition(2029), members)
    join_lines(earlier, edition, *PRIORITIES[:6])
    for kind, audience, body in (
        ("reason", "members", PRIVATE),
        ("practice", "public", OPEN),
        ("note", "public", OPEN),
        ("question", "members", PRIVATE),
    ):
        write(world.member_a, body, kind=kind, audience=audience, entry=entry_of(2029))
    write(world.member_b, PRIVATE, audience="government", entry=entry_of(2029))
    data = Priority.objects.get(annual_list__edition=edition, slug="data")
    for number, member in enumerate(members[:14]):
        audience = "public" if number else "members"
        Investment.objects.create(
            priority=data,
            government=member.government,
            status="planned",
            audience=audience,
            updated_by=member,
            updated_at=database_now(),
        )
        HindranceResponse.record(
            edition=edition, government=member.government, user=member, marked={("shadow-it", "data")}, version=0
        )
    return closed(edition)


@pytest.fixture
def curator(world, sign_in) -> Client:
    return sign_in(world.curator)


@pytest.fixture
def counted(year, curator) -> Edition:
    """The same year, once the curator has opened its desk, which counts the ballots."""

    def count_ballots() -> Edition:
        curator.get(f"{EDITIONS}{year.pk}/desk/")
        return year

    return made_once("year to preview, counted", count_ballots)


def crawl(client: Client, start: str) -> dict[str, object]:
    """Follow the links that stay within the preview, to two pages of each view."""
    found, waiting, views = {}, [f"{start}/2029/summary/"], []
    while waiting:
        address = waiting.pop(0)
        view = resolve(address.split("?")[0].removeprefix(start)).url_name
        if address in found or views.count(view) == PAGES_OF_A_VIEW:
            continue
        views.append(view)
        found[address] = client.get(address)
        here = [href.split("#")[0] for href in links(page(found[address]))]
        waiting += [href for href in here if href.startswith(f"{start}/")]
        waiting += [address.split("?")[0] + href for href in here if href.startswith("?")]
    return found


def told(root: Element) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """Yield every element with its text and attributes, but for what the preview adds and changes."""
    for element in root.iter():
        for child in [child for child in element if child.get("class") == "preview"]:
            element.remove(child)
        kept = {name: value for name, value in element.attrib.items() if name not in CHANGED}
        yield str(element.tag), (element.text or "").strip(), (element.tail or "").strip(), kept


def main_of(root: Element) -> Element:
    return next(root.iter("main"))


def test_the_preview_is_what_a_visitor_gets_after_the_publication(world, year, curator, sign_in):
    start, viewed = base(year, "visitor"), PAGES & {route.name for route in routes()}
    previews = crawl(curator, start)
    assert {resolve(address.split("?")[0].removeprefix(start)).url_name for address in previews} == viewed - {"brief"}
    publish(year)
    visitor = sign_in(None)
    for address, preview in previews.items():
        answer = visitor.get(address.removeprefix(start))
        assert answer.status_code == preview.status_code == 200, address
        assert list(told(page(preview))) == list(told(page(answer))), address


def test_the_preview_is_what_a_leader_gets_after_the_publication(world, counted, curator, sign_in):
    User.objects.filter(pk=world.leader_a.pk).update(seen_at=None)  # at a first visit no note is marked as new
    start, viewed = base(counted, LEADER), PAGES & {route.name for route in routes()}
    previews = crawl(curator, start)
    assert {resolve(address.split("?")[0].removeprefix(start)).url_name for address in previews} == viewed
    publish(counted)
    leader = sign_in(world.leader_a)
    for address, preview in previews.items():
        answer = leader.get(address.removeprefix(start))
        assert answer.status_code == preview.status_code == 200, address
        assert list(told(main_of(page(preview)))) == list(told(main_of(page(answer)))), address


@pytest.mark.parametrize("reader", ["visitor", LEADER])
def test_each_link_stays_in_the_preview_or_is_switched_off(world, counted, curator, reader):
    start = base(counted, reader)
    switched_off = set()
    for address, answer in crawl(curator, start).items():
        root = page(answer)
        assert with_testid(root, "preview") is not None, address
        for link in root.iter("a"):
            href = link.get("href")
            if href is None:
                assert link.get("aria-disabled") == "true", address
                switched_off.add(text(link))
            elif href.startswith("/"):
                assert href.startswith(f"{start}/") or href == f"{EDITIONS}{counted.pk}/desk/", (address, href)
        for form in root.iter("form"):
            action = form.get("action", "")
            assert form.get("inert") is not None or action == "" or action.startswith(f"{start}/"), (address, action)
        parts = [element.get("data-hx-get") for element in root.iter() if element.get("data-hx-get")]
        assert [part for part in parts if not part.startswith((f"{start}/", "?"))] == [], address
    assert any("CSV" in each for each in switched_off)


def test_a_part_of_a_page_that_htmx_asks_for_stays_in_the_preview(world, year, curator):
    start = base(year, "visitor")
    answer = curator.get(f"{start}/trends/priorities/?cohort=kind-city", HTTP_HX_REQUEST="true")
    assert "<html" not in answer.content.decode()
    assert {href.split("?")[0] for href in links(page(answer)) if href.startswith(f"{start}/trends/")} != set()
    assert [href for href in links(page(answer)) if href.startswith("/") and not href.startswith(start)] == []


def test_a_preview_reveals_no_more_than_its_reader_will_see(world, year, curator):
    for kind in Kind:
        tally = Tally.objects.get_or_compute(year.list_of(kind))
        comparison = {
            key: value if key in ("governments", "places") else CANARY
            for key, value in [*tally.comparison.items(), (CANARY, 1)]
        }
        with pgtrigger.ignore("results.Tally:stands"):
            Tally.objects.filter(pk=tally.pk).update(
                digest=CANARY,
                figures=dict.fromkeys([*tally.figures, CANARY], CANARY),
                comparison=comparison,
                roster=[{**row, CANARY: CANARY} for row in tally.roster],
            )
    for reader in ("visitor", LEADER):
        pages = crawl(curator, base(year, reader))
        said_there = "\n".join(answer.content.decode() for answer in pages.values())
        assert CANARY not in said_there
        assert PRIVATE not in said_there
        assert OPEN in said_there
        assert "Cora Curator" not in said_there


def test_a_preview_writes_nothing_and_no_visitor_meets_it(world, counted, curator, sign_in):
    before = tables()
    for reader in ("visitor", LEADER):
        for address in ("/2029/summary/", "/2029/priorities/", "/2029/priorities/data/", "/"):
            answer = curator.get(base(counted, reader) + address)
            assert answer.status_code == 200
            assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
    assert tables() == before
    assert caches["pages"]._cache == {}
    visitor = sign_in(None)
    assert visitor.get("/2029/summary/").status_code == 404
    assert "2029" not in text(main_of(page(visitor.get("/"))))
    assert not Edition.objects.get(pk=counted.pk).is_published


def test_a_preview_before_the_first_look_counts_and_keeps_nothing(world, year, curator):
    assert not Tally.objects.filter(annual_list__edition=year).exists()
    assert "Cybersecurity" in text(page(curator.get(base(year, "visitor") + "/2029/priorities/")))
    assert not Tally.objects.filter(annual_list__edition=year).exists()


@pytest.mark.parametrize("actor", sorted(EVERYONE))
def test_curators_alone_see_a_preview_and_of_a_closed_year_alone(phases, actor):
    client = client_of(phases, actor)
    for phase in SEES:
        edition = getattr(phases, phase)
        for reader in ("visitor", LEADER):
            answer = client.get(f"{base(edition, reader)}/{edition.year}/summary/")
            assert (answer.status_code == 200) is (actor in SEES_PREVIEW[phase]), phase
            if actor == "curator" and phase != "closed":
                assert answer.status_code == 404


def test_a_preview_needs_the_second_factor(phases, sign_in, settings):
    settings.CURATORS_NEED_SECOND_FACTOR = True
    answer = sign_in(phases.curator).get(f"{base(phases.closed, 'visitor')}/2029/summary/")
    assert answer.status_code == 302


@pytest.mark.parametrize(
    "address",
    [
        "visitor/2029/summary.pdf", "visitor/2029/embed/", "visitor/2029/priorities/results.csv", "visitor/admin/",
        "visitor/account/", "visitor/2029/priorities/ballot/", "visitor/2029/priorities/compare/", "visitor2029/",
        "visitor/2031/summary/", "visitor/governments/port-merrow-county/2029/", "visitor/nothing/at/all/",
        "leader/no-such-place/2029/summary/", "leader/halloran-county/governments/port-merrow-county/2029/",
        "leader/?government=no-such-place", "leader/?government=%00", "leader/", "visitor/%00", "visitor/2029/%00/",
    ],
)  # fmt: skip
def test_what_is_not_previewed_is_no_page(phases, sign_in, address):
    answer = sign_in(phases.curator).get(f"{EDITIONS}{phases.closed.pk}/desk/preview/{address}", follow=True)
    assert answer.status_code == 404


def test_the_desk_of_a_closed_year_leads_to_its_previews(phases, sign_in):
    curator = sign_in(phases.curator)
    for phase in SEES:
        edition = getattr(phases, phase)
        desk = page(curator.get(f"{EDITIONS}{edition.pk}/desk/"))
        assert (with_testid(desk, "previews") is not None) is (phase == "closed")
    desk = page(curator.get(f"{EDITIONS}{phases.closed.pk}/desk/"))
    start = f"{base(phases.closed, 'visitor')}/2029/summary/"
    assert start in links(desk)
    chosen = [option.get("value") for option in with_testid(desk, "previews").iter("option")]
    assert chosen == ["halloran-county", "port-merrow-county"]
    answer = curator.get(f"{EDITIONS}{phases.closed.pk}/desk/preview/leader/?government={chosen[1]}")
    assert answer["Location"] == f"{base(phases.closed, LEADER)}/2029/summary/"


def queries(client: Client, address: str) -> int:
    for cache in caches.all():
        cache.clear()
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return sum(1 for each in asked if "SAVEPOINT" not in each["sql"])


def test_a_preview_asks_at_most_four_times_more_than_the_page_itself(world, counted, curator, sign_in):
    """For the session and the curator, the edition, the government and the publication; a leader has a session too."""
    pages = ["/2029/summary/", "/2029/priorities/", "/2029/priorities/data/", "/2029/challenges/shadow-it/"]
    brief = "/governments/port-merrow-county/2029/"
    as_visitor = {address: queries(curator, base(counted, "visitor") + address) for address in pages}
    as_leader = {address: queries(curator, base(counted, LEADER) + address) for address in [*pages, brief]}
    publish(counted)
    visitor, leader = sign_in(None), sign_in(world.leader_a)
    assert [address for address in pages if as_visitor[address] > queries(visitor, address) + 4] == []
    assert [address for address in [*pages, brief] if as_leader[address] > queries(leader, address) + 3] == []


def test_publish_says_what_becomes_visible_to_everyone(world, year, curator, sign_in):
    sentence = said(curator.get(f"{EDITIONS}{year.pk}/desk/do/publish/"), "consequence")
    assert sentence.startswith(
        "Everyone will see 8 priorities (with the results of 24 ballots), 3 challenges (with the results of 18 ballots), "
        "which governments took part, and the 2 notes and 13 investments"
    )
    publish(year)
    visitor = sign_in(None)
    for kind, ballots in ((Kind.PRIORITIES, 24), (Kind.CHALLENGES, 18)):
        assert year.list_of(kind).entries.count() == len(TITLES[kind])
        assert visitor.get(f"/2029/{kind}/results.json").json()["governments_cast"] == ballots
    entry = visitor.get("/2029/priorities/data/").content.decode()
    assert entry.count(OPEN) == Note.objects.filter(body=OPEN).count() == 2
    assert Investment.objects.filter(audience="public").count() == 13


def test_publish_says_that_a_list_that_was_not_ranked_is_in_editorial_order(phases, sign_in):
    curator = sign_in(phases.curator)
    sentence = said(curator.get(f"{EDITIONS}{phases.drafting.pk}/desk/do/publish/"), "consequence")
    assert (
        "Everyone will see 8 priorities (in editorial order), 3 challenges (in editorial order), and the 0 notes"
        in sentence
    )
    for edition in (phases.open, phases.published):
        sentence = said(curator.get(f"{EDITIONS}{edition.pk}/desk/do/publish/"), "consequence")
        assert "cannot be published" in sentence
