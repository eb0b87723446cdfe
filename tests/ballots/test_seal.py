"""The seal: before the close, nothing that others can fetch depends on how a government ranks."""

from __future__ import annotations

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from members.models import User
from mixportal.ballots.models import Ballot
from mixportal.editions.models import Kind
from tests.access_table import ACCOUNT, SIGN_IN
from tests.fuzz.pages import admin_addresses, fill, portal_addresses
from tests.reading import content, page, said, text
from tests.test_access import address, known_names
from tests.test_templates import crawl as follow_links
from tests.worlds import CHALLENGES, PRIORITIES, TITLES, rank, seat_governments

OTHERS = ("visitor", "former", "leader_a", "leader_b", "member_b", "curator")
FRAGMENT = {"HTTP_HX_REQUEST": "true"}
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')


@pytest.fixture
def sealed(world):
    """Port Merrow has cast both ballots and edits them; the users of other governments look."""
    world.leader_b = User.objects.create_user("b@b.example", name="Bo Leader", role="leader", government=world.halloran)
    world.delegate_b = User.objects.create_user("d@b.example", name="Di", role="delegate", government=world.halloran)
    seat_governments(4)
    rank(world.edition, world.member_a, *PRIORITIES)
    rank(world.edition, world.member_a, *CHALLENGES, kind=Kind.CHALLENGES)
    return world


def admin_pages() -> list[str]:
    """Return the URLs of all our lists, forms and histories in the admin."""
    found = [reverse("admin:index"), reverse("admin:record"), f"{reverse('admin:record')}?who=Rosa"]
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        found += [reverse(f"{name}_changelist"), reverse(f"{name}_add")]
        for pk in model._default_manager.values_list("pk", flat=True)[:1]:
            found += [reverse(f"{name}_change", args=[pk]), reverse(f"{name}_history", args=[pk])]
    return found


def known_addresses() -> list[str]:
    # those of one's account show challenges drawn by lot and one's own sessions, and know of no ballot
    addresses = [address(name, 2030) for name in sorted(known_names() - set(ACCOUNT) - set(SIGN_IN))]
    addresses += [f"/2030/{kind}/{slug}/" for kind, slug in (("priorities", "data"), ("challenges", "it-governance"))]
    addresses += [f"/governments/{slug}/" for slug in ("port-merrow-county", "halloran-county", "town-03")]
    return [*addresses, "/2030/priorities/?sort=place", "/?q=Cybersecurity", "/2030/priorities/ballot/?chosen=data"]


def signed_in(world, who: str) -> Client:
    client = Client()
    if who != "visitor":
        client.force_login(getattr(world, who))
        client.get("/about/")  # the first visit of an hour sets a cookie
    return client


def crawl(world, who: str, addresses: list[str] | None = None) -> dict[tuple[str, str], tuple]:
    """Return status, headers and body of each URL, as page and fragment, by GET and HEAD."""
    caches["pages"].clear()  # a page kept since the last crawl would say nothing of this one
    client = signed_in(world, who)
    ways = [("page", client.get, {})]
    if addresses or who in ("visitor", "member_b"):
        ways.append(("fragment", client.get, FRAGMENT))
    if who in ("visitor", "member_b"):
        ways.append(("head", client.head, {}))
    fetches = [(url, *way) for url in addresses or known_addresses() for way in ways]
    if who == "curator":
        fetches += [(url, *ways[0]) for url in admin_pages()]
    found = {}
    for url, how, method, headers in fetches:
        answer = method(url, **headers)
        drawn = ("csrftoken", "sessionid")  # at random for each client
        cookies = {name: None if name in drawn else morsel.value for name, morsel in answer.cookies.items()}
        kept = sorted((name, value) for name, value in answer.headers.items() if name != "Expires")
        found[url, how] = (answer.status_code, kept, cookies, TOKEN.sub("", content(answer)))
    return found


@pytest.mark.usefixtures("stopped_clock")  # records.zip and forms of the admin name the minute
@pytest.mark.parametrize("who", OTHERS)
def test_no_page_for_others_changes_when_a_government_ranks_differently(sealed, who, count):
    before = crawl(sealed, who)
    rank(sealed.edition, sealed.delegate_a, *reversed(PRIORITIES))
    rank(sealed.edition, sealed.member_a, ("Workforce", "Data"), "Cybersecurity", action="save")
    rank(sealed.edition, sealed.member_a, CHALLENGES[1], kind=Kind.CHALLENGES)
    after = crawl(sealed, who)
    assert before.keys() == after.keys()
    differing = [where for where in before if before[where] != after[where]]
    count("sealed crawl", responses=len(before) + len(after), differing=len(differing))
    assert differing == []


@pytest.mark.slow
@pytest.mark.usefixtures("stopped_clock")
@pytest.mark.parametrize("who", OTHERS)
def test_no_page_that_any_link_leads_to_changes_when_a_government_ranks_differently(phases, write, who, count):
    world = fill(phases, write)
    world.leader_b = User.objects.create_user("b@b.example", name="Bo Leader", role="leader", government=world.halloran)
    addresses = {*known_addresses(), *follow_links(signed_in(world, who), [], 1)}
    addresses |= {each.url() for each in portal_addresses(world)}
    if who == "curator":
        addresses |= {each.url() for each in admin_addresses(world)}
    addresses = {each for each in addresses if not each.startswith("/account/")}
    before = crawl(world, who, sorted(addresses))
    rank(world.edition, world.member_a, *PRIORITIES[::2])
    rank(world.edition, world.delegate_a, PRIORITIES[1:3], PRIORITIES[5], action="save")
    rank(world.edition, world.member_a, CHALLENGES[1], kind=Kind.CHALLENGES)
    after = crawl(world, who, sorted(addresses))
    differing = [where for where in before if before[where] != after[where]]
    count("sealed crawl", responses=len(before) + len(after), differing=len(differing))
    assert differing == []


@pytest.mark.usefixtures("stopped_clock")
def test_the_comparison_would_notice_what_the_government_itself_sees(sealed):
    """For the government's own member the same crawl differs, only on the pages of its ballot."""
    before = crawl(sealed, "member_a")
    rank(sealed.edition, sealed.delegate_a, *reversed(PRIORITIES), action="save")
    after = crawl(sealed, "member_a")
    changed = {where[0] for where in before if before[where] != after[where]}
    assert "/2030/priorities/ballot/" in changed
    assert {url.partition("?")[0] for url in changed} <= {
        "/", "/2030/", *(f"/2030/priorities/ballot/{page}" for page in ("", "reasons/", "receipt/")),
        *(f"/governments/port-merrow-county/{own}" for own in ("history/", "history.csv")),
    }  # fmt: skip


def test_only_members_and_curators_see_who_has_cast(sealed, sign_in):
    for who, sees in (
        ("member_b", True),
        ("delegate_b", True),
        ("curator", True),
        ("leader_b", False),
        ("former", False),
    ):
        for url in ("/", "/2030/"):
            told = text(page(sign_in(getattr(sealed, who)).get(url)))
            assert ("1 of 6 governments has cast a ballot of priorities" in told) is sees, (who, url)
            assert ("Have cast: Port Merrow County" in told) is sees


def test_a_saved_ballot_that_is_not_cast_is_not_even_counted(sealed, sign_in):
    rank(sealed.edition, sealed.member_b, *PRIORITIES, action="save")
    told = text(page(sign_in(sealed.curator).get("/2030/")))
    assert "1 of 6 governments has cast a ballot of priorities" in told


PORT, HALLORAN = "Port Merrow County", "Halloran County"


@pytest.mark.parametrize(
    ("who", "before", "after"),
    [
        ("visitor", [], []),
        ("former", [], []),
        ("leader_a", [], [PORT]),
        ("leader_b", [], [HALLORAN]),
        ("member_a", [PORT], [HALLORAN, PORT]),
        ("delegate_a", [PORT], [HALLORAN, PORT]),
        ("member_b", [HALLORAN], [HALLORAN, PORT]),
        ("curator", [], [HALLORAN, PORT]),
    ],
)
def test_the_query_that_holds_the_seal_gives_everybody_the_ballots_that_they_may_see(sealed, who, before, after):
    user = AnonymousUser() if who == "visitor" else getattr(sealed, who)
    for kind, titles in TITLES.items():
        rank(sealed.edition, sealed.member_b, *titles, kind=kind)
        seen = sealed.edition.list_of(kind).ballots.visible_to(user).by_government()
        assert [each.government.name for each in seen] == before
    sealed.edition.close_now()
    for kind in Kind:
        seen = sealed.edition.list_of(kind).ballots.visible_to(user).by_government()
        assert [each.government.name for each in seen] == after


def test_a_ballot_that_was_never_cast_stays_its_governments_own_after_the_close(sealed):
    rank(sealed.edition, sealed.member_b, "Data", action="save")
    sealed.edition.close_now()
    for who in ("member_a", "leader_a", "leader_b", "former", "curator"):
        seen = sealed.edition.list_of(Kind.PRIORITIES).ballots.visible_to(getattr(sealed, who))
        assert not seen.filter(government=sealed.halloran).exists(), who
    for who in ("member_b", "delegate_b"):
        seen = sealed.edition.list_of(Kind.PRIORITIES).ballots.visible_to(getattr(sealed, who))
        assert seen.filter(government=sealed.halloran).exists(), who


@pytest.mark.parametrize("who", ["leader_a", "member_a"])
def test_staff_see_a_sealed_ballot_only_if_they_vote_for_its_government(sealed, who):
    User.objects.filter(pk=getattr(sealed, who).pk).update(is_staff=True)
    seen = sealed.edition.list_of(Kind.PRIORITIES).ballots.visible_to(User.objects.get(pk=getattr(sealed, who).pk))
    assert [ballot.government for ballot in seen] == ([sealed.port] if who == "member_a" else [])


def test_a_member_who_is_also_a_curator_sees_only_their_own_ballot(sealed):
    rank(sealed.edition, sealed.member_b, *PRIORITIES)
    sealed.member_b.is_staff = True
    sealed.member_b.save()
    assert {ballot.government for ballot in Ballot.objects.visible_to(sealed.member_b)} == {sealed.halloran}


def test_after_the_close_the_network_sees_each_cast_ballot_by_name_and_no_draft(sealed, sign_in):
    rank(sealed.edition, sealed.member_b, "Workforce", ("Data", "Governance"))
    rank(sealed.edition, sealed.member_b, "Social Media", action="save")  # written on, never cast again
    town = User.objects.get(email="town-03@town.example")
    rank(sealed.edition, town, "Data", action="save")  # never cast at all
    sealed.edition.close_now()
    for who in ("member_a", "member_b", "delegate_b", "curator"):
        answer = sign_in(getattr(sealed, who)).get("/2030/priorities/ballots.csv")
        assert answer.content.decode("utf-8-sig").splitlines() == [
            "government,cybersecurity,workforce,data,governance,social-media,technology-infrastructure,"
            "emergency-communications,citizen-engagement",
            "halloran-county,,1,2,2,,,,",
            "port-merrow-county,1,2,3,4,5,6,7,8",
        ]
    for who, status in (("leader_b", 404), ("former", 404)):
        assert sign_in(getattr(sealed, who)).get("/2030/priorities/ballots.csv").status_code == status
    assert Client().get("/2030/priorities/ballots.csv").status_code == 302


def test_after_the_close_a_leader_sees_only_their_own_governments_places(sealed, sign_in):
    rank(sealed.edition, sealed.member_b, *reversed(PRIORITIES))
    for member in seat_governments(10, first_seat=20):
        rank(sealed.edition, member, *PRIORITIES)
    sealed.edition.close_now()
    told = text(page(sign_in(sealed.leader_b).get("/2030/priorities/")))
    assert "you: 1st" in told
    assert "Port Merrow" not in told
    visible = Ballot.objects.visible_to(sealed.leader_b)
    assert [ballot.government for ballot in visible] == [sealed.halloran]


def test_a_former_member_sees_what_a_visitor_sees(sealed, sign_in):
    sealed.edition.close_now()
    assert Ballot.objects.visible_to(sealed.former).count() == 0
    for url in ("/2030/", "/2030/priorities/", "/2030/priorities/results.csv"):
        assert sign_in(sealed.former).get(url).status_code == 404


def test_logs_contain_no_place_and_no_name(sealed, sign_in, caplog):
    client = sign_in(sealed.member_a)
    url = "/2030/priorities/ballot/"
    caplog.set_level("DEBUG", logger="django.request")
    client.post(url, {"version": "9", "rank-data": "1", "rank-workforce": "17"})
    client.post(url, {"version": "2", "rank-data": "seventeen", "rank-workforce": "17"})
    sealed.edition.close_now()
    client.post(url, {"version": "2", "rank-data": "1", "rank-workforce": "17"})
    told = " ".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
    assert "ballot" in told
    for secret in ("seventeen", "rank-", "workforce", "Port Merrow", "Delgado"):
        assert secret not in told


def test_the_list_of_an_open_edition_says_that_nobody_sees_any_place(sealed, sign_in):
    for who in ("leader_a", "member_b", "curator"):
        client = sign_in(getattr(sealed, who))
        assert "no one sees how anyone ranked" in text(page(client.get("/2030/priorities/")))
        assert "No one sees any place before the close" in text(page(client.get("/2030/priorities/data/")))
        assert said(client.get("/2030/priorities/"), "tally") == ""
