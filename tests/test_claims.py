"""Every sentence with a figure follows from the places, ranges and counts that the pages show."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element

import pytest
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings

from members.models import User
from mixportal.announcements.mails import announce_results
from mixportal.editions.models import Kind, slug_for
from mixportal.mail.models import Mail
from mixportal.summaries.pdf import brief_html, summary_html
from tests.markup import parse
from tests.reading import page
from tests.results.claims import ListPage, place, sentences, unread
from tests.results.claims_of_briefs import Ours, claims_of_brief
from tests.results.claims_of_certainty import close_calls
from tests.results.claims_of_lists import PUBLIC
from tests.results.claims_of_trends import TrendsPage, claims_of_trends
from tests.results.random_worlds import ALL_TITLES, Draw, Network, World, network_of, worlds

pytestmark = pytest.mark.django_db
# a failing network is shown as it was drawn: to shrink it would take minutes
NETWORKS = settings(suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate])


def list_pages(client: Client, network: Network) -> dict[str, ListPage]:
    found = {}
    for kind in Kind:
        figures = client.get(f"/2030/{kind}/results.json").json()
        found[kind.value] = ListPage(kind.value, page(client.get(f"/2030/{kind}/")), figures, network.fed)
    if network.fed.has_earlier:
        shown, file = (client.get(f"/2029/priorities/{name}") for name in ("", "results.json"))
        found["priorities"].before = ListPage("priorities", page(shown), file.json(), network.fed)
    for kind, of in found.items():
        of.others = [other for name, other in found.items() if name != kind]
    return found


def feed_of_2030(client: Client) -> Element:
    entries = client.get("/feed/").content.decode().split("<entry>")
    entry = next(each for each in entries if "<title>The list of 2030" in each)
    return parse(re.search("<summary[^>]*>(.*?)</summary>", entry)[1])


def public_pages(network: Network) -> Mapping[str, str]:
    """The addresses that everybody opens, each with the list that it is about."""
    found = dict.fromkeys(("/2030/summary/", "/2030/slides/", "/2030/embed/", "/2030/"), "priorities")
    for kind in Kind:
        found[f"/2030/{kind}/"] = kind.value
        if network.edition.list_of(kind).tallies.exists():
            found[f"/2030/{kind}/results/"] = kind.value
        entries = network.edition.list_of(kind).entries.in_order()
        for entry in [*entries[:1], *entries[5:6]]:
            found[entry.get_absolute_url()] = kind.value
    return found


def wrong_on_trends(client: Client, lists: dict[str, ListPage]) -> list[str]:
    root = page(client.get("/trends/priorities/"))
    newest = lists["priorities"]
    by_year = {2030: newest} if newest.before is None else {2029: newest.before, 2030: newest}
    shown = TrendsPage(root, by_year)
    return shown.wrong_moves() + unread(sentences(root, ALL_TITLES), lists, "priorities", claims_of_trends(shown))


def wrong_in_mail(lists: dict[str, ListPage], network: Network) -> list[str]:
    """Read the mail about the results: all that has one of the first three places, with that place."""
    announce_results(network.edition)
    mail = Mail.objects.filter(kind="results").first()
    said = re.findall("(?:<li>|<p> Among the )(.*?) ?</(?:li|p)>", " ".join(mail.html.split()) if mail else "")
    shown = []
    for of in lists.values():
        shown += [f"{row.words} {row.title}" for row in of.rows.values() if row.place <= 3 and of.used]
        if calls := [words for words in close_calls(of) if place(words.split()[0]) <= 3]:
            are = "are too close to call"
            named = f"{calls[0]} {are}" if len(calls) == 1 else f"these places {are}: {'; '.join(calls)}"
            shown.append(f"{of.kind}, {named}.")
    return [] if mail and said == shown else [f"mail: {said} instead of {shown}"]


def wrong_on_public_pages(lists: dict[str, ListPage], network: Network) -> dict[str, list[str]]:
    client = Client()
    wrong = {
        url: unread(sentences(page(client.get(url)), ALL_TITLES), lists, kind, PUBLIC)
        for url, kind in public_pages(network).items()
    }
    paper = parse(summary_html(network.edition))
    wrong["paper"] = unread(sentences(paper, ALL_TITLES), lists, "priorities", PUBLIC)
    wrong["trends"] = wrong_on_trends(client, lists)
    return wrong | {"feed": unread(sentences(feed_of_2030(client), ALL_TITLES), lists, "priorities", PUBLIC)}


def wrong_in_briefs(lists: dict[str, ListPage], network: Network) -> dict[str, list[str]]:
    """Read the briefs of the first two governments as their leaders do."""
    wrong = {}
    titles = {slug_for(title): title for title in ALL_TITLES}
    for index, government in enumerate(network.governments[:2]):
        client = Client()
        client.force_login(
            User.objects.create_user(f"leader-{index}@mix.example", role="leader", government=government)
        )
        ours = {kind.value: Ours(network.orders[kind][index], titles, lists[kind]) for kind in Kind}
        shown = sentences(page(client.get(f"/governments/{government.slug}/2030/")), ALL_TITLES)
        wrong[government.name] = unread(shown, lists, "priorities", claims_of_brief(ours))
        paper = parse(brief_html(government, network.edition))
        wrong[f"{government.name}, on paper"] = unread(
            sentences(paper, ALL_TITLES), lists, "priorities", claims_of_brief(ours)
        )
    return wrong


def wrong_sentences(world: World) -> dict[str, list[str]]:
    with network_of(world) as network:
        lists = list_pages(Client(), network)
        wrong = wrong_on_public_pages(lists, network) | wrong_in_briefs(lists, network)
        wrong["mail"] = wrong_in_mail(lists, network)
    return {where: found for where, found in wrong.items() if found}


# one list only, two that divide, many that agree, ties among few, level ballots, and a year before
WORLDS = [
    World(1, 12, Draw(8, 12, "steady", level=3), Draw(3, 12, "few"), Draw(8, 12, "random", kept=0)),
    World(2, 30, Draw(8, 30, "divided"), Draw(5, 0, "random")),
    World(3, 30, Draw(13, 30, "alike", level=1, kept=8), Draw(5, 28, "ties"), Draw(8, 30, "alike")),
    World(4, 9, Draw(8, 9, "ties"), Draw(2, 9, "level")),
    World(5, 21, Draw(7, 21, "equal"), Draw(3, 20, "alike", level=1)),
    World(1162, 10, Draw(7, 2, "alike", level=3, kept=2), Draw(3, 10, "random", kept=6), Draw(8, 5, "divided", kept=0)),
]


@pytest.mark.parametrize("world", WORLDS, ids=range(1, 7))
def test_what_pages_say_follows_from_what_they_show(world: World):
    assert not wrong_sentences(world)


@settings(NETWORKS, max_examples=4)
@given(worlds(seats=(1, 2, 11)))
def test_what_pages_say_of_a_few_governments_follows_from_what_they_show(world: World):
    assert not wrong_sentences(world)


@pytest.mark.slow
@settings(NETWORKS, max_examples=150)
@given(worlds())
def test_what_pages_say_of_any_network_follows_from_what_they_show(world: World):
    assert not wrong_sentences(world)
