"""No link that is a key is in a log: not in nginx's, not in gunicorn's, not in the portal's."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from urllib.parse import quote

import pytest
from django.conf import settings

from mixportal.demo.serve import free_port
from tests.deploy import sample
from tests.deploy.conftest import Site
from tests.deploy.proxy import Proxy, proxy

pytestmark = pytest.mark.slow

LIMITED = {"rate=30r/s": "rate=1r/m", "burst=300 nodelay": "burst=1 nodelay"}


def open_link(nginx: Proxy, path: str) -> Counter[int]:
    """Open a link in every way that may leave a line in a log, and return what was answered."""
    referer = f"https://{sample.NAME}{path}"
    large = b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    answers = [nginx.ask(each) for each in (
        path, f"{path}brief.pdf", f"{path}x/", f"/{path}", f"{path}%00", f"{path}?to={path}", f"{path}{'x' * 9000}",
        f"/account/login/?next={path}", f"/account/login/?next={quote(path, safe='')}", f"/x/..{path}", path.upper(),
    )]  # fmt: skip
    answers += [nginx.ask(path, "POST", body=body) for body in (b"agreed=1", b"x" * 100_000, large)]
    answers += [
        nginx.ask(path, **headers) for headers in ({"Host": "evil.example"}, {"Host": "a b"}, {"X": "x" * 9000})
    ]
    answers += [nginx.ask(path, "TRACE"), nginx.ask(path, tls=False)]
    answers += [nginx.ask(each, Referer=referer) for each in ("/about/", "/static/none.css", "/nowhere/", "/healthz")]
    for sent in (
        f"GET {path} HTTP/1.1\r\nHost: x",
        f"GET {path} HTTP/9\r\n\r\n",
        f"NOT ONE {path}\r\n\r\n",
        f"GET {path}",
    ):
        for port in (nginx.http, nginx.https):
            for tls in {False, port == nginx.https}:
                with nginx.connect(tls=tls, port=port) as connection:
                    connection.sendall(sent.encode())  # and hang up
    with nginx.connect() as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {sample.NAME}\r\n\r\n".encode())  # and hang up
    return Counter(answer.status for answer in answers)


def tokens_in(said: str, site: Site) -> list[str]:
    return [page for page, token in site.links.items() if token.lower() in said.lower()]


@pytest.mark.parametrize("trouble", ["", "the database is away", "the portal is away", "too many requests"])
def test_no_link_that_is_a_key_is_in_any_log(site, count, trouble):
    port = free_port(21_000) if trouble == "the portal is away" else site.port
    with ExitStack() as running:
        nginx = running.enter_context(proxy(port, LIMITED if trouble == "too many requests" else {}))
        if trouble == "the database is away":
            running.enter_context(site.outage())
        written = len(site.server_log.read_text())
        answers = sum((open_link(nginx, f"/{page}/{token}/") for page, token in site.links.items()), Counter())
        proxy_said, errors = nginx.log(), nginx.log("error.log", "output")
        server_said = site.server_log.read_text()[written:]
    count("links in logs", opened=answers.total(), lines=len((proxy_said + server_said).splitlines()), tokens=0)
    expected = {"": 200, "the database is away": 503, "the portal is away": 502, "too many requests": 429}[trouble]
    assert {expected, 413, 301, 400} <= set(answers)
    assert all(f'"GET /{page}/... HTTP/1.1" {expected}' in proxy_said for page in site.links)
    assert (tokens_in(proxy_said, site), tokens_in(errors, site)) == ([], [])
    assert tokens_in(server_said, site) == []
    if trouble in ("", "the database is away"):
        assert all(f'"GET /{page}/.../ HTTP/1.1" {expected}' in server_said for page in site.links)
