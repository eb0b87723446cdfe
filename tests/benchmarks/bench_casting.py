"""64 members who cast at the same moment, over HTTP, at the web server that `make demo` starts. Runs after bench_pages."""

from __future__ import annotations

import statistics
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlencode

from mixportal.demo import serve
from tests.benchmarks.bench_pages import OPEN_YEAR
from tests.benchmarks.result import Result

MEMBERS = 64
BUDGET = 800  # milliseconds, of 95 in 100
BALLOT = f"/{OPEN_YEAR}/challenges/ballot/"


def results() -> list[Result]:
    port = serve.free_port(8700)
    server = subprocess.Popen(serve.gunicorn(port))
    try:
        serve.wait_for(port, server)
        times, lost = _cast_together(port)
    finally:
        server.terminate()
        server.wait()
    p95 = statistics.quantiles(times, n=20)[-1]
    measured = f"p50 {statistics.median(times):.0f} ms, p95 {p95:.0f} ms, {lost} lost"
    return [
        Result(f"{MEMBERS} members casting at once", measured, f"p95 <= {BUDGET} ms, 0 lost", p95 > BUDGET or lost > 0)
    ]


def _cast_together(port: int) -> tuple[list[float], int]:
    """Return each member's milliseconds, and how many ballots do not stand as cast afterwards."""
    from django.conf import settings
    from django.test import Client

    from members.models import User

    start, end = threading.Barrier(MEMBERS), threading.Barrier(MEMBERS)

    def cast(session: str) -> tuple[float, bool]:
        cookies = {settings.SESSION_COOKIE_NAME: session}
        page = _request(port, cookies)
        token, version = (
            page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("csrfmiddlewaretoken", "version")
        )
        slugs = [line.split('"')[0] for line in page.split('name="rank-')[1:]]
        ranks = {f"rank-{slug}": place for place, slug in enumerate(slugs, start=1)}
        form = {"csrfmiddlewaretoken": token, "version": version, "action": "cast", "consent": "yes", **ranks}
        start.wait(timeout=60)
        began = time.perf_counter()
        _request(port, cookies, urlencode(form))
        taken = 1000 * (time.perf_counter() - began)
        end.wait(timeout=60)  # so that these checks slow no cast
        return taken, "Cast, counts as it stands" in _request(port, cookies)

    sessions = []
    for user in User.objects.filter(role=User.Role.MEMBER)[:MEMBERS]:
        client = Client()
        client.force_login(user)
        sessions.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    with ThreadPoolExecutor(MEMBERS) as pool:
        done = list(pool.map(cast, sessions))
    return [taken for taken, _ in done], sum(not stands for _, stands in done)


def _request(port: int, cookies: dict[str, str], form: str | None = None) -> str:
    """Return the ballot page, or what it answers to the form; keeps the cookies that it sets."""
    connection = HTTPConnection(serve.HOST, port, timeout=60)
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    if form is not None:
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true"}
    connection.request("GET" if form is None else "POST", BALLOT, form, headers)
    answer = connection.getresponse()
    body = answer.read().decode()
    for cookie in answer.headers.get_all("Set-Cookie") or ():
        name, _, value = cookie.partition("=")
        cookies[name] = value.split(";")[0]
    connection.close()
    return body
