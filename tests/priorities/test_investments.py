"""Investments as readers see them: counted, drawn and listed."""

from __future__ import annotations

import re

import pytest

from members.models import Government, User
from priorities.investments import investments_in
from priorities.models import Investment
from tests.priorities.conftest import priority, tell, told_at_once
from tests.reading import page, text
from tests.test_queries import asked
from tests.worlds import published, seat_governments

URL = "/2030/priorities/cybersecurity/"


@pytest.fixture
def told(world):
    """Of 26 governments 12 answer publicly, 5 to members, and 3 (with Port Merrow) to nobody else."""
    users, entry = seat_governments(24), priority(world.edition)
    told_at_once(users[:8], entry, status="under_way", audience="public")
    told_at_once(users[8:12], entry, status="in_place", audience="public")
    told_at_once(users[12:17], entry, status="planned", audience="members")
    told_at_once(users[17:19], entry, status="not_planned", audience="government")
    tell(world.member_a, entry, audience="government", summary="Only for Port Merrow.")
    return world


def test_members_read_how_many_of_all_seats_and_how_many_have_not_said(told, sign_in):
    for who in (told.member_b, told.curator):
        body = text(page(sign_in(who).get(URL)))
        assert "8 of 26 governments have it under way, 4 in place and 5 planned. 9 have not said." in body
        assert "Only for Port Merrow" not in body


def test_the_own_government_reads_its_own_and_the_same_figures(told, sign_in):
    for who in (told.member_a, told.delegate_a):
        body = text(page(sign_in(who).get(URL)))
        assert "8 of 26 governments have it under way" in body
        assert "Only for Port Merrow" in body


def test_leaders_read_what_is_public_and_what_their_own_government_told(told, sign_in):
    body = text(page(sign_in(told.leader_a).get(URL)))
    assert "Of the 12 governments that said so publicly, 8 have it under way and 4 in place." in body
    assert "Only for Port Merrow" in body
    assert "5 planned" not in body
    assert "/governments/town-15/" not in sign_in(told.leader_a).get(URL).content.decode()  # tells members alone


def test_visitors_read_what_is_public_once_the_list_is(told, client):
    assert client.get(URL).status_code == 404
    published(told.edition)
    body = text(page(client.get(URL)))
    assert "Of the 12 governments that said so publicly, 8 have it under way" in body
    assert "Only for Port Merrow" not in body
    assert "have not said" not in body


def test_under_ten_answers_leaders_and_visitors_get_words_and_names_but_no_figure(told, sign_in):
    Investment.objects.filter(audience="public", status="in_place").delete()
    leader = page(sign_in(told.leader_a).get(URL))
    assert "Fewer than 10 governments have said in public what they do" in text(leader)
    assert "How far governments are" not in text(leader)
    assert "How far governments are" in text(page(sign_in(told.member_b).get(URL)))


def test_every_figure_is_of_what_the_same_reader_finds_by_name(told):
    entry = priority(told.edition)
    for who in (told.member_a, told.leader_a, told.member_b, told.curator):
        shown = investments_in(entry, who)
        assert {each.pk for each in shown.counted} <= {each.pk for each in shown.told}
        assert sum(shown.all.cells) == len(shown.counted)


def test_a_split_for_leaders_needs_ten_answers_in_each_part(told):
    entry = priority(told.edition)
    assert [group.name for group in investments_in(entry, told.leader_a).groups] == ["All governments (12)"]
    names = [group.name for group in investments_in(entry, told.member_b).groups]
    assert names[:3] == ["All governments (26)", "Cities (24)", "Counties (2)"]
    assert names[3:] == ["250,000 to 750,000 (7)", "Above 750,000 (19)"]
    Government.objects.filter(seat__in=(*range(8, 15), *range(20, 24))).update(kind="county")
    rest = list(User.objects.filter(government__seat__in=range(22, 27)))
    told_at_once([*rest, told.member_b], entry, status="planned", audience="public")
    assert [group.name for group in investments_in(entry, told.leader_a).groups] == ["All governments (18)"]
    Investment.objects.filter(audience="members").update(audience="public")
    split = [(group.name, group.of) for group in investments_in(entry, told.leader_a).groups]
    assert split == [("All governments (23)", 23), ("Cities (13)", 13), ("Counties (10)", 10)]


def test_members_ask_an_investor_from_the_list_in_a_question_that_names_it(told, sign_in):
    tell(told.member_b, priority(told.edition), audience="public", summary="We did it.")
    body = page(sign_in(told.member_a).get(URL))
    ask = next(link.get("href") for link in body.iter("a") if text(link) == f"Ask {told.halloran}")
    opened = page(sign_in(told.member_a).get(URL + ask.partition("#")[0]))
    write = next(each for each in opened.iter("details") if each.get("id") == ask.partition("#")[2])
    assert write.get("open") is not None
    assert text(next(write.iter("textarea"))) == f"@{told.halloran.slug}"
    assert next(each.get("value") for each in write.iter("input") if each.get("checked") is not None) == "question"


@pytest.mark.parametrize("slug", ["", "nowhere", "<b>"])
def test_a_question_to_a_government_that_told_nothing_begins_blank(told, sign_in, slug):
    opened = page(sign_in(told.member_a).get(URL, {"ask": slug}))
    write = next(each for each in opened.iter("details") if each.get("id") == "write")
    assert (write.get("open"), text(next(write.iter("textarea")))) == (None, "")


def test_leaders_who_write_nothing_are_offered_no_question(told, sign_in):
    tell(told.member_b, priority(told.edition), audience="public", summary="We did it.")
    assert "?ask=" not in sign_in(told.leader_a).get(URL).content.decode()


def test_words_of_a_government_are_data(told, sign_in):
    tell(told.member_b, priority(told.edition), audience="public", summary='<img src=x onerror="alert(1)"> & more')
    body = sign_in(told.leader_a).get(URL).content.decode()
    assert "<img src=x" not in body
    assert "&lt;img src=x" in body


def test_a_profile_shows_what_is_told_to_its_reader(told, sign_in, client):
    tell(told.member_a, priority(told.edition, "Data"), audience="public", summary="For everybody.")
    url = "/governments/port-merrow-county/"
    for who, own, public in (
        (told.member_a, True, True), (told.leader_a, True, True), (told.member_b, False, True), (None, False, False),
    ):  # fmt: skip
        body = text(page(sign_in(who).get(url)))
        assert ("Only for Port Merrow" in body, "For everybody." in body) == (own, public), who
    published(told.edition)
    assert "For everybody." in text(page(client.get(url)))
    assert "Only for Port Merrow" not in text(page(client.get(url)))


def test_entry_and_profile_ask_one_more_question_however_much_is_told(world, sign_in):
    client = sign_in(world.member_b)
    before = [asked(client, url) for url in (URL, "/governments/port-merrow-county/")]
    told_at_once([world.member_a, *seat_governments(20)], priority(world.edition), status="planned", audience="members")
    assert [asked(client, url) for url in (URL, "/governments/port-merrow-county/")] == before
    assert before[0] <= 12


def test_the_csv_holds_what_its_reader_may_see_and_no_formula(told, sign_in):
    tell(told.member_b, priority(told.edition, "Data"), summary="=1+1", staff="1.5")
    url = "/2030/priorities/investments.csv"
    lines = {
        who: sign_in(getattr(told, who)).get(url).content.decode("utf-8-sig").splitlines()
        for who in ("member_a", "curator")
    }
    assert lines["curator"][0] == "government,priority,status,cost,staff,from_year,to_year,audience,summary"
    assert "halloran-county,data,under_way,,1.5,,,members,'=1+1" in lines["curator"]
    assert len(lines["curator"]) == 1 + 17 + 1
    assert set(lines["member_a"]) - set(lines["curator"]) == {
        "port-merrow-county,cybersecurity,under_way,,,,,government,Only for Port Merrow."
    }
    assert sign_in(told.leader_a).get(url).status_code == 404


def test_a_bar_is_as_long_as_its_group_is_large(told):
    shown = investments_in(priority(told.edition), told.curator)

    def length(group) -> int:
        return round(sum(float(width) + 0.3 for width in re.findall(r'width="([\d.]+)%"\s+height="16"', group.bar)))

    assert {group.title: length(group) for group in shown.groups if group in (shown.all, *shown.by_kind)} == {
        "All governments": 100,
        "Cities": round(100 * 24 / 26),
        "Counties": round(100 * 2 / 26),
    }
    assert [group.title for group in shown.drawn] == ["All governments", "Cities"]  # two counties are too few
    leader = investments_in(priority(told.edition), told.leader_a)
    assert length(leader.all) == 100
