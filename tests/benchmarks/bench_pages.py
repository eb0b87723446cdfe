"""Page times as ratios to a constant view, in one run, over the demonstration's 64 governments."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable

from mixportal import database

ROUNDS = 60
YEAR, OPEN_YEAR = 2025, 2026
VISITOR, SIGNED_IN = "constant view, visitor", "constant view, signed in"


def rows() -> list[tuple[str, str, str]]:
    """(what, measured, budget) for each page; starts a Postgres of its own in `.data/bench-pg`."""
    os.environ["PORTAL_MODE"] = "demo"
    os.environ["DATABASE_URL"] = database.start(
        database.folder("bench-pg"), options=database.TEST_OPTIONS, database="mixportal_bench"
    )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mixportal.settings")
    import django
    from django.conf import settings

    django.setup()
    settings.ROOT_URLCONF = "tests.benchmarks.urls"
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.ALLOWED_HOSTS = ["testserver"]
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    with open(os.devnull, "w") as nowhere:
        call_command("demo", stdout=nowhere)
    return _measure()


def _measure() -> list[tuple[str, str, str]]:
    from django.test import Client

    visitor, member = Client(), Client()
    member.post("/demo/sign-in/", {"persona": "member-a"})
    ballot = f"/{OPEN_YEAR}/challenges/ballot/"
    slugs = [line.split('"')[0] for line in member.get(ballot).content.decode().split('name="rank-')[1:]]
    state = {"version": _version(member.get(ballot).content.decode()), "turn": 0}

    def save() -> None:
        """A save that changes every placement: lock, write, history, the rendered answer."""
        state["turn"] += 1
        order = slugs[state["turn"] % len(slugs) :] + slugs[: state["turn"] % len(slugs)]
        ranks = {f"rank-{slug}": place for place, slug in enumerate(order, start=1)}
        answer = member.post(
            ballot, {"version": state["version"], "action": "save", **ranks}, headers={"HX-Request": "true"}
        )
        assert answer.status_code == 200, answer.status_code
        state["version"] = _version(answer.content.decode())

    others = "&g=".join(_cast(member.get(f"/{YEAR}/priorities/ballots.csv").content.decode())[:8])
    compared = f"/{YEAR}/priorities/compare/?cohort=kind-county&g={others}"

    # what, the task, the constant view it is set against, the budget
    tasks: list[tuple[str, Callable[[], object], str, float]] = [
        ("summary, visitor", lambda: visitor.get(f"/{YEAR}/summary/"), VISITOR, 10),
        ("list with results, visitor", lambda: visitor.get(f"/{YEAR}/priorities/"), VISITOR, 10),
        ("list with results, signed in", lambda: member.get(f"/{YEAR}/priorities/"), SIGNED_IN, 6),
        ("entry, signed in", lambda: member.get(f"/{YEAR}/priorities/cybersecurity/"), SIGNED_IN, 8),
        ("home, signed in", lambda: member.get("/"), SIGNED_IN, 10),
        ("compare, 8 others beside 64", lambda: member.get(compared), SIGNED_IN, 12),
        ("map of likeness, 64 x 64", lambda: member.get(f"/{YEAR}/priorities/map/"), SIGNED_IN, 15),
        ("groups, visitor", lambda: visitor.get(f"/{YEAR}/priorities/compare/cohorts/"), VISITOR, 10),
        ("ballot save of 5", save, SIGNED_IN, 6),
    ]
    constants: list[tuple[str, Callable[[], object]]] = [
        (VISITOR, lambda: visitor.get("/constant/")),
        (SIGNED_IN, lambda: member.get("/constant/")),
    ]
    timed = [*constants, *((what, task) for what, task, _, _ in tasks)]
    times: dict[str, list[float]] = {what: [] for what, _ in timed}
    for _ in range(ROUNDS):  # interleaved, so that a busy moment weighs on all alike
        for what, task in timed:
            began = time.perf_counter()
            task()
            times[what].append(1000 * (time.perf_counter() - began))
    median = {what: statistics.median(taken[5:]) for what, taken in times.items()}
    lines = [(what, f"{median[what]:.2f} ms", "") for what, _ in constants]
    for what, _, constant, budget in tasks:
        ratio = median[what] / median[constant]
        lines.append((what, f"{median[what]:.2f} ms, {ratio:.1f} x", f"<= {budget:g} x"))
    return lines


def _cast(ballots: str) -> list[str]:
    """The governments that cast a ballot."""
    return [line.split(",")[0] for line in ballots.splitlines()[1:]]


def _version(page: str) -> str:
    return page.split('name="version" value="')[1].split('"')[0]
