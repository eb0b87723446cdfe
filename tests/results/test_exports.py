"""The exports results.csv, results.json and ballots.csv agree with the pages and each other."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from members.models import Government, User
from mixportal import consensus
from mixportal.ballots.models import Ballot, receipt_of
from mixportal.editions.models import AnnualList, Edition, Kind
from mixportal.results.models import Tally
from mixportal.results.publishing import publish
from mixportal.tables.writer import csv_response, escape_formula, unescape_formula
from priorities.models import Priority
from tests.kept_rows import made_once
from tests.reading import page, said, text
from tests.worlds import CHALLENGES, PRIORITIES, cast_at_once, closed, make_edition, published, rank, seat_governments

COLUMNS = "place,joint,slug,title,average_place,interval_low,interval_high,top3,ranked_by,ballots,q1,median,q3,polarisation,word"
BASE = "/2030/priorities"


def rows_of(answer) -> list[dict[str, str]]:
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.fixture
def closing(world):
    """Return a function with which n governments cast both lists, the ballots close and are counted."""
    return lambda count: made_once(f"closing after {count}", lambda: close_after(count, world))


def close_after(count: int, world) -> Edition:
    members = [world.member_a, world.member_b, *seat_governments(62)][:count]
    for number, member in enumerate(members):
        turned = PRIORITIES[number % 3 :] + PRIORITIES[: number % 3]
        rank(world.edition, member, turned[0], (turned[1], turned[2]), *turned[3 : 8 - number % 4])
        rank(world.edition, member, *CHALLENGES[number % 2 :], kind=Kind.CHALLENGES)
    edition = closed(world.edition)
    for annual_list in AnnualList.objects.filter(edition=edition):
        Tally.objects.get_or_compute(annual_list)
    return edition


def test_results_csv_has_the_columns_of_the_design_in_the_networks_order(world, closing, sign_in):
    closing(21)
    answer = sign_in(world.member_a).get(f"{BASE}/results.csv")
    assert answer.content.decode("utf-8-sig").split("\r\n")[0] == COLUMNS
    rows = rows_of(answer)
    places = [int(row["place"]) for row in rows]
    assert len(rows) == 8
    assert places == sorted(places)
    for row in rows:
        lower = sum(float(other["average_place"]) < float(row["average_place"]) for other in rows)
        assert int(row["place"]) == 1 + lower
        same = sum(other["average_place"] == row["average_place"] for other in rows)
        assert row["joint"] == ("yes" if same > 1 else "no")
        assert row["ballots"] == "21"
        assert int(row["interval_low"]) <= int(row["place"]) <= int(row["interval_high"])
        assert float(row["q1"]) <= float(row["median"]) <= float(row["q3"])
        assert 0 <= float(row["polarisation"]) <= 1
        assert row["word"] in ("agreed", "mixed", "divided", "few ranked it")
    assert {row["slug"]: row["title"] for row in rows}["social-media"] == "Social Media"


def test_every_file_begins_with_a_byte_order_mark(world, closing, sign_in):
    closing(3)
    client = sign_in(world.member_a)
    for url in (f"{BASE}/results.csv", f"{BASE}/ballots.csv", f"{BASE}/list.csv", "/governments/export.csv"):
        assert client.get(url).content.startswith(codecs.BOM_UTF8), url


def test_a_list_is_open_data_once_it_is_published_ranked_or_not(world, client, sign_in):
    publish(make_edition(2027))
    rows = rows_of(client.get("/2027/priorities/list.csv"))
    assert [row["title"] for row in rows] == list(PRIORITIES)
    assert [row["position"] for row in rows] == [str(n) for n in range(1, 9)]
    answer = client.get("/2027/challenges/list.json")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert [entry["title"] for entry in answer.json()["entries"]] == list(CHALLENGES)
    assert "/2027/priorities/list.csv" in client.get("/data/").content.decode()
    make_edition(2031)
    assert client.get("/2031/priorities/list.csv").status_code == 404
    assert "Access-Control-Allow-Origin" not in sign_in(world.member_a).get("/2031/priorities/list.csv")


def test_results_json_carries_the_whole_count(world, closing, sign_in):
    closing(21)
    found = json.loads(sign_in(world.member_a).get(f"{BASE}/results.json").content)
    assert {
        "alternatives", "ballots", "abstentions", "used", "support", "margin", "average_place", "borda_tiers",
        "copeland_score", "condorcet_winner", "schulze_rank", "kemeny", "kendall_w", "mean_tau_b", "top3", "q1", "median",
        "q3", "polarisation", "place", "joint", "order", "seed", "method_version", "year", "kind", "titles",
        "governments_cast", "governments_seated", "computed_at", "digest", "count", "counted_again_because",
    } <= set(found)  # fmt: skip
    assert set(found["kemeny"]) >= {"score", "n_optimal", "rank_low", "rank_high"}
    assert (found["year"], found["kind"], found["used"]) == (2030, "priorities", 21)
    assert (found["governments_cast"], found["governments_seated"]) == (21, 64)
    assert dict(zip(found["alternatives"], found["titles"], strict=True))["data"] == "Data"


def test_csv_json_and_page_say_the_same(world, closing, sign_in):
    closing(21)
    client = sign_in(world.member_a)
    rows = rows_of(client.get(f"{BASE}/results.csv"))
    found = json.loads(client.get(f"{BASE}/results.json").content)
    at = {slug: index for index, slug in enumerate(found["alternatives"])}
    for row in rows:
        assert float(row["average_place"]) == found["average_place"][at[row["slug"]]]
        assert int(row["top3"]) == found["top3"][at[row["slug"]]]
        assert float(row["q1"]) == found["q1"][at[row["slug"]]]
    told = said(client.get(f"{BASE}/"), "tally")
    where = [told.index(f" {row['title']} ") for row in rows]
    assert where == sorted(where)


def test_an_independent_recount_of_ballots_csv_gives_the_published_figures(world, closing, sign_in, tmp_path, capsys):
    closing(33)
    client = sign_in(world.member_b)
    file = Path(tmp_path) / "ballots.csv"
    file.write_bytes(client.get(f"{BASE}/ballots.csv").content)
    call_command("tally", str(file), "--json", "--seed", "2030")
    counted = json.loads(capsys.readouterr().out)
    stored = json.loads(client.get(f"{BASE}/results.json").content)
    assert {key: value for key, value in counted.items() if stored[key] != value} == {}


def test_each_row_of_ballots_csv_gives_the_receipt_that_the_government_was_shown(world, closing, sign_in):
    closing(5)
    client = sign_in(world.member_a)
    rows = rows_of(client.get(f"{BASE}/ballots.csv"))
    assert [row["government"] for row in rows] == [
        "halloran-county", "port-merrow-county", "town-03", "town-04", "town-05",
    ]  # fmt: skip
    digests = {}
    for row in rows:
        slug = row.pop("government")
        placed = sorted(f"{entry},{place}" for entry, place in row.items() if place)
        digests[slug] = hashlib.sha256("\n".join([slug, *placed]).encode()).hexdigest()
    assert digests["port-merrow-county"] in client.get(f"{BASE}/ballot/").content.decode()
    for ballot in Ballot.objects.filter(annual_list__kind=Kind.PRIORITIES).with_placements():
        assert digests[ballot.government.slug] == ballot.receipt
    shown = json.loads(client.get(f"{BASE}/results.json").content)["digest"]
    whole = hashlib.sha256("\n".join(digests[slug] for slug in sorted(digests)).encode()).hexdigest()
    assert Tally.objects.get(annual_list__kind=Kind.PRIORITIES).digest == shown == whole


def test_the_digest_of_the_ballots_is_for_those_who_see_the_ballots(world, closing, sign_in, client):
    """A short list has few orders, so the digest would allow anyone to guess each ballot."""
    edition = closing(12)
    digest = {kind.value: Tally.objects.get_or_compute(edition.list_of(kind)).digest for kind in Kind}
    publish(edition)
    for kind, whole in digest.items():
        for url in (f"/2030/{kind}/results.json", f"/2030/{kind}/", "/2030/summary/", "/2030/"):
            for each in (client, sign_in(world.leader_a), sign_in(world.former)):
                body = " ".join(each.get(url).content.decode().split())
                assert whole not in body
                assert f"{whole[:4]} {whole[4:8]}" not in body
        assert whole in sign_in(world.member_b).get(f"/2030/{kind}/results.json").content.decode()
        shown = " ".join(sign_in(world.curator).get(f"/2030/{kind}/").content.decode().split())
        assert f"digest {whole[:4]} {whole[4:8]}" in shown


def test_a_receipt_tells_apart_any_two_orders_and_governments():
    receipts = [
        receipt_of("port", {}), receipt_of("port", {"a": 1}), receipt_of("port", {"a": 2}), receipt_of("hall", {"a": 1}),
        receipt_of("port", {"a": 1, "b": 1}), receipt_of("port", {"a": 1, "b": 2}), receipt_of("port", {"a1": 1}),
        receipt_of("port\na,1", {}), receipt_of("port", {"a": 11}),
    ]  # fmt: skip
    assert receipts[7] == receipts[1]  # a slug has no line break, so this cannot come about
    assert len(set(receipts)) == len(receipts) - 1
    assert receipt_of("port", {"b": 2, "a": 1}) == receipt_of("port", {"a": 1, "b": 2})


def test_a_ballot_counts_only_if_its_government_was_seated_at_the_close(world, sign_in):
    rank(world.edition, world.member_a, *PRIORITIES)
    rank(world.edition, world.member_b, *reversed(PRIORITIES))
    Government.objects.filter(pk=world.halloran.pk).update(seat=None)
    closed(world.edition)
    client = sign_in(world.member_a)
    found = json.loads(client.get(f"{BASE}/results.json").content)
    assert (found["used"], found["governments_cast"], found["governments_seated"]) == (1, 1, 1)
    assert [row["government"] for row in rows_of(client.get(f"{BASE}/ballots.csv"))] == ["port-merrow-county"]


def test_the_tally_follows_no_order_of_names_or_of_arrival(world):
    members = [world.member_a, world.member_b, *seat_governments(6)]
    for member in members:
        rank(world.edition, member, *PRIORITIES[member.pk % 5 :])
    annual_list = closed(world.edition).list_of(Kind.PRIORITIES)
    first = Tally.compute(annual_list).figures
    table = [
        [ballot.counted.get(slug) for slug in first["alternatives"]]
        for ballot in Ballot.objects.with_placements().order_by("-pk")
    ]
    again = consensus.count(consensus.Profile.from_places(first["alternatives"], table), seed=2030, missing=0)
    assert json.loads(json.dumps(again)) == first


# Disclosure to leaders and visitors: pages and files


def test_under_ten_ballots_leaders_get_the_order_and_no_figure_by_any_way(world, closing, sign_in):
    closing(9)
    client = sign_in(world.leader_a)
    for row in rows_of(client.get(f"{BASE}/results.csv")):
        assert {name for name, value in row.items() if value} == {"place", "joint", "slug", "title"}
    found = json.loads(client.get(f"{BASE}/results.json").content)
    assert not {"average_place", "support", "margin", "top3", "q1", "places_given", "kemeny", "interval_low"} & set(
        found
    )
    told = text(page(client.get(f"{BASE}/")))
    assert "Fewer than 10 governments ranked" in told
    for word in ("average", "top three", "too close", "clearly", "stays"):
        assert word not in said(client.get(f"{BASE}/"), "tally").lower()
    for url in ("/2030/summary/", "/2030/", f"{BASE}/data/"):
        body = client.get(url).content.decode()
        for word in (
            "too close",
            "clearly",
            "steady",
            "top three",
            "The middle half of governments",
            "can’t be told apart",
            "<rect",
        ):
            assert word not in body, (url, word)
    assert "Average" in text(page(sign_in(world.member_b).get(f"{BASE}/")))


@pytest.mark.parametrize(("count", "shown"), [(19, False), (20, True)])
def test_under_twenty_ballots_leaders_get_no_quartiles_by_any_way(world, closing, sign_in, count, shown):
    closing(count)
    client = sign_in(world.leader_a)
    row = rows_of(client.get(f"{BASE}/results.csv"))[0]
    assert bool(row["q1"] and row["median"] and row["q3"]) is shown
    assert row["average_place"]
    found = json.loads(client.get(f"{BASE}/results.json").content)
    assert all(any(found.get(name) or ()) is shown for name in ("q1", "median", "q3"))
    assert ("middle half" in text(page(client.get(f"{BASE}/")))) is shown
    assert ("The middle half of governments put it" in text(page(client.get(f"{BASE}/data/")))) is shown


def test_visitors_see_after_publication_what_leaders_saw_after_the_close(world, closing, sign_in, client):
    edition = closing(12)
    leader = {name: sign_in(world.leader_a).get(f"{BASE}/{name}").content for name in ("results.csv", "results.json")}
    assert client.get(f"{BASE}/results.csv").status_code == 404
    publish(edition)
    for name, content in leader.items():
        assert client.get(f"{BASE}/{name}").content == content


@pytest.mark.parametrize(
    ("among", "of", "shown"),
    [(9, 10, True), (18, 20, True), (10, 11, False), (11, 12, False), (19, 20, False), (20, 20, False)],
)
def test_a_count_over_90_per_cent_is_for_those_who_see_the_ballots(world, sign_in, client, among, of, shown):
    last = [title for title in PRIORITIES if title != "Data"]
    members = [world.member_a, world.member_b, *seat_governments(of - 2)]
    orders = {member: ("Data", *last) if n < among else (*last, "Data") for n, member in enumerate(members)}
    cast_at_once(world.edition, Kind.PRIORITIES, orders)
    published(world.edition)
    for reader, sees in ((client, shown), (sign_in(world.leader_a), shown), (sign_in(world.member_b), True)):
        found = reader.get(f"{BASE}/results.json").json()
        assert found["top3"][found["alternatives"].index("data")] == (among if sees else None)
        rows = {row["slug"]: row for row in rows_of(reader.get(f"{BASE}/results.csv"))}
        assert rows["data"]["top3"] == (str(among) if sees else "over 90 %")
        assert (f"{among} of {of}" in said(reader.get(f"{BASE}/"), "tally")) is sees


def test_where_nearly_all_agree_visitors_read_more_than_90_per_cent(world, client):
    for member in (world.member_a, world.member_b, *seat_governments(18)):
        rank(world.edition, member, *PRIORITIES)
    published(world.edition)
    told = said(client.get(f"{BASE}/"), "tally").lower()
    assert "over 90 %" in told or "more than 90 %" in told
    assert "more than 90 %" in text(page(client.get("/2030/summary/"))).lower()


def test_the_page_of_an_entry_groups_places_as_the_file_does(world, closing, sign_in):
    closing(33)
    client = sign_in(world.leader_a)
    found = client.get(f"{BASE}/results.json").json()
    shown = 0
    for slug, steps in zip(found["alternatives"], found["steps"], strict=True):
        rows = page(client.get(f"{BASE}/{slug}/")).findall(".//figure//tbody/tr")
        counts = [int(text(row.find("td"))) for row in rows if text(row.find("th")) != "Not ranked"]
        assert counts == [step["ballots"] for step in steps or [] if step["ballots"] != "over 90 %"]
        shown += len(counts)
    assert shown


def test_the_file_of_leaders_says_that_it_is_public_and_that_of_members_is_whole(world, closing, sign_in):
    closing(21)
    public, members = (sign_in(who).get(f"{BASE}/results.json").json() for who in (world.leader_a, world.member_a))
    assert (public["detail"], members["detail"]) == ("public", "members")
    assert members["masked"] == []
    assert {each["figure"] for each in public["masked"]} >= {"polarisation", "first_share", "kemeny.score"}
    assert public["digest"] == members["public_digest"] != members["digest"]


# The one writer of CSV


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@sum", "\tx", "\rx", " =1", "\n=1", "＝1", "＠x"])
def test_a_cell_that_a_spreadsheet_would_run_is_made_text(cell):
    assert escape_formula(cell) == f"'{cell}"


def test_numbers_and_plain_words_stay_as_they_are():
    assert [escape_formula(cell) for cell in (-1, 3.5, 0, None, "", "a = b", "1-2", "Zürich")] == [
        -1, 3.5, 0, "", "", "a = b", "1-2", "Zürich",
    ]  # fmt: skip


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=4))
def test_what_is_written_reads_back_cell_by_cell(rows):
    answer = csv_response("x.csv", ["one", "two"], rows)
    read = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert read == [["one", "two"], *[[str(escape_formula(cell)) for cell in row] for row in rows]]


@given(st.text())
def test_an_escaped_cell_reads_back_as_it_was_and_an_apostrophe_of_its_own_stays(cell):
    assert unescape_formula(str(escape_formula(cell))) == cell
    assert unescape_formula("'tis so") == "'tis so"


def test_a_title_that_is_a_formula_leaves_the_portal_as_text(db, world, sign_in):
    from tests.worlds import make_edition, open_edition

    edition = make_edition(2032)
    Priority.objects.filter(annual_list__edition=edition, slug="data").update(
        title='=HYPERLINK("https://evil.example")'
    )
    edition = open_edition(edition)
    rank(edition, world.member_a, "Workforce")
    closed(edition)
    body = sign_in(world.member_a).get("/2032/priorities/results.csv").content.decode()
    assert "\"'=HYPERLINK(" in body
    assert ",=HYPERLINK" not in body


def test_files_are_offered_under_a_name_that_says_what_they_are(world, closing, sign_in):
    closing(3)
    client = sign_in(world.member_a)
    for name, how in (("results.csv", "attachment"), ("ballots.csv", "attachment"), ("results.json", "inline")):
        answer = client.get(f"{BASE}/{name}")
        assert answer["Content-Disposition"] == f'{how}; filename="mix-2030-priorities-{name}"'
        assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_closed_list_without_any_ballot_says_so_everywhere(world, sign_in):
    closed(world.edition)
    for who in ("member_a", "leader_a", "curator"):
        client = sign_in(getattr(world, who))
        for url in ("/", "/2030/", "/2030/summary/", f"{BASE}/", f"{BASE}/data/", f"{BASE}/results.json"):
            assert client.get(url).status_code == 200, (who, url)
        assert "no result" in text(page(client.get(f"{BASE}/")))
        assert len(rows_of(client.get(f"{BASE}/results.csv"))) == 8
    assert rows_of(sign_in(world.curator).get(f"{BASE}/ballots.csv")) == []


@pytest.mark.parametrize("count", [1, 2])
def test_one_or_two_ballots_break_no_page(world, closing, sign_in, count):
    edition = closing(count)
    for who in ("member_a", "member_b", "leader_a", "curator"):
        for url in ("/", "/2030/", "/2030/summary/", f"{BASE}/", f"{BASE}/data/", "/2030/challenges/"):
            assert sign_in(getattr(world, who)).get(url).status_code == 200, (who, url)
    publish(edition)
    for url in ("/", "/2030/", "/2030/summary/", f"{BASE}/", f"{BASE}/data/"):
        assert sign_in(None).get(url).status_code == 200
    assert User.objects.count() == 8 + 62
