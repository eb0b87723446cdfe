"""The compare page."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.models import Government
from mixportal.editions.models import Kind
from mixportal.results.models import Tally
from tests.reading import page, said, text, with_testid
from tests.worlds import closed, make_edition, open_edition, rank

URL = "/2030/priorities/compare/"
FRAGMENT = {"HTTP_HX_REQUEST": "true"}


def table(answer) -> dict[str, list[str]]:
    found = with_testid(page(answer), "compared")
    rows = [row for row in found.iter("tr") if row.find("td") is not None]
    return {text(row.find("th")): [text(cell) for cell in row.findall("td")] for row in rows}


def heads(answer) -> list[str]:
    found = with_testid(page(answer), "compared")
    return [
        next(span.text for span in head.iter("span")) for head in found.iter("th") if head.find("a/span") is not None
    ]


def test_mine_another_a_cohort_and_the_network_stand_side_by_side(network, sign_in):
    answer = sign_in(network.member_a).get(f"{URL}?g=halloran-county&cohort=kind-county")
    assert heads(answer) == [
        "Port Merrow County", "Halloran County", "Average of counties (14)", "Average of all 25"
    ]  # fmt: skip
    cells = table(answer)
    assert cells["Data"][:2] == ["6", "1"]
    assert cells["Workforce"][:2] == ["7", "2 = joint"]
    assert cells["Emergency Communications"][:2] == ["2", "– not ranked"]
    own_cells = [
        row.find("td") for row in with_testid(page(answer), "compared").iter("tr") if row.find("td") is not None
    ]
    assert {cell.get("class") for cell in own_cells} == {"shade-5"}


def test_in_words_they_say_how_alike_and_where_they_part(network, sign_in):
    told = text(page(sign_in(network.member_a).get(f"{URL}?g=halloran-county")))
    # of 28 pairs Halloran leaves open the two tied and the six among the four not ranked; Port Merrow orders all
    assert "You and Halloran County agree on 5 of the 21 pairs you both ranked." in told
    assert "You differ most on Citizen Engagement (1st and not ranked)." in told
    assert "Port Merrow County beside Halloran County" in told


def test_without_anybody_chosen_the_page_is_about_my_government(network, sign_in):
    told = text(page(sign_in(network.member_a).get(URL)))
    assert "Port Merrow County beside the network" in told
    assert "Where you differ most" in told
    assert "of the 24 others place it as high" in told
    assert "Random lists would give a best match of" in told
    assert "What you moved" not in told  # there is no earlier list of theirs


def test_a_curator_without_a_government_sets_one_beside_others(network, sign_in):
    client = sign_in(network.curator)
    assert "Compare the priorities of 2030" in text(page(client.get(URL)))
    told = text(page(client.get(f"{URL}?g=town-05&g=town-06")))
    assert "Town 05 beside Town 06" in told
    assert "Town 05 and Town 06 agree on" in told
    assert "You" not in said(client.get(f"{URL}?g=town-05&g=town-06"), "compared")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("g=town-03", "Town 03 cast no ballot that orders anything."),
        ("g=lone-key", "Lone Key cast no ballot that orders anything."),
        ("g=nowhere", "Nothing here is called “nowhere”."),
        ("g=%00%1b<b>x", "Nothing here is called “<b>x”."),
        ("cohort=kind-other", "There is no cohort “kind-other” to set beside the others."),
        ("cohort=west", "There is no cohort “west”"),
        ("&".join(f"g=town-{number:02}" for number in range(4, 14)), "Town 11 was left out: at most 8"),
    ],
)
def test_what_makes_no_sense_is_named_and_the_rest_counts(network, sign_in, query, words):
    answer = sign_in(network.member_a).get(f"{URL}?g=town-20&{query}")
    assert answer.status_code == 200
    assert words in said(answer, "ignored")
    assert "Town 20" in heads(answer)


@pytest.mark.parametrize(
    "query", ["sort=nonsense", "sort=-", "sort=halloran-county", "differences=yes", "g=", "q=", "by=x"]
)
def test_no_query_breaks_the_page(network, sign_in, query):
    assert sign_in(network.member_a).get(f"{URL}?{query}").status_code == 200
    assert sign_in(network.member_a).get(f"/2030/priorities/map/?{query}").status_code == 200


def test_any_column_sorts_both_ways(network, sign_in):
    client = sign_in(network.member_a)

    def order(query: str) -> list[str]:
        return list(table(client.get(f"{URL}?g=halloran-county&{query}")))

    mine = order("sort=you")
    assert mine[0] == "Citizen Engagement"
    assert mine[-1] == "Cybersecurity"
    assert order("sort=-you") == mine[::-1]
    assert order("sort=halloran-county")[0] == "Data"
    assert order("sort=entry") == sorted(mine)
    assert order("sort=-entry") == sorted(mine)[::-1]


def test_the_form_offers_who_can_be_added_and_keeps_who_is_chosen(network, sign_in):
    root = page(sign_in(network.member_a).get(f"{URL}?g=town-05&sort=-town-05"))
    form = next(each for each in root.iter("form") if each.get("class", "").startswith("choose"))
    chosen = [each.get("value") for each in form.iter("input") if each.get("type") == "checkbox"]
    assert chosen == ["town-05"]
    offered = [option.get("value") for option in form.findall(".//select[@name='g']/option")]
    assert offered[0] == ""
    assert "halloran-county" in offered
    assert not {"town-05", "port-merrow-county"} & set(offered)
    hidden = {each.get("name"): each.get("value") for each in form.iter("input") if each.get("type") == "hidden"}
    assert hidden == {"sort": "-town-05"}


def test_a_fragment_tells_the_address_without_what_was_left_empty(network, sign_in):
    answer = sign_in(network.member_a).get(f"{URL}?g=town-05&g=&g=halloran-county&cohort=", **FRAGMENT)
    assert answer["HX-Push-Url"] == f"{URL}?g=town-05&g=halloran-county"


def test_a_fragment_is_the_page_without_its_frame_and_says_what_stands_there(network, sign_in):
    answer = sign_in(network.member_a).get(f"{URL}?g=halloran-county", **FRAGMENT)
    body = " ".join(answer.content.decode().split())
    assert "<html" not in body
    assert "8 priorities; Port Merrow County beside Halloran County." in body
    assert "<title> Port Merrow County beside Halloran County · MIX</title>" in body


def test_the_table_is_a_file_as_well(network, sign_in):
    answer = sign_in(network.member_a).get("/2030/priorities/compare.csv?g=halloran-county&cohort=kind-county&sort=you")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:4] == ["slug", "title", "Port Merrow County", "Halloran County"]
    assert rows[1][:4] == ["citizen-engagement", "Citizen Engagement", "1", ""]
    tally = Tally.objects.get_or_compute(network.edition.list_of(Kind.PRIORITIES))
    assert float(rows[1][5]) == pytest.approx(tally.figures["average_place"][7])


def test_before_the_close_nobody_compares(world, sign_in):
    rank(world.edition, world.member_b, "Data", "Workforce")
    for who in ("member_a", "member_b", "curator"):
        client = sign_in(getattr(world, who))
        for url in (URL, "/2030/priorities/map/"):
            told = text(page(client.get(f"{url}?g=halloran-county")))
            assert "Until then no one sees how anyone else ranks" in told
            assert "Halloran County beside" not in told
        assert client.get("/2030/priorities/compare.csv").status_code == 404
        assert client.get("/2030/priorities/compare/cohorts/").status_code == 404


def test_leaders_visitors_and_former_members_compare_nobody(network, sign_in):
    for who, status in (("leader_a", 404), ("former", 404), (None, 302)):
        client = sign_in(getattr(network, who) if who else None)
        for url in (URL, "/2030/priorities/map/", "/2030/priorities/compare.csv"):
            assert client.get(url).status_code == status, (who, url)


def test_what_is_computed_stands_though_governments_change_their_names(network, sign_in):
    client = sign_in(network.member_a)
    client.get(URL)
    Government.objects.filter(slug="halloran-county").update(name="Halloran", slug="halloran")
    assert heads(client.get(f"{URL}?g=halloran"))[1] == "Halloran"
    tally = network.edition.list_of(Kind.PRIORITIES).tallies.get()
    assert tally.comparison["governments"].count(network.halloran.pk) == 1


def test_a_year_in_which_nobody_ordered_anything_says_so(phases, sign_in):
    empty = closed(open_edition(make_edition(2033)))
    for url in (f"/{empty.year}/priorities/compare/", f"/{empty.year}/challenges/map/"):
        assert "There is nothing to compare" in text(page(sign_in(phases.member_a).get(url)))
    assert sign_in(phases.member_a).get("/2033/priorities/compare.csv").status_code == 404
    assert "no result" in text(page(sign_in(phases.member_a).get("/2033/priorities/")))
    assert "Fewer than ten" in text(page(sign_in(phases.member_a).get("/2033/priorities/compare/cohorts/")))
    assert sign_in(phases.member_a).get("/2027/priorities/compare/").status_code == 404  # never ranked


def test_two_ballots_have_a_page_and_no_map(phases, sign_in):
    client = sign_in(phases.member_a)
    told = text(page(client.get("/2029/priorities/compare/?g=halloran-county")))
    assert "agree on none of the 28 pairs you both ranked" in told
    assert "A map needs at least three ballots." in text(page(client.get("/2029/priorities/map/")))


def test_a_comparison_asks_as_often_for_25_ballots_as_for_two(phases, network, sign_in):
    client = sign_in(network.member_a)
    for path in (
        "compare/?g=halloran-county&cohort=region-south&q=o",
        "compare.csv?g=halloran-county",
        "map/?g=halloran-county",
    ):
        counts = []
        for year in (2029, 2030):
            client.get(f"/{year}/priorities/{path}")
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"/{year}/priorities/{path}").status_code == 200
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 12, path
