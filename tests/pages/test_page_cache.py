"""The page cache serves visitors only, and never an outdated page."""

from __future__ import annotations

import gzip
import re
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.apps import apps
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from members.models import Government, Office
from members.seals import Seal
from mixportal.editions.models import Edition, Erratum, Kind, Lineage, database_now
from mixportal.notes.models import Note
from mixportal.pages.models import PageVersion
from mixportal.pages.triggers import CHANGES_PUBLIC_PAGES
from mixportal.results.models import Tally
from mixportal.results.publishing import publish
from mixportal.trends.models import OutsideItem, OutsideList, OutsideSeries
from tests.priorities.conftest import priority, tell
from tests.test_access import address, known_names
from tests.worlds import entry_of

LIST = "/2028/priorities/"


def cached() -> set[str]:
    """The pages, and parts of pages as "", but not what is kept for members alone."""
    return {key.partition("plain:")[2] for key in caches["pages"]._cache if ":insiders:" not in key}


def queries_of(client: Client, url: str, **headers) -> tuple[object, list[str]]:
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(url, **headers)
    return answer, [query["sql"] for query in asked]


def test_the_second_visitor_gets_the_cached_page_by_one_query_without_touching_the_tally(phases):
    built = Client().get(LIST)
    answer, asked = queries_of(Client(), LIST)
    assert answer.content == built.content
    assert len(asked) == 1
    assert f'"{Tally._meta.db_table}"' not in asked[0]
    assert answer["ETag"] == built["ETag"]


def test_who_has_the_page_already_is_told_so_without_it(phases):
    etag = Client().get(LIST)["ETag"]
    answer, asked = queries_of(Client(), LIST, HTTP_IF_NONE_MATCH=etag)
    assert answer.status_code == 304
    assert answer.content == b""
    assert answer["ETag"] == etag
    assert "public" in answer["Cache-Control"]
    assert len(asked) == 1


def test_a_page_comes_compressed_to_those_who_take_it_so_and_plain_to_others(phases):
    plain = Client().get(LIST)
    for _ in range(3):  # made once, then from the cache
        packed = Client().get(LIST, HTTP_ACCEPT_ENCODING="gzip, br")
        assert packed["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.content) == plain.content
        assert "Accept-Encoding" in packed["Vary"]


@pytest.mark.parametrize("page", ["summary/", "priorities/", "priorities/results/"])
def test_the_part_that_outlives_a_page_is_made_once_for_each_version_and_for_nobody_signed_in(network, sign_in, page):
    publish(network.edition)
    PageVersion.objects.update_or_create(pk=1, defaults={"number": 1})
    sign_in(network.member_a).get(f"/2030/{page}")
    assert cached() == set()
    caches["pages"].clear()
    for number in (1, 1, 2):
        PageVersion.objects.update(number=number)
        Client().get(f"/2030/{page}?built")
        assert len(caches["pages"]._cache) == number


@pytest.mark.parametrize("who", ["leader_a", "member_a", "curator", "former"])
def test_nobody_signed_in_gets_or_makes_a_cached_page(phases, sign_in, who):
    answer = sign_in(getattr(phases, who)).get(LIST)
    assert not answer.has_header("ETag")
    assert cached() == set()
    Client().get(LIST)
    assert sign_in(getattr(phases, who)).get(LIST).content != Client().get(LIST).content


@pytest.mark.parametrize(
    ("url", "headers"),
    [
        (f"{LIST}?x=1", {}),
        ("/governments/", {"HTTP_HX_REQUEST": "true"}),
        ("/governments/", {"HTTP_COOKIE": "sessionid=of-somebody-or-long-over"}),
        ("/2030/", {}),
        ("/account/login/", {}),
    ],
)
def test_nothing_with_a_query_a_session_or_a_refusal_is_cached(phases, url, headers):
    Client().get(url, **headers)
    assert cached() == set()
    Client().get("/governments/")
    assert cached() == {"/governments/"}


@dataclass(frozen=True)
class Change:
    url: str
    words: str
    make: Callable
    before: Callable = lambda phases: None


def list_elsewhere(phases) -> None:
    series = OutsideSeries.objects.create(body="Invented state CIOs", short_name="state CIOs’", slug="state-cios")
    listed = OutsideList.objects.create(series=series, year=2028, published_at=database_now())
    OutsideItem.objects.create(outside_list=listed, title="Data Management", place=2, line=entry_of(2028).line)


def note_for_all(phases) -> None:
    Note.write(entry=entry_of(2028), user=phases.member_a, kind="note", body="Words for all.", audience="public")


def erratum(phases) -> None:
    Erratum.objects.create(edition=phases.published, body="It is 9.", added_by=phases.curator)


def investment_for_all(phases) -> None:
    tell(phases.member_a, priority(phases.published, "Data"), summary="A catalog.", audience="public")


DATA = "/2028/priorities/data/"
SHOWN = {
    "edition": Change("/", "2029", lambda phases: publish(Edition.objects.get(year=2029))),
    "erratum": Change("/2028/", "It is 9.", erratum),
    "government": Change(
        "/governments/port-merrow-county/",
        "Port Merrow Bay",
        lambda _: Government.objects.filter(seat=1).update(name="Port Merrow Bay"),
    ),
    "office": Change(
        "/about/", "Ada Past", lambda phases: Office.objects.create(person_name="Ada Past", government=phases.port)
    ),
    "entry": Change(
        DATA,
        "/2027/priorities/data/",
        lambda _: entry_of(2028).line.join(entry_of(2027).line, reason="The same under another title."),
    ),
    "lineage": Change(
        DATA,
        "/2027/priorities/workforce/",
        lambda _: Lineage.objects.create(
            later=entry_of(2028), earlier=entry_of(2027, "workforce"), type=Lineage.Type.MERGED
        ),
    ),
    "tally": Change(
        LIST,
        "A flaw.",
        lambda phases: Tally.objects.count_again(
            phases.published.list_of(Kind.PRIORITIES), reason="A flaw.", user=phases.curator
        ),
    ),
    "crosswalk": Change(DATA, "state CIOs’", list_elsewhere),
    "outsideseries": Change(
        DATA, "towns’", lambda _: OutsideSeries.objects.update(short_name="towns’"), before=list_elsewhere
    ),
    "outsidelist": Change(
        DATA, "CIOs’ list of 2026", lambda _: OutsideList.objects.update(year=2026), before=list_elsewhere
    ),
    "outsideitem": Change(DATA, "7th", lambda _: OutsideItem.objects.update(place=7), before=list_elsewhere),
    "note": Change(DATA, "Words for all.", note_for_all),
    "endorsement": Change(
        DATA,
        "1 of 2 governments says the same",
        lambda phases: Note.objects.get().endorse(phases.member_b),
        before=note_for_all,
    ),
    "investment": Change(DATA, "A catalog.", investment_for_all),
    "seal": Change(
        "/governments/port-merrow-county/",
        "seal.png",
        lambda phases: Seal.objects.put(phases.port, b"A picture.", by=phases.member_a),
    ),
}
# tables that public pages read and whose changes need not outdate them
EXCEPTIONS = {
    "editions_annuallist": "made with its edition, never changed",
    "ballots_ballot": "final once a visitor may see the list",
    "challenges_hindrance": "final once a visitor may see the list",
    "challenges_hindranceresponse": "final once a visitor may see the list",
    "notes_mention": "changes with its note only",
    "members_user": "read by queries that also serve members, shown to them only, or on a brief kept for a minute",
    "proposals_proposal": "as members_user",
    "summaries_sharelink": "looked up at each visit by a link",
    "portal_cache": "limits those visits",
}


def words_at(url: str) -> str:
    """Return the page with its white space collapsed."""
    return " ".join(Client().get(url).content.decode().split())


@pytest.mark.parametrize("table", SHOWN)
def test_a_change_of_any_table_that_a_public_page_shows_is_seen_at_once(phases, table):
    change = SHOWN[table]
    change.before(phases)
    assert change.words not in words_at(change.url)
    assert change.url in cached()
    change.make(phases)
    assert change.words in words_at(change.url)


def test_every_table_that_a_public_page_reads_changes_the_version(phases):
    read = set()
    for url in {address(name, 2028) for name in known_names()}:
        if getattr(resolve(url).func, "stored", False):
            _, asked = queries_of(Client(), url)
            found = re.findall(r'(?:FROM|JOIN) "?(\w+)', " ".join(asked))
            read |= {table.removesuffix("event") for table in found}
    tables = {model._meta.db_table: model for model in apps.get_models() if not model._meta.proxy}
    outdating = {
        table for table, model in tables.items() if CHANGES_PUBLIC_PAGES in getattr(model._meta, "triggers", ())
    }
    assert (read & set(tables)) - outdating - {"portal_pageversion"} == set(EXCEPTIONS)
    assert {table.partition("_")[2] for table in outdating} == set(SHOWN) - {"crosswalk"}


def test_a_ballot_saved_in_secret_changes_no_public_validator(phases, sign_in):
    pages = ["/", LIST, "/governments/port-merrow-county/"]
    before = [Client().get(page)["ETag"] for page in pages]
    version_before = PageVersion.current()
    version = sign_in(phases.member_a).get("/2030/priorities/ballot/").content.decode()
    version = version.split('name="version" value="')[1].split('"')[0]
    sign_in(phases.member_a).post("/2030/priorities/ballot/", {"version": version, "action": "save", "rank-data": "1"})
    assert [Client().get(page)["ETag"] for page in pages] == before
    assert PageVersion.current() == version_before


def test_a_page_older_than_a_minute_is_made_anew(phases, monkeypatch):
    Client().get(LIST)
    later = time.time() + 61
    monkeypatch.setattr(time, "time", lambda: later)
    _, asked = queries_of(Client(), LIST)
    assert len(asked) > 1
    assert Tally._meta.db_table in " ".join(asked)


def test_a_visitor_without_a_page_stored_is_served_while_the_database_only_reads(phases):
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
    answer = Client().get("/methods/")
    assert answer.status_code == 200


def test_head_answers_with_the_heads_of_the_page_alone(phases):
    answer = Client().head(LIST)
    assert answer.status_code == 200
    assert answer.content == b""
    assert answer["ETag"] == Client().get(LIST)["ETag"]
