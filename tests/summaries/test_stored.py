"""Public pages are built once a minute and handed out as they are; never to those signed in, never stale after a change."""

from __future__ import annotations

import gzip

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mixportal.editions.models import Edition
from mixportal.summaries.models import StoredPage
from priorities.models import PriorityTally

LIST = "/2028/priorities/"


def queries_of(client: Client, url: str, **headers) -> tuple[object, list[str]]:
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(url, **headers)
    return answer, [query["sql"] for query in asked]


def test_the_second_visitor_gets_the_stored_page_by_one_query_without_touching_the_tally(phases):
    built = Client().get(LIST)
    answer, asked = queries_of(Client(), LIST)
    assert answer.content == built.content
    assert len(asked) == 1
    assert '"result"' not in asked[0]
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
    packed = Client().get(LIST, HTTP_ACCEPT_ENCODING="gzip, br")
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert "Accept-Encoding" in packed["Vary"]


@pytest.mark.parametrize("who", ["leader_a", "member_a", "curator", "former"])
def test_nobody_signed_in_gets_or_makes_a_stored_page(phases, sign_in, who):
    answer = sign_in(getattr(phases, who)).get(LIST)
    assert not answer.has_header("ETag")
    assert not StoredPage.objects.exists()
    Client().get(LIST)
    assert sign_in(getattr(phases, who)).get(LIST).content != Client().get(LIST).content


def test_nothing_with_a_query_a_session_or_a_refusal_is_stored(phases):
    Client().get(f"{LIST}?x=1")
    Client().get("/2030/")
    Client().get("/governments/", HTTP_HX_REQUEST="true")
    Client().get("/account/login/")
    assert not StoredPage.objects.exists()


def test_publishing_shows_at_once(phases):
    assert "2029" not in Client().get("/").content.decode()
    Edition.objects.get(year=2029).publish()
    assert "2029" in Client().get("/").content.decode()


def test_a_corrected_fact_shows_at_once(phases):
    page = "/governments/port-merrow-county/"
    Client().get(page)
    phases.port.name = "Port Merrow and Bay County"
    phases.port.save()
    assert "Port Merrow and Bay County" in Client().get(page).content.decode()


def test_a_ballot_saved_in_secret_changes_no_public_validator(phases, sign_in):
    pages = ["/", LIST, "/governments/port-merrow-county/"]
    before = [Client().get(page)["ETag"] for page in pages]
    stored = set(StoredPage.objects.values_list("version", flat=True))
    version = sign_in(phases.member_a).get("/2030/priorities/ballot/").content.decode()
    version = version.split('name="version" value="')[1].split('"')[0]
    sign_in(phases.member_a).post("/2030/priorities/ballot/", {"version": version, "action": "save", "rank-data": "1"})
    assert [Client().get(page)["ETag"] for page in pages] == before
    assert set(StoredPage.objects.values_list("version", flat=True)) == stored


def test_a_page_older_than_a_minute_is_made_anew(phases):
    Client().get(LIST)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE portal_pages SET stored_at = stored_at - interval '61 seconds'")
    _, asked = queries_of(Client(), LIST)
    assert len(asked) > 1
    assert PriorityTally._meta.db_table in " ".join(asked)
    assert StoredPage.objects.count() == 1


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
