"""The portal behind nginx as deploy/nginx.conf configures it."""

from __future__ import annotations

import re
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from itertools import product

import pytest
from django.conf import settings

from mixportal.demo.serve import free_port
from tests.deploy import sample
from tests.deploy.conftest import BEHIND_PROXY
from tests.deploy.proxy import proxy
from tests.serving import portal

pytestmark = pytest.mark.slow

PUBLIC = (
    "/", "/about/", "/methods/", "/governments/", "/governments/port-merrow-county/", "/2028/", "/2028/summary/",
    "/2028/priorities/", "/2028/challenges/", "/2028/priorities/data/",
)  # fmt: skip
BALLOT = "/2030/priorities/ballot/"
SLOW_SOCKETS, READERS = 50, 78
ELSEWHERE = "127.0.0.2"
LEFT = "/2028/embed/"
MAX_AGE = 60
GUNICORN_LINE = 4094
GREETING = re.compile(r'<details class="who">\s*<summary>\s*<span><b>([^<]+)')


def test_plain_http_is_sent_to_https(nginx):
    answer = nginx.ask("/2028/summary/?x=1", tls=False, Host="evil.example")
    assert (answer.status, answer.headers["Location"]) == (301, "https://portal.example.org/2028/summary/?x=1")


def test_a_proof_for_a_certificate_is_read_from_the_webroot(nginx):
    proof = nginx.folder / "webroot" / ".well-known" / "acme-challenge" / "token"
    proof.parent.mkdir(parents=True)
    proof.write_text("proof")
    answer = nginx.ask("/.well-known/acme-challenge/token", tls=False)
    assert (answer.status, answer.text) == (200, "proof")
    assert nginx.ask("/.well-known/security.txt", tls=False).status == 301


def test_the_web_role_of_roles_sql_is_ready_without_a_warning(nginx):
    answer = nginx.ask("/readyz")
    assert (answer.status, answer.text) == (200, "ready")


@pytest.mark.parametrize("path", ["/search/?q=", "/about?x=", "/2030/priorities/ballot/?x=", "/nowhere/?x="])
@pytest.mark.parametrize("written", ["a", "%25", "%C3%A9", "%26"])
def test_the_answer_to_the_longest_address_that_gunicorn_takes_fits(nginx, path, written):
    address = path + written * ((GUNICORN_LINE - len(f"GET {path} HTTP/1.1")) // len(written))
    answer = nginx.ask(address)
    assert answer.status in {200, 301, 302, 404}, (answer.status, answer.text)


@pytest.mark.parametrize("client", [ELSEWHERE, "127.0.0.1"])
def test_readers_are_answered_while_slow_clients_hold_sockets(nginx, count, client):
    beginnings = (
        b"GET / HTTP/1.1\r\nHost: portal.example.org\r\nX-Slow: ",
        b"POST /account/login/ HTTP/1.1\r\nHost: portal.example.org\r\nContent-Length: 5000\r\n\r\nemail=",
    )
    over, holding = threading.Event(), threading.Semaphore(0)

    def dribble(beginning: bytes) -> None:
        while not over.is_set():
            with suppress(OSError), nginx.connect(client) as slow:  # nginx closes it in the end
                slow.sendall(beginning)
                holding.release()
                while not over.wait(0.5):
                    slow.sendall(b"a")

    with ThreadPoolExecutor(SLOW_SOCKETS) as threads:
        try:
            for number in range(SLOW_SOCKETS):
                threads.submit(dribble, beginnings[number % 2])
            for _ in range(SLOW_SOCKETS):
                assert holding.acquire(timeout=60)
            answers = [nginx.ask(f"/2028/summary/?reader={number}") for number in range(READERS)]
        finally:
            over.set()
    answered = sum(answer.status == 200 for answer in answers)
    count("proxy: slow sockets", held=SLOW_SOCKETS, readers=READERS, answered=answered)
    assert answered == READERS


@pytest.mark.parametrize("person", ["", "Rosa Delgado"])
def test_a_body_over_the_limit_gets_413_whether_its_length_is_declared_or_not(nginx, site, count, person):
    large, session = b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1), site.cookies.get(person, "")
    declared = nginx.ask("/account/login/", "POST", body=large, Cookie=session)
    chunks = [large[start : start + 65_536] for start in range(0, len(large), 65_536)]
    chunked = nginx.ask("/account/login/", "POST", body=iter(chunks), Transfer_Encoding="chunked", Cookie=session)
    small = nginx.ask("/account/login/", "POST", body=iter([b"x" * 100]), Transfer_Encoding="chunked", Cookie=session)
    count("proxy: uploads", refused=[declared.status, chunked.status].count(413))
    assert (declared.status, chunked.status, small.status) == (413, 413, 403)  # the last lacks a token


def test_too_many_requests_of_one_client_get_429_and_others_are_answered(site):
    with proxy(site.port, {"rate=30r/s": "rate=1r/m"}) as nginx:
        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(lambda _: nginx.ask("/healthz", source=ELSEWHERE), range(310)))
        statuses = [answer.status for answer in answers]
        assert set(statuses) == {200, 429}
        assert {answer.headers.get("Retry-After") for answer in answers if answer.status == 429} == {"1"}
        assert statuses.count(200) > 300
        assert nginx.ask("/healthz").status == 200


def test_what_nginx_answers_by_itself_has_the_headers_and_the_portals_answers_have_them_once(site):
    headers = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy")
    with proxy(free_port(21_000)) as nginx:
        large = b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        asked = [
            nginx.ask("/about/"),
            nginx.ask("/", Host="a b"),
            nginx.ask("/" + "x" * 9000),
            nginx.ask("/", "POST", body=large),
        ]
        assert [answer.status for answer in asked] == [502, 400, 414, 413]
        assert all(set(headers) <= set(answer.headers) for answer in asked)
        assert asked[0].headers["Retry-After"] == "5"
    with proxy(site.port) as nginx:
        for path in ("/about/", "/nowhere/", "/healthz", "/about/"):
            with nginx.connect() as connection:
                connection.sendall(f"HEAD {path} HTTP/1.0\r\nHost: {sample.NAME}\r\n\r\n".encode())
                said = connection.recv(65_536).decode()
            assert all(said.count(f"\r\n{name}:") == 1 for name in headers), said
            assert "Retry-After" not in said


def test_a_web_process_that_hangs_is_passed_by_after_three_requests(site):
    with socket.create_server(("127.0.0.1", 0)) as hung:
        quick = {"proxy_read_timeout 65s": "proxy_read_timeout 1s"}
        with proxy(site.port, quick, second=hung.getsockname()[1]) as nginx:
            statuses = [nginx.ask(f"/healthz?{number}").status for number in range(20)]
    assert statuses.count(504) == 3
    assert statuses.count(200) == 17


def test_public_pages_outlast_the_database_and_the_portal_for_visitors_alone(site, collected, tmp_path, count):
    rosa = site.cookies["Rosa Delgado"]
    with ExitStack() as portals:
        port, _ = portals.enter_context(portal(site.url, collected, tmp_path / "server.log", **BEHIND_PROXY))
        with proxy(port) as nginx:
            for path, cookie in product((*PUBLIC, LEFT), site.cookies.values()):
                assert nginx.ask(path, Cookie=cookie).status == 200
            before = {path: nginx.ask(path) for path in (*PUBLIC, LEFT)}
            assert {answer.status for answer in before.values()} == {200}
            time.sleep(MAX_AGE + 1)
            with site.outage():
                served = [path for path in PUBLIC if nginx.ask(path).text == before[path].text]
                pages = product((*PUBLIC, BALLOT), site.cookies.values())
                signed_in = [nginx.ask(path, Cookie=cookie).status for path, cookie in pages]
                assert nginx.ask("/2028/slides/").status == 503  # not in the cache yet
                assert nginx.log().count("cache=STALE") == len(served)
            assert [nginx.ask(path).text for path in PUBLIC] == [before[path].text for path in PUBLIC]
            assert nginx.log().count("cache=STALE") == len(served)
            assert nginx.ask(BALLOT, Cookie=rosa).status == 200
            portals.close()
            assert nginx.ask(LEFT).text == before[LEFT].text
            assert nginx.ask(LEFT, Cookie=rosa).status == 502
    numbers = {"public_pages": len(PUBLIC), "served": len(served), "refused_signed_in": signed_in.count(503)}
    count("proxy: the database is away", **numbers)
    assert served == list(PUBLIC)
    assert set(signed_in) == {503}


@pytest.mark.parametrize("encoding", ["identity", "gzip", "gzip, deflate, br"])
@pytest.mark.parametrize("first", ["Rosa Delgado", "Ben Nakamura", ""])
def test_everyone_gets_their_own_page_whoever_asked_before(nginx, site, count, first, encoding):
    people = [first, *(name for name in ("", *site.cookies) if name != first)] * 2
    asked = 0
    for path, name in product(PUBLIC, people):
        answer = nginx.ask(
            path, Accept_Encoding=encoding, Cookie=f"csrftoken=x; {site.cookies.get(name, 'theme=dark')}"
        )
        greeted = GREETING.search(answer.text)
        assert (greeted[1] if greeted else "") == name, path
        assert name or not any(each in answer.text for each in site.cookies), path
        assert ("public" if not name else "no-store") in answer.headers["Cache-Control"]
        assert name or "csrfmiddlewaretoken" not in answer.text
        asked += 1
    log = nginx.log()
    count(
        "proxy: pages of signed-in people and visitors", asked=asked, from_the_cache=log.count("cache=HIT"), mixed_up=0
    )
    assert log.count("cache=HIT") == len(PUBLIC)


@pytest.mark.parametrize("said", ["true", "0", "false"])
def test_a_fragment_is_never_kept_for_the_page(nginx, said):
    for path in PUBLIC:
        nginx.ask(path, HX_Request=said)
        assert "<html" in nginx.ask(path).text
        nginx.ask(path, HX_Request=said)
    assert "cache=HIT" not in nginx.log()


def test_static_files_are_kept_in_each_encoding(nginx):
    path = re.search(r"/static/css/app\.\w+\.css", nginx.ask("/").text)[0]
    for encoding, sent in {"gzip, deflate, br": "br", "gzip": "gzip", "identity": None}.items():
        for _ in range(2):
            answer = nginx.ask(path, Accept_Encoding=encoding)
            assert answer.status == 200
            assert answer.headers.get("Content-Encoding") == sent
            assert "immutable" in answer.headers["Cache-Control"]
    assert nginx.log().count("cache=HIT") == 3
