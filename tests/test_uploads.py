"""Uploads of more than 2 MB are refused before they are read, by the server that production uses."""

from __future__ import annotations

import os
from http.client import HTTPConnection

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from mixportal.demo import serve
from tests.serving import portal
from tests.test_production import PRODUCTION

LIMIT = django_settings.DATA_UPLOAD_MAX_MEMORY_SIZE
ADDRESSES = ["/account/login/", "/account/sign-out/", "/admin/", "/mail/stop/token/", "/nowhere/"]


@pytest.fixture(scope="module")
def port(collected, tmp_path_factory):
    """gunicorn serves the portal in production mode there, for the whole module."""
    log = tmp_path_factory.mktemp("uploads") / "server.log"
    with portal(os.environ["DATABASE_URL"], collected, log, **PRODUCTION) as (found, _):
        yield found


def begin_upload(port: int, path: str, *, body: bytes = b"", **headers: str) -> tuple[int, str]:
    """Send the headers and the beginning of a body, never its end, and return the status and the page."""
    connection = HTTPConnection(serve.HOST, port, timeout=60)
    try:
        connection.putrequest("POST", path, skip_host=True)
        declared = {"Host": "portal.example.org", "X-Forwarded-Proto": "https", **headers}
        for name, value in declared.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders(body)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@pytest.mark.parametrize("path", ADDRESSES)
def test_a_declared_length_over_the_limit_is_refused_before_the_body_comes(port, path):
    status, page = begin_upload(port, path, Content_Length=str(LIMIT + 1))
    assert status == 413
    assert "2 megabytes" in page


@pytest.mark.parametrize("path", ADDRESSES)
def test_a_body_in_chunks_is_refused_before_its_end_comes(port, path):
    status, _ = begin_upload(port, path, body=b"5\r\nhello\r\n", Transfer_Encoding="chunked")
    assert status == 413


@pytest.mark.parametrize("person", [None, "member_a", "curator"])
def test_a_file_over_the_limit_is_refused_whoever_sends_it(world, sign_in, person):
    client = sign_in(getattr(world, person) if person else None)
    large = SimpleUploadedFile("list.csv", b"x" * LIMIT)
    assert client.post("/admin/trends/outsideseries/import/", {"file": large}).status_code == 413


def test_a_body_within_the_limit_is_read(world):
    answer = Client().post("/account/login/", {"email": "rosa@port.example", "more": "x" * (LIMIT - 1000)})
    assert answer["Location"] == "/account/login/code/"


@pytest.mark.parametrize("length", ["", "abc", "²", "9" * 5000])
def test_a_length_that_is_no_number_breaks_nothing(world, length):
    answer = Client(raise_request_exception=False).post("/account/login/", CONTENT_LENGTH=length)
    assert answer.status_code in (200, 413)
