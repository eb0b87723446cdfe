"""Page times as ratios to a constant view, in one run, over the demonstration's 64 governments."""

from __future__ import annotations

import gc
import os
import shutil
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from mixportal import database
from mixportal.demo import serve
from tests.benchmarks.result import Result, milliseconds, ratio

if TYPE_CHECKING:
    from django.test import Client  # needs the settings, which results() prepares

ROUNDS = 60
YEAR, OPEN_YEAR = 2025, 2026


def results() -> list[Result]:
    """Measure the pages in a new Postgres in `.data/bench-pg`: an earlier run has left its notes in the old one."""
    folder = database.folder("bench-pg")
    database.stop(folder)
    shutil.rmtree(folder, ignore_errors=True)
    os.environ["PORTAL_MODE"] = "demo"
    os.environ["DATABASE_URL"] = database.start(
        folder,
        options=database.TEST_OPTIONS | {"autovacuum": "on"},
        database="mixportal_bench",
    )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mixportal.settings")
    import django
    from django.conf import settings

    django.setup()
    settings.ROOT_URLCONF = "tests.benchmarks.urls"
    settings.ALLOWED_HOSTS = ["testserver"]
    from django.core.management import call_command

    serve.collect_static(settings.STATIC_ROOT)
    call_command("migrate", interactive=False, verbosity=0)
    with open(os.devnull, "w") as nowhere:
        call_command("demo", stdout=nowhere)
    return _measure()


def _measure() -> list[Result]:
    from django.test import Client

    gc.collect()
    gc.freeze()  # as in mixportal/wsgi.py, like the next
    gc.set_threshold(20_000, 20, 20)
    visitor, member = Client(), Client()
    member.post("/demo/sign-in/", {"persona": "member-a"})
    others = "&g=".join(_cast(member.get(f"/{YEAR}/priorities/ballots.csv").content.decode())[:8])
    etag = visitor.get(f"/{YEAR}/priorities/")["ETag"]

    def not_modified() -> None:
        assert visitor.get(f"/{YEAR}/priorities/", headers={"If-None-Match": etag}).status_code == 304

    # what, who asks, the address, how many times the constant view it may take; a query makes a page anew
    pages: list[tuple[str, Client, str, float]] = [
        ("summary, from the page cache", visitor, f"/{YEAR}/summary/", 2),
        ("list with results, from the page cache", visitor, f"/{YEAR}/priorities/", 2),
        ("summary, built", visitor, f"/{YEAR}/summary/?built", 10),
        ("list with results, built", visitor, f"/{YEAR}/priorities/?built", 10),
        ("how sure, built", visitor, f"/{YEAR}/priorities/results/?built", 10),
        ("groups, built", visitor, f"/{YEAR}/priorities/compare/cohorts/?built", 10),
        ("list with results, signed in", member, f"/{YEAR}/priorities/", 5),
        ("entry, signed in", member, f"/{YEAR}/priorities/cybersecurity/", 8),
        ("home, signed in", member, "/", 8),
        ("brief, signed in", member, f"/governments/port-merrow-county/{YEAR}/", 8),
        ("compare, 8 others beside 64", member, f"/{YEAR}/priorities/compare/?cohort=kind-county&g={others}", 8),
        ("map of likeness, 64 x 64", member, f"/{YEAR}/priorities/map/", 12),
        ("trends, signed in", member, "/trends/priorities/", 12),
    ]
    constants = {visitor: "constant view, visitor", member: "constant view, signed in"}
    save = _save(member)
    tasks: dict[str, Callable[[], object]] = {
        **{name: partial(client.get, "/constant/") for client, name in constants.items()},
        **{what: partial(client.get, address) for what, client, address, _ in pages},
        "list with results, not modified (304)": not_modified,
        "ballot save of 5": save,
    }
    took = medians(tasks)
    return [
        *(milliseconds(name, took[name]) for name in constants.values()),
        *(
            ratio(what, took[what], took[constants[client]], budget, count_queries(client, address))
            for what, client, address, budget in pages
        ),
        ratio(
            "list with results, not modified (304)",
            took["list with results, not modified (304)"],
            took[constants[visitor]],
            1.5,
        ),
        ratio("ballot save of 5", took["ballot save of 5"], took[constants[member]], 5),
    ]


def medians(tasks: dict[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """Return the median milliseconds of each task. They take turns, so that a busy moment weighs on all alike."""
    times: dict[str, list[float]] = {what: [] for what in tasks}
    for _ in range(rounds):
        for what, task in tasks.items():
            began = time.perf_counter()
            task()
            times[what].append(1000 * (time.perf_counter() - began))
    return {what: statistics.median(taken[5:]) for what, taken in times.items()}


def count_queries(client: Client, address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200, address
    return len(queries)


def _save(member: Client) -> Callable[[], None]:
    """Return a save that changes every placement: lock, write, history, the rendered answer."""
    ballot = f"/{OPEN_YEAR}/challenges/ballot/"
    page = member.get(ballot).content.decode()
    slugs = [line.split('"')[0] for line in page.split('name="rank-')[1:]]
    version, turn = _version(page), 0

    def save() -> None:
        nonlocal version, turn
        turn += 1
        order = slugs[turn % len(slugs) :] + slugs[: turn % len(slugs)]
        ranks = {f"rank-{slug}": place for place, slug in enumerate(order, start=1)}
        answer = member.post(ballot, {"version": version, "action": "save", **ranks}, headers={"HX-Request": "true"})
        assert answer.status_code == 200, answer.status_code
        version = _version(answer.content.decode())

    return save


def _cast(ballots: str) -> list[str]:
    """Return the governments that cast a ballot."""
    return [line.split(",")[0] for line in ballots.splitlines()[1:]]


def _version(page: str) -> str:
    return page.split('name="version" value="')[1].split('"')[0]
