"""Bad requests as bytes, to the server of production: each is answered, none with an error of ours."""

from __future__ import annotations

import socket
from collections import Counter

import pytest
from django.db import connection
from django.test import Client

from mixportal.demo.models import Marker
from mixportal.demo.serve import HOST
from tests.fuzz.drawing import BadRequest, Draw
from tests.fuzz.pages import Address, Reader, admin_addresses, fill, portal_addresses
from tests.fuzz.values import BODIES
from tests.serving import portal, url_of_database

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PAGES, TIMES = 150, 4
LONG = b"x" * 9000
HEAD = b"Host: localhost\r\nConnection: close\r\n"
# what no client library sends
MALFORMED = [
    b"\r\n\r\n",
    b"GET\r\n\r\n",
    b"GET / \r\n\r\n",
    b"GET / HTTP/9.9\r\n" + HEAD + b"\r\n",
    b"get / http/1.1\r\n" + HEAD + b"\r\n",
    b"GET / HTTP/1.0\r\n\r\n",
    b"GET http://evil.example/ HTTP/1.1\r\n" + HEAD + b"\r\n",
    b"GET //evil.example HTTP/1.1\r\n" + HEAD + b"\r\n",
    b"GET * HTTP/1.1\r\n" + HEAD + b"\r\n",
    b"OPTIONS * HTTP/1.1\r\n" + HEAD + b"\r\n",
    b"GET /\xff\xfe/?q=\xff HTTP/1.1\r\n" + HEAD + b"\r\n",
    b"GET /\x00 HTTP/1.1\r\n" + HEAD + b"\r\n",
    b"GET /a b HTTP/1.1\r\n" + HEAD + b"\r\n",
    b"GET /" + LONG + b" HTTP/1.1\r\n" + HEAD + b"\r\n",
    b"GET / HTTP/1.1\r\n" + HEAD + b"Cookie: " + LONG + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + HEAD + b"".join(b"X-%d: y\r\n" % n for n in range(150)) + b"\r\n",
    b"GET / HTTP/1.1\r\n" + HEAD + b"no colon\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + HEAD + b"X: a\x00b\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + HEAD + b"X: \xff\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + HEAD + b" folded\r\n\r\n",
    b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\n" + HEAD + b"\r\n",
    b"GET / HTTP/1.1\r\nHost: \r\nConnection: close\r\n\r\n",
    b"POST / HTTP/1.1\r\n" + HEAD + b"Content-Length: x\r\n\r\n",
    b"POST / HTTP/1.1\r\n" + HEAD + b"Content-Length: -1\r\n\r\n",
    b"POST / HTTP/1.1\r\n" + HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    b"POST /demo/sign-in/ HTTP/1.1\r\n" + HEAD + b"Content-Length: 0\r\n\r\n",
    b"POST /demo/sign-in/ HTTP/1.1\r\n" + HEAD + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\na=1",
    b"POST /demo/sign-in/ HTTP/1.1\r\n" + HEAD + b"Expect: x\r\nContent-Length: 3\r\n\r\na=1",
    b"POST /demo/sign-in/ HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\na=1\r\n0\r\n\r\n",
    b"POST /demo/sign-in/ HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\na=1\r\n",
    b"POST /demo/sign-in/ HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: x\r\n\r\n",
    b"POST /demo/sign-in/ HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
    *(
        b"POST /demo/sign-in/ HTTP/1.1\r\n" + HEAD + b"Content-Type: multipart/form-data; boundary=b0undary\r\n"
        + b"Content-Length: %d\r\n\r\n" % len(body) + body
        for body in BODIES
    ),
]  # fmt: skip


def exchange(port: int, sent: bytes) -> int:
    """The status of the answer; 0 where the connection ends without one."""
    with socket.create_connection((HOST, port), timeout=60) as wire:
        received = b""
        try:
            wire.sendall(sent)
            wire.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # the server may answer and hang up before it has read everything
        try:
            while len(received) < 12 and (more := wire.recv(65536)):
                received += more
        except OSError:
            pass
    return int(received[9:12]) if received.startswith(b"HTTP/1.") else 0


def on_the_wire(bad: BadRequest, session: str | None) -> bytes:
    """The request as a client would send it that does not care what may be in a header."""
    method = bad.method if bad.method != "CONNECT" else "LINK"
    lines = [f"{method} {bad.url} HTTP/1.1".encode("latin-1", "replace"), b"Connection: close"]
    headers = {"HTTP_HOST": "localhost", "CONTENT_TYPE": bad.content_type} | bad.headers
    if session:
        headers["HTTP_COOKIE"] = f"sessionid={session}; csrftoken={'t' * 32}"
        headers["HTTP_X_CSRFTOKEN"] = "t" * 32
    for name, value in headers.items():
        named = name.removeprefix("HTTP_").replace("_", "-")
        lines.append(f"{named}: {value}".encode("latin-1", "replace"))
    return b"\r\n".join([*lines, b"Content-Length: %d" % len(bad.body), b"", bad.body])


@pytest.fixture
def served(phases, write, collected, tmp_path):
    """The network in all phases, served by processes of their own."""
    fill(phases, write)
    Marker.objects.create(seed=1)
    log = tmp_path / "server.log"
    with portal(url_of_database(connection.settings_dict["NAME"]), collected, log) as (port, _):
        yield phases, port
    assert "Traceback" not in log.read_text()


def visit(world, port: int, actor: str, address: Address, draw: Draw) -> list[tuple[int, BadRequest]]:
    client = Client(raise_request_exception=False)
    session = None
    if actor != "visitor":
        client.force_login(getattr(world, actor))
        session = client.cookies["sessionid"].value
    answer = client.get(address.url())
    reader = Reader(address.url())
    if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
        reader.feed(answer.content.decode())
    drawn = [draw.request(address, reader) for _ in range(TIMES)]
    return [(exchange(port, on_the_wire(bad, session)), bad) for bad in drawn]


def test_each_bad_request_on_the_wire_is_answered_and_none_breaks_anything(served, count):
    world, port = served
    draw = Draw(2)
    visits = [(actor, each) for each in portal_addresses(world) for actor in ("visitor", "member_a", "leader_a")]
    visits += [("curator", each) for each in admin_addresses(world)]
    draw.random.shuffle(visits)
    answers = [answer for actor, address in visits[:PAGES] for answer in visit(world, port, actor, address, draw)]
    answers += [(exchange(port, sent), sent[:200]) for sent in MALFORMED]
    broken = [
        f"{status}: {bad}"
        for status, bad in answers
        if status == 0 or (status >= 500 and status != 501)  # 501 is for a transfer coding that nobody knows
    ]
    statuses = Counter(status for status, _ in answers)
    count("on the wire", requests=len(answers), dropped=statuses[0], errors_of_ours=len(broken) - statuses[0])
    assert broken == []
    assert statuses[200] > 50
