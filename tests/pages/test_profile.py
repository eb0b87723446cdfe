"""The page of a government."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.models import Government, Office
from mixportal.editions.models import Edition, Kind
from mixportal.results.models import Tally
from mixportal.results.publishing import publish
from tests.reading import links, page, text
from tests.worlds import PRIORITIES, make_edition, make_government, open_edition, published, rank

PORT, HALLORAN = "/governments/port-merrow-county/", "/governments/halloran-county/"


def years(answer) -> dict[str, str]:
    """Return the text of each edition by its heading."""
    sections = [each for each in page(answer).iter("section") if each.get("class") == "part"]
    return {text(each.find("h3")): text(each.find("div")) for each in sections}


def orders(answer) -> dict[str, list[str]]:
    details = [each for each in page(answer).iter("details") if each.get("class") == "more"]
    return {text(each.find("summary")): [text(item) for item in each.iter("li")] for each in details}


@pytest.fixture
def view(phases, sign_in):

    def view(who: str | None, url: str = PORT):
        answer = sign_in(getattr(phases, who) if who else None).get(url)
        assert answer.status_code == 200
        return answer

    return view


@pytest.mark.parametrize("who", [None, "former", "gone_curator"])
def test_outsiders_see_turnout_of_published_editions_alone_and_no_order(view, who):
    answer = view(who)
    assert years(answer) == {"2028 published": "Priorities Cast a ballot. Challenges Cast a ballot."}
    assert orders(answer) == {}
    for hidden in ("2029", "2030", "2031", "Delgado"):
        assert hidden not in answer.content.decode()


@pytest.mark.parametrize("who", ["member_b", "delegate_a", "curator", "bare_staff"])
def test_insiders_see_who_has_cast_while_open_and_every_order_after_the_close(view, who):
    shown = years(view(who))
    assert list(shown) == ["2030 open", "2029 closed", "2028 published"]
    assert shown["2030 open"].startswith("Priorities Has cast a ballot.")
    assert list(orders(view(who))) == [
        f"Its order of {kind}, {year}" for year in (2029, 2028) for kind in ("priorities", "challenges")
    ]
    expected = [f"{place} {title}" for place, title in enumerate(PRIORITIES, start=1)]
    assert orders(view(who))["Its order of priorities, 2029"] == expected
    assert orders(view(who, HALLORAN))["Its order of priorities, 2029"][0] == f"1 {PRIORITIES[-1]}"


def test_a_leader_sees_the_own_governments_part_after_the_close_and_of_others_what_is_published(view):
    assert list(years(view("leader_a"))) == ["2029 closed", "2028 published"]
    assert len(orders(view("leader_a"))) == 4
    assert list(years(view("leader_a", HALLORAN))) == ["2028 published"]
    assert orders(view("leader_a", HALLORAN)) == {}
    assert "Delgado" not in view("leader_a", HALLORAN).content.decode()


def test_an_order_of_an_open_edition_is_nowhere_on_the_page_not_even_for_its_own_people(view):
    for who in ("member_a", "delegate_a", "leader_a", "member_b", "curator"):
        answer = view(who)
        assert not any("2030" in heading for heading in orders(answer))
        assert "/2030/priorities/cybersecurity/" not in links(page(answer))


def test_whoever_may_rank_for_it_is_led_to_the_ballot_that_is_open(view):
    assert "/2030/priorities/ballot/" in links(page(view("member_a")))
    for who, url in (("member_a", HALLORAN), ("curator", PORT), ("leader_a", PORT), (None, PORT)):
        assert "/2030/priorities/ballot/" not in links(page(view(who, url)))


def test_who_has_not_cast_or_held_no_seat_is_said_for_each_kind(phases, sign_in):
    client = sign_in(phases.curator)
    client.get(PORT)  # whoever looks first has 2029 counted
    newcomer = make_government("Newcomer", 3)
    rank(phases.open, phases.member_b, action="uncast")
    assert years(client.get(newcomer.get_absolute_url())) == {
        "2030 open": "Priorities Has not cast yet. Challenges Has not cast yet.",
        "2029 closed": "Priorities Held no seat. Challenges Held no seat.",
        "2028 published": "Priorities Held no seat. Challenges Held no seat.",
    }
    assert years(client.get(HALLORAN))["2030 open"] == "Priorities Has not cast yet. Challenges Has cast a ballot."


def test_a_ballot_of_a_government_that_left_before_the_close_is_not_said_to_be_cast(world, sign_in):
    rank(world.edition, world.member_a, *PRIORITIES)
    rank(world.edition, world.member_b, *PRIORITIES)
    Government.objects.filter(pk=world.halloran.pk).update(seat=None)
    published(world.edition)
    answer = sign_in(world.member_a).get(HALLORAN)
    assert years(answer)["2030 published"] == "Priorities Held no seat. Challenges Held no seat."
    assert orders(answer) == {}
    assert years(sign_in(None).get(PORT))["2030 published"] == "Priorities Cast a ballot. Challenges Cast no ballot."


def test_a_government_that_was_renamed_since_keeps_its_part(phases, client):
    Government.objects.filter(pk=phases.port.pk).update(slug="port-merrow")
    assert years(client.get("/governments/port-merrow/"))["2028 published"].startswith("Priorities Cast a ballot.")


def test_the_first_to_look_after_the_close_learns_it_too(phases, sign_in):
    assert not Tally.objects.filter(annual_list__kind=Kind.PRIORITIES, annual_list__edition=phases.closed).exists()
    answer = sign_in(phases.member_b).get(PORT)
    assert years(answer)["2029 closed"].startswith("Priorities Cast a ballot.")
    assert Tally.objects.filter(annual_list__kind=Kind.PRIORITIES, annual_list__edition=phases.closed).exists()


def test_ties_share_their_number_and_what_was_not_ranked_is_not_listed(world, sign_in):
    rank(world.edition, world.member_a, "Data", ("Workforce", "Governance"), "Cybersecurity")
    rank(world.edition, world.member_a, "Shadow IT", kind=Kind.CHALLENGES)
    rank(world.edition, world.member_a, "Social Media", action="save")  # a working copy, which does not count
    published(world.edition)
    assert orders(sign_in(world.member_b).get(PORT)) == {
        "Its order of priorities, 2030": ["1 Data", "2 Workforce", "2 Governance", "4 Cybersecurity"],
        "Its order of challenges, 2030": ["1 Shadow IT"],
    }


def test_before_anything_was_ranked_the_page_says_so(db, client):
    publish(make_edition(2027))
    government = make_government("Port Merrow County", 1)
    answer = client.get(government.get_absolute_url())
    assert years(answer) == {}
    assert "No edition that was ranked is public yet." in text(page(answer))


def test_a_fact_stands_with_its_year_and_one_that_is_not_recorded_is_left_out(world, client):
    answer = text(page(client.get(PORT)))
    assert "300,000 (2025)" in answer
    assert "IT budget" not in answer
    Government.objects.filter(pk=world.port.pk).update(annual_it_budget=1_500_000, it_staff="12.5")
    answer = text(page(client.get(PORT)))
    assert "$1,500,000 a year" in answer
    assert "12.5 full-time equivalents" in answer


def test_people_stand_by_role_and_offices_by_year_those_without_one_last(world, sign_in):
    for name, year in (("Una Dated", None), ("Early Bird", 1991), ("Late Riser", 2014)):
        Office.objects.create(person_name=name, government=world.port, from_year=year)
    answer = text(page(sign_in(world.member_b).get(PORT)))
    order = [answer.index(name) for name in ("Late Riser", "Early Bird", "Una Dated")]
    assert order == sorted(order)
    order = [answer.index(name) for name in ("Rosa Delgado", "Ines Marchetti", "Lee Park")]
    assert order == sorted(order)


def test_a_government_without_people_says_so_to_insiders(world, sign_in):
    government = make_government("Newcomer", 3)
    assert "No one does at the moment." in text(page(sign_in(world.member_a).get(government.get_absolute_url())))


def test_the_profile_asks_as_many_queries_at_ten_times_the_editions(phases, sign_in):
    viewers = {who: sign_in(getattr(phases, who) if who else None) for who in (None, "leader_a", "member_b", "curator")}

    def counts() -> dict:
        found = {}
        for who, client in viewers.items():
            client.get(PORT)  # the tally's first computing
            with CaptureQueriesContext(connection) as asked:
                assert client.get(PORT).status_code == 200
            found[who] = len(asked)
        return found

    few = counts()
    for year in range(2032, 2046):
        edition = open_edition(make_edition(year))
        rank(edition, phases.member_a, *PRIORITIES)
        edition = published(edition) if year % 2 else Edition.objects.get(pk=edition.pk)
    assert counts() == few
    assert few == {None: 1, "leader_a": 9, "member_b": 10, "curator": 10}
