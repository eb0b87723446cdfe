"""How often each page asks the database: at most 12 times, and as often with ten times the data."""

from __future__ import annotations

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members.models import Office
from mixportal.editions.models import Entry, Kind, Lineage, database_now, slug_for
from mixportal.mail.models import Mail
from mixportal.notes.models import Note
from mixportal.results.models import Tally
from mixportal.trends.models import OutsideItem, OutsideList, OutsideSeries
from tests.worlds import (
    CHALLENGES,
    PRIORITIES,
    cast_at_once,
    entry_of,
    make_edition,
    open_edition,
    published,
    rank,
    seat_governments,
)

MOST = 12
ARCHIVE = "/2029/archive.zip"  # of seventeen tables, so it asks oftener than a page
FEED = "/feed/"  # of the newest three editions, whatever these have
PAGES = [
    "/", "/2028/", "/2028/summary/", "/2028/slides/", "/2028/priorities/", "/2028/challenges/", "/2028/priorities/?sort=title", "/2028/priorities/data/",
    "/2028/priorities/results/", "/2028/challenges/results/", "/2028/priorities/results.csv", "/2028/priorities/results.json", "/2027/", "/2027/summary/", "/2027/priorities/",
    "/2028/challenges/shadow-it/", "/2028/hindrances/",
    "/2028/priorities/compare/cohorts/",
    "/trends/priorities/", "/trends/priorities/?entry=data&cohort=kind-city", "/trends/challenges/places.csv",
    "/outside/", "/outside/state-cios/",
    "/governments/", "/governments/port-merrow-county/", "/methods/", "/about/", "/demo/",
    "/search/", "/search/?q=data", "/search/?q=words&year=2028&type=note",
    "/healthz", "/readyz", "/.well-known/security.txt", "/robots.txt", "/sitemap.xml", FEED, "/data/", "/demo/mail/",
    "/about/accessibility/", "/about/security/", "/about/speed/", "/about/privacy/", "/about/operating/",
    "/2028/priorities/list.csv", "/2028/priorities/list.json", "/2028/embed/",
]  # fmt: skip
MEMBERS = [
    "/trends/priorities/?g=halloran-county&entry=data", "/trends/challenges/",
    "/2028/priorities/?order=mine&sort=change", "/2029/priorities/?order=kind-city&sort=-top3",
    "/2028/priorities/?tally=1&order=kind-city",
    "/2028/priorities/compare/", "/2028/priorities/compare/?g=halloran-county&cohort=region-south&q=a",
    "/2028/priorities/map/", "/2028/challenges/compare/cohorts/", "/2028/priorities/compare.csv?g=halloran-county",
    "/2029/", "/2029/summary/", "/2029/priorities/", "/2029/priorities/data/", "/2029/priorities/ballots.csv",
    "/2029/priorities/results/",
    "/2030/", "/2030/priorities/", "/2030/priorities/data/", "/2031/", "/2031/priorities/",
    "/2030/proposals/", "/2031/proposals/", "/2031/proposals/?title=Data", "/2031/room/", "/2031/priorities/data/",
    "/2029/challenges/shadow-it/", "/2029/hindrances/", "/2030/hindrances/", "/2030/challenges/shadow-it/",
    "/profile/", "/governments/port-merrow-county/history/",
    "/governments/port-merrow-county/history.csv",
    "/search/?show=new",
    "/account/", "/account/sessions/", "/governments/export.csv", "/2030/priorities/investments.csv", ARCHIVE,
]  # fmt: skip
BRIEFS = ["/governments/port-merrow-county/2028/", "/governments/port-merrow-county/2029/"]
CURATORS = [*MEMBERS, "/admin/record/", "/admin/record/?who=rosa&what=members.user"]
VOTERS = [
    "/2028/priorities/ballot/",
    "/2030/priorities/ballot/",
    "/2030/challenges/ballot/",
    "/2031/priorities/ballot/",
    "/2030/priorities/data/investment/",
    "/2028/hindrances/ours/",
    "/2030/hindrances/ours/",
    "/governments/port-merrow-county/people/",
    "/governments/port-merrow-county/shares/",
    "/2030/priorities/ballot/reasons/",
    "/2029/priorities/data/notes/",
    "/governments/port-merrow-county/seal/",
]
OPENED_TO = {
    None: [*PAGES, "/account/login/"],
    "leader_a": [*PAGES, *BRIEFS],
    "curator": [*PAGES, *CURATORS],
    "member_a": [*PAGES, *MEMBERS, *VOTERS],
}


def asked(client: Client, url: str, **headers: str) -> int:
    """Return the number of queries of one visit that finds nothing in a cache."""
    for cache in caches.all():
        cache.clear()
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(url, headers=headers)
    assert answer.status_code == 200, url
    return len(queries)


def signed_in(world, who) -> Client:
    client = Client()
    if who:
        client.force_login(getattr(world, who))
    return client


def grow(world) -> None:
    """Ten times the governments with ballots and offices, eight more years, twice as long a list."""
    members = seat_governments(18)
    cast_at_once(world.open, Kind.PRIORITIES, dict.fromkeys(members, PRIORITIES))
    cast_at_once(world.open, Kind.CHALLENGES, dict.fromkeys(members, CHALLENGES))
    for member in members:
        Office.objects.create(person_name=f"President {member.pk}", government=member.government, from_year=1990)
    write_notes(members)
    for year in range(2000, 2008):
        edition = open_edition(make_edition(year))
        rank(edition, members[0], *PRIORITIES)
        published(edition)
    for kind in Kind:
        world.drafting.list_of(kind).add_entries(
            Entry(title=title, slug=slug_for(title), description="More.", position=20 + number)
            for number, title in enumerate(f"{kind.singular} {number}" for number in range(20))
        )


def write_notes(members) -> None:
    """On the entries that the pages above show, of every kind and for everyone, each answered."""
    notes = [
        Note(entry=entry, government=member.government, author=member, body="Words.", kind=kind, audience="public")
        for entry in Entry.objects.filter(annual_list__edition__year__in=(2028, 2029, 2030), slug="data")
        for member in members
        for kind in ("reason", "question", "practice", "note")
    ]
    Note.objects.bulk_create(notes)
    Note.objects.bulk_create(
        Note(
            entry=note.entry, government=note.government, author=note.author, body="Answer.", kind="note", reply_to=note
        )
        for note in notes
    )


def add_what_a_long_kept_entry_has(phases) -> None:
    """One line through the years, merged from another, on another body's list, with last year's reason to take over."""
    earlier, *later = Entry.objects.filter(slug="data", annual_list__edition__year__in=(2026, 2028, 2029)).order_by(
        "pk"
    )
    for entry in later:
        earlier.line.join(entry.line, reason="The same thing.")
    merged = entry_of(2028, "governance")
    Lineage.objects.create(later=entry_of(2029, "data"), earlier=merged, type=Lineage.Type.MERGED)
    series = OutsideSeries.objects.create(body="State CIOs", short_name="state CIOs’", slug="state-cios")
    outside = OutsideList.objects.create(series=series, year=2028, published_at=database_now())
    OutsideItem.objects.create(outside_list=outside, title="Data", place=2, line=earlier.line)
    Note.write(entry=entry_of(2028), user=phases.member_a, kind="reason", body="Words.", audience="members")


def test_every_page_asks_at_most_twelve_times_and_no_oftener_as_the_data_grows(phases):
    clients = {who: signed_in(phases, who) for who in OPENED_TO}

    def ask() -> dict[tuple[str | None, str], int]:
        return {(who, url): asked(clients[who], url) for who, urls in OPENED_TO.items() for url in urls}

    write_notes([phases.member_b])
    second = open_edition(make_edition(2026))  # beside 2028, so that there are years to compare
    rank(second, phases.member_a, *PRIORITIES)
    published(second)
    add_what_a_long_kept_entry_has(phases)
    Tally.objects.count_again(phases.published.list_of(Kind.PRIORITIES), reason="A mistake.", user=phases.curator)
    for kind in Kind:
        clients["member_a"].get(f"/2029/{kind}/")  # the first visit after a close counts the ballots
    before = ask()
    grow(phases)
    after = ask()
    for counts in (before, after):
        assert {visit: count for visit, count in counts.items() if count > MOST and visit[1] != ARCHIVE} == {}
    assert {
        visit: (before[visit], after[visit]) for visit in before if after[visit] != before[visit] and visit[1] != FEED
    } == {}


def test_a_monitor_asks_three_times_however_much_there_is(phases, settings):
    settings.METRICS_TOKEN = "a token of a monitor"
    counts = []
    for _ in range(2):
        counts.append(asked(Client(), "/metrics", authorization=f"Bearer {settings.METRICS_TOKEN}"))
        Mail.objects.bulk_create(
            Mail(kind="reply", to=f"{n}@mix.example", cause=f"{len(counts)}", subject="S", text="T") for n in range(9)
        )
    assert counts == [3, 3]


def test_the_ballots_page_asks_ten_questions(phases):
    """For the session, the person, the edition, ballot, placements, history, entries, voters; earlier and other ballot."""
    client = signed_in(phases, "member_a")
    assert [asked(client, url) for url in VOTERS[1:3]] == [10, 10]


@pytest.mark.parametrize("fragment", [True, False])
def test_a_save_asks_as_often_for_one_entry_as_for_eight(phases, fragment):
    client = signed_in(phases, "member_a")
    headers = {"HTTP_HX_REQUEST": "true"} if fragment else {}
    counts = []
    for version, many in ((1, 8), (2, 1), (3, 8)):
        form = {"version": version, "action": "cast"}
        form |= {
            f"rank-{slug_for(title)}": (number * 5 + version) % 7 + 1 for number, title in enumerate(PRIORITIES[:many])
        }
        with CaptureQueriesContext(connection) as queries:
            answer = client.post("/2030/priorities/ballot/", form, **headers)
        assert answer.status_code == (200 if fragment else 302)
        counts.append(len(queries))
    # with four for the mail that tells the delegate
    assert counts == [16] * 3
