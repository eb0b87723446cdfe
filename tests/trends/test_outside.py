"""Other bodies' lists: who sees them, in which words, how they come in, and that nothing changes twice."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from mixportal.editions.models import Edition, Kind, Line
from mixportal.tables.imports import OutdatedPlanError
from mixportal.trends.models import OutsideItem, OutsideList, OutsideSeries
from mixportal.trends.outside_import import OutsideImport
from tests.curating import change, filled, notices
from tests.reading import page, text

ENTRY, TRENDS, IMPORT = "/2028/priorities/data/", "/trends/priorities/", "/admin/trends/outsidelist/import/"
FILE = """source,short_name,year,url,rank,title,certainty,disputed,note,priorities,challenges
Invented state CIOs,state CIOs’,2028,https://states.example/2028,1,Security,stated,no,,2028/cybersecurity,
Invented state CIOs,state CIOs’,2028,,2=,Data Management,inferred,yes,Two sources,2028/data (unsure),
Invented state CIOs,state CIOs’,2028,,2=,Governance of IT,stated,no,,,2028/it-governance
Invented state CIOs,state CIOs’,2028,,,Cloud,stated,no,,,
"""


def imported(tmp_path, content: str = FILE, *options: str) -> str:
    path = tmp_path / "outside.csv"
    path.write_text(content, encoding="utf-8")
    said = io.StringIO()
    call_command("import_outside", str(path), *options, stdout=said)
    return said.getvalue()


def line_of(edition: Edition, kind: Kind, slug: str) -> Line:
    return edition.list_of(kind).entries.get(slug=slug).line


@pytest.fixture
def lists(phases, tmp_path):
    imported(tmp_path)
    phases.outside = OutsideList.objects.get()
    return phases


@pytest.mark.parametrize(
    ("place", "percent", "joint", "words"),
    [
        (2, None, False, "2nd on the state CIOs’ list of 2018"),
        (2, None, True, "joint 2nd on the state CIOs’ list of 2018"),
        (None, Decimal("45.0"), False, "named by 45 % on the state CIOs’ list of 2018"),
        (None, Decimal("7.5"), False, "named by 7.5 % on the state CIOs’ list of 2018"),
        (None, None, False, "on the state CIOs’ list of 2018"),
    ],
)
def test_what_a_list_says_is_put_in_words(place, percent, joint, words):
    outside_list = OutsideList(series=OutsideSeries(short_name="state CIOs’"), year=2018)
    item = OutsideItem(outside_list=outside_list, place=place, percent=percent)
    item.shares_place = joint
    assert item.words == words


def test_what_is_not_certain_is_put_in_words():
    assert OutsideItem().doubts == ""
    assert OutsideItem(certainty="inferred", line_certainty="unsure", is_disputed=True).doubts == (
        "Its place is disputed, its place is inferred, not stated and whether both mean the same is not sure"
    )


@pytest.mark.parametrize("url", [ENTRY, TRENDS, f"{TRENDS}?entry=data", f"{TRENDS}places.csv"])
def test_until_it_is_published_curators_alone_see_a_list(lists, sign_in, url):
    words = "oint 2nd on the state CIOs’ list of 2028"
    for user in (None, lists.former, lists.leader_a, lists.member_a):
        assert words not in sign_in(user).get(url).content.decode()
    assert words in sign_in(lists.curator).get(url).content.decode()
    lists.outside.publish()
    for user in (None, lists.leader_a, lists.member_a):  # the stored page is made anew
        assert words in sign_in(user).get(url).content.decode()


def test_until_a_list_is_published_curators_alone_find_its_series(lists, sign_in):
    address = lists.outside.series.get_absolute_url()
    for user in (None, lists.former, lists.leader_a, lists.member_a):
        assert sign_in(user).get(address).status_code == 404
        assert address not in sign_in(user).get("/outside/").content.decode()
    for seen in ("/outside/", address):
        assert "curators alone see this" in sign_in(lists.curator).get(seen).content.decode()
    lists.outside.publish()
    for user in (None, lists.leader_a, lists.member_a):  # the stored page is made anew
        assert address in sign_in(user).get("/outside/").content.decode()
        assert sign_in(user).get(address).status_code == 200
    assert address in sign_in(None).get("/sitemap.xml").content.decode()
    assert "curators alone" not in sign_in(lists.curator).get(address).content.decode()


def test_a_series_says_each_items_place_and_the_entry_that_means_the_same(lists, sign_in):
    lists.outside.publish()
    shown = page(sign_in(None).get(lists.outside.series.get_absolute_url()))
    body = next(each for each in shown.iter("tbody") if each.get("data-figure") == "outside")
    rows = [[text(cell) for cell in row] for row in body]
    assert [row[0] for row in rows] == ["1st", "joint 2nd", "joint 2nd", "listed"]
    assert [link.get("href") for link in body.iter("a")] == [
        "/2028/priorities/cybersecurity/", ENTRY, "/2028/challenges/it-governance/",
    ]  # fmt: skip
    assert "Its place is disputed" in rows[1][1]
    assert "no match on record" in rows[3][2]


def test_a_series_has_places_first_then_shares_whatever_the_order_of_the_source(empty, sign_in):
    for position, (title, figures) in enumerate(
        {
            "None": {},
            "Small": {"percent": 5},
            "Large": {"percent": 45},
            "Second": {"place": 2},
            "First": {"place": 1},
        }.items()
    ):
        empty.items.create(title=title, position=position, **figures)
    empty.publish()
    shown = page(sign_in(None).get(empty.series.get_absolute_url()))
    body = next(each for each in shown.iter("tbody") if each.get("data-figure") == "outside")
    rows = [(text(row[0]), text(row[1])) for row in body]
    assert rows == [("1st", "First"), ("2nd", "Second"), ("45 %", "Large"), ("5 %", "Small"), ("listed", "None")]


def test_a_series_leads_to_the_newest_entry_that_the_reader_may_see(lists, sign_in):
    lists.outside.publish()
    draft = line_of(lists.drafting, Kind.PRIORITIES, "data")
    draft.join(line_of(lists.published, Kind.PRIORITIES, "data"), reason="the same in both years")
    address = lists.outside.series.get_absolute_url()
    assert f'href="{ENTRY}"' in sign_in(None).get(address).content.decode()
    assert 'href="/2031/priorities/data/"' in sign_in(lists.curator).get(address).content.decode()


def test_each_place_where_a_list_is_quoted_leads_to_its_page(lists, sign_in):
    lists.outside.publish()
    address = f"{lists.outside.series.get_absolute_url()}#list-2028"
    for quoted in (ENTRY, f"{TRENDS}?entry=data"):
        assert f'href="{address}"' in sign_in(None).get(quoted).content.decode()
    for way in (TRENDS, "/about/"):
        assert 'href="/outside/"' in sign_in(None).get(way).content.decode()


def test_the_entrys_page_says_where_it_stands_and_how_sure_that_is(lists, sign_in):
    lists.outside.publish()
    answer = sign_in(None).get(ENTRY)
    told = text(next(each for each in page(answer).iter("details") if each.get("id") == "elsewhere"))
    assert "Joint 2nd on the state CIOs’ list of 2028" in told
    assert "as “Data Management”" in told
    assert "Its place is disputed" in told
    assert "Two sources" in told
    assert 'href="https://states.example/2028"' in answer.content.decode()
    assert "on the state CIOs’ list" not in sign_in(None).get("/2028/priorities/governance/").content.decode()
    assert "state CIOs’ list of 2028" in sign_in(None).get("/2028/challenges/it-governance/").content.decode()


def test_each_line_has_its_place_on_the_list_beside_it(lists, sign_in):
    def rows() -> dict[str, str]:
        root = page(sign_in(None).get(TRENDS))
        picture = next(each for each in root.iter("div") if each.get("data-figure") == "picture")
        return {text(next(row.iter("a"))): text(row) for row in picture.iter("li") if row.find(".//a") is not None}

    assert not any("state CIOs’" in words for words in rows().values())
    lists.outside.publish()
    shown = rows()
    assert "on the state CIOs’ list" in shown["Data"]
    assert [title for title, words in shown.items() if "state CIOs’" in words] == ["Cybersecurity", "Data"]


@pytest.fixture
def empty(db):
    series = OutsideSeries.objects.create(body="Nobody", short_name="nobody’s", slug="nobody")
    return OutsideList.objects.create(series=series, year=2028)


def test_a_list_is_published_once_it_has_something(empty):
    with pytest.raises(ValidationError, match="nothing to publish"):
        empty.publish()
    empty.items.create(title="x")
    empty.publish()
    assert OutsideList.objects.get().is_published


@pytest.mark.parametrize(
    "wrong",
    [
        {"place": 0}, {"place": 2, "percent": 5}, {"percent": 101}, {"tied": True}, {"certainty": "maybe"},
        {"line_certainty": "maybe"},
    ],
)  # fmt: skip
def test_the_database_refuses_what_is_no_place_and_no_percentage(empty, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        empty.items.create(title="x", **wrong)


def test_an_item_is_told_on_every_year_of_its_line_once(lists, sign_in):
    lists.outside.publish()
    early, late = (line_of(edition, Kind.PRIORITIES, "data") for edition in (lists.published, lists.closed))
    client, page_of_2029 = sign_in(lists.member_a), "/2029/priorities/data/"
    assert "list of 2028" not in client.get(page_of_2029).content.decode()
    late.join(early, reason="the same in both years")
    for url in (ENTRY, page_of_2029):
        assert client.get(url).content.decode().count("oint 2nd on the state CIOs’ list of 2028") == 1
    rows = client.get(f"{TRENDS}places.csv").content.decode().splitlines()
    assert [row[:10] for row in rows if "oint 2nd on" in row] == ["2028,data,"]
    late.separate(2029, reason="another thing")
    assert client.get(ENTRY).content.decode().count("oint 2nd on the state CIOs’ list of 2028") == 1
    assert "list of 2028" not in client.get(page_of_2029).content.decode()


def test_an_item_goes_with_the_years_from_its_own_on_when_a_line_is_separated(lists):
    line = line_of(lists.unranked, Kind.PRIORITIES, "data")
    line.join(line_of(lists.published, Kind.PRIORITIES, "data"), reason="the same in both years")
    item = OutsideItem.objects.get(title="Data Management")
    assert item.line == line
    new = line.separate(2028, reason="another thing")
    item.refresh_from_db()
    assert item.line == new == line_of(lists.published, Kind.PRIORITIES, "data")


def test_titles_and_bodies_that_differ_in_case_alone_are_one(empty):
    empty.items.create(title="Cybersecurity")
    with pytest.raises(IntegrityError), transaction.atomic():
        empty.items.create(title="cybersecurity")
    with pytest.raises(IntegrityError), transaction.atomic():
        OutsideSeries.objects.create(body=empty.series.body.upper(), name=empty.series.name, slug="other")


# Import


def test_an_import_makes_series_lists_and_items_on_lines_and_says_who_when_and_why(lists):
    assert not lists.outside.is_published
    assert [(each.title, each.place, each.tied) for each in lists.outside.items.all()] == [
        ("Security", 1, False), ("Data Management", 2, True), ("Governance of IT", 2, True), ("Cloud", None, False),
    ]  # fmt: skip
    assert lists.outside.series.short_name == "state CIOs’"
    data, governance = (OutsideItem.objects.get(title=title) for title in ("Data Management", "Governance of IT"))
    assert (data.line, data.line_certainty) == (line_of(lists.published, Kind.PRIORITIES, "data"), "unsure")
    assert governance.line == line_of(lists.published, Kind.CHALLENGES, "it-governance")
    assert OutsideItem.objects.get(title="Cloud").line is None
    event = OutsideItem.pgh_event_model.objects.filter(title="Cloud").get()
    assert (event.pgh_label, event.pgh_context["reason"]) == ("insert", "import_outside outside.csv")


def test_a_dry_run_says_what_it_would_do_and_does_nothing(phases, tmp_path):
    assert "Would import: 6 new. Nothing was changed." in imported(tmp_path, FILE, "--dry-run")
    assert OutsideSeries.objects.count() == OutsideList.objects.count() == OutsideItem.objects.count() == 0


def test_a_repeat_changes_nothing(lists, tmp_path):
    before = OutsideItem.pgh_event_model.objects.count()
    assert "Imported: 6 unchanged." in imported(tmp_path)
    assert OutsideItem.pgh_event_model.objects.count() == before


def test_an_import_changes_what_differs_and_leaves_what_the_file_does_not_name(lists, tmp_path):
    said = imported(tmp_path, "source;year;title;rank\nInvented state CIOs;2028;Security;3\n")
    assert "Security (Invented state CIOs, 2028) (place: 1 -> 3)" in said
    item = OutsideItem.objects.get(title="Security")
    assert (item.place, item.outside_list.url) == (3, "https://states.example/2028")
    assert item.line == line_of(lists.published, Kind.PRIORITIES, "cybersecurity")
    assert OutsideItem.objects.count() == 4


def test_an_import_finds_a_list_whose_source_is_written_in_another_case(lists, tmp_path):
    said = imported(tmp_path, "source;year;title;rank\ninvented STATE CIOs;2028;SECURITY;3\n")
    assert "changed" in said
    assert (OutsideSeries.objects.count(), OutsideItem.objects.count()) == (1, 4)


def test_an_import_that_somebody_overtook_writes_nothing(phases, tmp_path):
    found = OutsideImport(FILE)
    found.plan()
    imported(tmp_path, "source,year,title\nInvented state CIOs,2028,Other\n")
    with pytest.raises(OutdatedPlanError):
        found.apply(reason="too late", previewed=found.digest)
    assert [each.title for each in OutsideItem.objects.all()] == ["Other"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("source,year\nA,2028\n", "Line 1: The column “title” is missing."),
        ("source,year,title,colour\nA,2028,x,red\n", "Line 1: There is no column “colour”"),
        ("source,year,title\nA,28,x\n", "Line 2: year: “28” is no year"),
        ("source,year,title\nA,2028,\n", "Line 2: title: this cell is empty"),
        ("source,year,title,rank\nA,2028,x,first\n", "Line 2: rank: “first” is no place"),
        ("source,year,title,percent\nA,2028,x,140\n", "Line 2: percent: “140” is no percentage"),
        ("source,year,title,percent\nA,2028,x,0.4\n", "Line 2: percent: Is “0.4” a share?"),
        ("source;year;title;percent\nA;2028;x;40,5\n", "Line 2: percent: “40,5” is no percentage"),
        ("source,year,title,rank\nA,2028,x,1\nTotal,,,1\n", "Line 3: year: this cell is empty"),
        ("source,year,title,rank,percent\nA,2028,x,1,40\n", "Line 2: rank: Give a rank or a percentage"),
        ("source,year,title,certainty\nA,2028,x,perhaps\n", "Line 2: certainty: “perhaps” is not known"),
        ("source,year,title\nA,2028,x\nA,2028,X\n", "Line 3: title: “X” of that list is on line 2 already."),
        ("source,year,title\nA,2028,The city’s café\nA,2028,the city's cafe\n", "Line 3: title: “the city's cafe” of that"),
        ("source,year,title\nA,2028,Cyber-security\nA,2028,2. Cybersecurity\n", "Line 3: title: “Cybersecurity” of that"),
        ("source,year,title,rank\nA,2028,x,2\nA,2028,y,2\n", "Line 3: rank: Place 2 (shared? write 2=) is on line 2"),
        ("source,year,title,url\nA,2028,x,javascript:alert(1)\n", "Line 2: url: Enter a valid URL."),
        ("source,year,title,priorities\nA,2028,x,2028/nothing\n", "Line 2: priorities: there is no entry “2028/nothing”."),
        ("source,year,title,priorities\nA,2028,x,Data\n", "Line 2: priorities: “Data” names no entry"),
        ("source,year,title,priorities\nA,2028,x,2028/data; 2028/governance\n", "Line 2: These entries are on several lines"),
        ("source,year,title,url\nA,2028,x,https://one.example/\nA,2028,y,https://two.example/\n", "Line 3: url: an earlier row of this list says"),
        ("source,year,title,short_name\nA,2028,x,one\nA,2028,y,two\n", "Line 3: short_name: an earlier row"),
        ("", "The file is empty."),
        ("source,year,title\nA,2028,\x00\n", "control character"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_by_line_and_nothing_is_written(phases, tmp_path, content, reason):
    with pytest.raises(CommandError) as refused:
        imported(tmp_path, content)
    assert reason in str(refused.value)
    assert OutsideList.objects.count() == 0


# Curators


def test_a_curator_sees_what_an_import_would_do_before_it_does_it(phases, sign_in):
    client = sign_in(phases.curator)
    seen = client.post(IMPORT, {"file": SimpleUploadedFile("x.csv", FILE.encode())}, follow=True)
    assert "What this would do: 6 new" in text(page(seen))
    assert OutsideList.objects.count() == 0
    form = filled(seen, "confirm-import")
    assert form["text"].replace("\r\n", "\n").strip() == FILE.strip()
    done = client.post(IMPORT, form, follow=True)
    assert "Imported: 6 new." in notices(done)
    assert OutsideItem.objects.count() == 4


def test_an_import_that_cannot_be_read_keeps_what_was_typed(phases, sign_in):
    answer = sign_in(phases.curator).post(IMPORT, {"text": "source,year,title\nA,28,x\n"})
    assert answer.status_code == 422
    assert "Line 2: year: “28” is no year" in text(page(answer))
    assert "A,28,x" in answer.content.decode()


def test_an_import_whose_preview_is_out_of_date_is_shown_again(phases, sign_in, tmp_path):
    client = sign_in(phases.curator)
    form = filled(client.post(IMPORT, {"text": FILE}, follow=True), "confirm-import")
    imported(tmp_path, "source,year,title\nInvented state CIOs,2028,Cloud\n")
    answer = client.post(IMPORT, form)
    assert answer.status_code == 409
    assert [item.title for item in OutsideItem.objects.all()] == ["Cloud"]
    assert client.post(IMPORT, filled(answer, "confirm-import")).status_code == 302
    assert OutsideItem.objects.count() == 4


def test_only_curators_import(phases, sign_in):
    for user in (None, phases.member_a, phases.leader_a, phases.bare_staff):
        assert sign_in(user).get(IMPORT).status_code in (302, 403, 404)


def test_a_curator_publishes_a_list_and_says_what_its_items_mean(lists, sign_in):
    client = sign_in(lists.curator)
    chosen = {"action": "publish", "_selected_action": [lists.outside.pk]}
    client.post("/admin/trends/outsidelist/", chosen)
    lists.outside.refresh_from_db()
    assert lists.outside.is_published
    line = line_of(lists.published, Kind.PRIORITIES, "governance")
    change(client, OutsideItem.objects.get(title="Cloud"), line=line.pk, line_certainty="inferred")
    told = sign_in(None).get("/2028/priorities/governance/").content.decode()
    assert "On the state CIOs’ list of 2028" in told
    assert "That both mean the same is our reading" in told
