from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

import pgtrigger

from challenges.models import Hindrance, HindranceResponse
from mixportal.demo.ballots import Network
from mixportal.demo.world import DATA, A, B, Seat, rows_of
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

ANSWERING = {2024: 41, 2025: 47}
ANSWERING_OPEN = 22

PERCENT_MARKED = {
    "Cyber “Boots on the Ground”": {
        "Cybersecurity": 81, "Workforce": 48, "Business Continuity and Disaster Recovery": 44,
    },
    "Expanding Portfolios": {
        "Innovation and Smart City Programs": 52, "Technology Infrastructure": 57, "Workforce": 46,
        "Artificial Intelligence": 37, "Emerging Technologies": 35, "Cybersecurity": 33,
    },
    "Investment in Infrastructure": {
        "Technology Infrastructure": 78, "Emergency Communications": 61, "IT System Modernization": 58,
        "Business Continuity and Disaster Recovery": 53, "Legacy System Modernization": 58,
    },
    "Aging Infrastructure": {
        "Technology Infrastructure": 73, "Emergency Communications": 55, "Legacy System Modernization": 66,
        "Business Continuity and Disaster Recovery": 49,
    },
    "Competing for Talent": {"Workforce": 84, "Cybersecurity": 59, "Data": 41, "Digital Transformation": 37},
    "IT Governance": {
        "Governance": 63, "IT System Modernization": 49, "Data": 55, "IT Transformation": 51,
        "Digital Transformation": 50, "Legacy System Modernization": 45,
    },
    "Shadow IT": {"Data": 58, "Cybersecurity": 54, "Governance": 47, "Artificial Intelligence": 41, "Social Media": 32},
}  # fmt: skip
DEFAULT_PERCENT_MARKED = 11
MARKED_BY_A = {
    "Investment in Infrastructure": ("Emergency Communications", "Technology Infrastructure"),
    "Cyber “Boots on the Ground”": ("Cybersecurity",),
}


def enter_investments(edition: Edition, network: Network, at: datetime) -> None:
    rng = Random(f"{network.seed} investments {edition.year}")
    seats = network.world.seats
    priorities = {priority.title: priority for priority in edition.list_of(Kind.PRIORITIES).entries.in_order()}
    by_hand = {slug: told for (slug, year), told in BY_HAND.items() if year == edition.year}
    paragraphs = _paragraphs(edition.year)
    told = [
        _investment(seats[slug], priorities[title], at, status, cost, audience, summary, rng)
        for slug, entries in by_hand.items()
        for title, (status, cost, audience, summary) in entries.items()
    ]
    telling = rng.sample(sorted(seats.keys() - by_hand.keys()), INVESTING - len(by_hand))
    for title, priority in priorities.items():
        for slug in [slug for slug in telling if rng.random() * 100 < PERCENT.get(title, DEFAULT_PERCENT)]:
            written = next(paragraphs[title], None) if title in paragraphs and rng.random() < 0.6 else None
            status, cost, summary = written or (_draw(rng, STATUSES), _draw(rng, COSTS), "")
            told.append(_investment(seats[slug], priority, at, status, cost, _draw(rng, AUDIENCES), summary, rng))
    Investment.objects.bulk_create(told)


def _investment(
    seat: Seat,
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
        government=seat.government,
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
        updated_by=seat.member,
    )


def _paragraphs(year: int) -> dict[str, Iterator[tuple[str, str, str]]]:
    rows = [row for row in rows_of(DATA / "investments.csv") if row["year"] == str(year)]
    found = grouped((row["priority"], (row["status"], row["cost"], row["summary"])) for row in rows)
    return {title: iter(written) for title, written in found.items()}


def _draw(rng: Random, weights: dict[str, int]) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]


def enter_hindrances(edition: Edition, network: Network, at: datetime) -> None:
    rng = Random(f"{network.seed} hindrances {edition.year}")
    others = sorted(network.world.seats.keys() - {A, B})
    if edition.year in ANSWERING:
        answering = [A, B, *rng.sample(others, ANSWERING[edition.year] - 2)]
    else:
        answering = [A, *rng.sample(others, ANSWERING_OPEN - 1)]
    seats = [network.world.seats[slug] for slug in answering]
    with pgtrigger.ignore("challenges.HindranceResponse:only_while_open", "challenges.Hindrance:only_while_open"):
        responses = HindranceResponse.objects.bulk_create(
            HindranceResponse(
                edition=edition,
                government=seat.government,
                version=1,
                updated_at=at - timedelta(hours=5 * number),
                updated_by=seat.member,
            )
            for number, seat in enumerate(seats)
        )
        priorities = list(edition.list_of(Kind.PRIORITIES).entries.in_order())
        Hindrance.objects.bulk_create(
            Hindrance(response=response, challenge_id=challenge.pk, priority_id=priority.pk)
            for challenge in edition.list_of(Kind.CHALLENGES).entries.in_order()
            for priority in priorities
            for response, slug in zip(responses, answering, strict=True)
            if _is_marked(slug, challenge, priority, rng)
        )


def _is_marked(slug: str, challenge: Entry, priority: Entry, rng: Random) -> bool:
    if slug == A and priority.edition.year not in ANSWERING:
        return priority.title in MARKED_BY_A.get(challenge.title, ())
    return rng.random() * 100 < PERCENT_MARKED.get(challenge.title, {}).get(priority.title, DEFAULT_PERCENT_MARKED)
