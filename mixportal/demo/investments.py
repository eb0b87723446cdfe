from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from random import Random

from mixportal.demo.ballots import Network, Voter
from mixportal.demo.world import DATA
from mixportal.editions.models import Edition, Entry, Kind
from mixportal.tables.values import grouped
from priorities.models import Investment

INVESTING = 45
STATUSES = {"under_way": 50, "in_place": 17, "planned": 23, "not_planned": 10}
COSTS = {"": 30, "to_100k": 20, "to_500k": 22, "to_2m": 17, "to_10m": 9, "above_10m": 2}
AUDIENCES = {"public": 45, "members": 40, "government": 15}
PERCENT = {
    "Cybersecurity": 92,
    "IT System Modernization": 80,
    "Technology Infrastructure": 74,
    "Business Continuity and Disaster Recovery": 66,
    "Workforce": 60,
    "Data": 58,
    "Emergency Communications": 52,
    "Governance": 48,
    "Citizen Engagement": 42,
}
DEFAULT_PERCENT = 30
BY_HAND = {
    ("port-merrow-county", 2026): {
        "Emergency Communications": ("under_way", "to_10m", "public", "A new radio core with the two counties to the "
            "south. The contract is signed, and the first tower goes up in October."),
        "Cybersecurity": ("under_way", "to_500k", "members", "A watch around the clock, shared with two neighbors. "
            "Next is a test in which payroll is rebuilt from nothing."),
        "Technology Infrastructure": ("planned", "to_500k", "government", "A second data link between the campuses, "
            "if the bids come in under what we set aside."),
        "Business Continuity and Disaster Recovery": ("in_place", "to_2m", "public", ""),
    },
    ("port-merrow-county", 2025): {
        "Emergency Communications": ("planned", "to_10m", "public", "A study of the radio system with the counties to "
            "the south."),
        "Cybersecurity": ("planned", "to_500k", "members", ""),
        "Data": ("under_way", "to_100k", "members", "One address file for dispatch, planning, and taxes, with a "
            "named person in charge."),
        "Workforce": ("planned", "", "government", "Two apprentices from the college in Brackwater, as a trial."),
    },
    ("halloran-county", 2026): {
        "Cybersecurity": ("in_place", "to_500k", "public", "Second step at sign-in for everybody, backups that our own "
            "passwords cannot erase, and a rehearsal every spring."),
        "Governance": ("under_way", "", "members", "A board with the budget office at the table. It has met four times "
            "and said no once."),
        "Emerging Technologies": ("planned", "to_100k", "public", ""),
    },
    ("halloran-county", 2025): {
        "Cybersecurity": ("under_way", "to_500k", "public", "A second step at sign-in for everybody by "
            "the end of the year; the field crews began."),
        "Governance": ("planned", "", "members", ""),
    },
}  # fmt: skip


def enter_investments(edition: Edition, network: Network, at: datetime) -> None:
    rng = Random(f"{network.seed} investments {edition.year}")
    priorities = {priority.title: priority for priority in edition.list_of(Kind.PRIORITIES).entries.in_order()}
    by_hand = {slug: told for (slug, year), told in BY_HAND.items() if year == edition.year}
    paragraphs = _paragraphs(edition.year)
    told = [
        _investment(network.voters[slug], priorities[title], at, status, cost, audience, summary, rng)
        for slug, entries in by_hand.items()
        for title, (status, cost, audience, summary) in entries.items()
    ]
    others = sorted(network.voters.keys() - by_hand.keys())
    telling = rng.sample(others, INVESTING - len(by_hand))
    for title, priority in priorities.items():
        speaking = [slug for slug in telling if rng.random() * 100 < PERCENT.get(title, DEFAULT_PERCENT)]
        for slug in speaking:
            written = next(paragraphs[title], None) if paragraphs.get(title) and rng.random() < 0.6 else None
            status, cost, summary = written or (_draw(rng, STATUSES), _draw(rng, COSTS), "")
            audience = _draw(rng, AUDIENCES)
            told.append(_investment(network.voters[slug], priority, at, status, cost, audience, summary, rng))
    Investment.objects.bulk_create(told)


def _investment(
    voter: Voter,
    priority: Entry,
    at: datetime,
    status: str,
    cost: str,
    audience: str,
    summary: str,
    rng: Random,
) -> Investment:
    year = priority.edition.year
    first = {
        "planned": year + 1,
        "under_way": year - rng.randrange(2),
        "in_place": year - 1 - rng.randrange(3),
    }
    last = year + rng.randrange(1, 4) if status in ("planned", "under_way") else None
    return Investment(
        government=voter.government,
        priority_id=priority.pk,
        version=1,
        status=status,
        cost=cost,
        staff=rng.choice([None, None, 0.5, 1, 2, 3.5]) if status != "not_planned" else None,
        from_year=first.get(status) if rng.random() < 0.7 else None,
        to_year=max(last, year + 1) if last and rng.random() < 0.6 else None,
        summary=summary,
        audience=audience,
        updated_at=at,
        updated_by=voter.people[0],
    )


def _paragraphs(year: int) -> dict[str, Iterator[tuple[str, str, str]]]:
    with (DATA / "investments.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["year"] == str(year)]
    found = grouped((row["priority"], (row["status"], row["cost"], row["summary"])) for row in rows)
    return {title: iter(written) for title, written in found.items()}


def _draw(rng: Random, weights: dict[str, int]) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]
