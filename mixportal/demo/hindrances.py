from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import pgtrigger

from challenges.models import Hindrance, HindranceResponse
from mixportal.demo.ballots import Network
from mixportal.editions.models import Edition, Kind

ANSWERING = {2024: 41, 2025: 47}
ANSWERING_OPEN = 22

PERCENT = {
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
DEFAULT_PERCENT = 11
MARKED_BY_A = {
    "Investment in Infrastructure": ("Emergency Communications", "Technology Infrastructure"),
    "Cyber “Boots on the Ground”": ("Cybersecurity",),
}


def enter_hindrances(edition: Edition, network: Network, at: datetime) -> None:
    rng = Random(f"{network.seed} hindrances {edition.year}")
    a, b = network.world.government_a.slug, network.world.government_b.slug
    others = sorted(network.voters.keys() - {a, b})
    if edition.year in ANSWERING:
        answering = [a, b, *rng.sample(others, ANSWERING[edition.year] - 2)]
    else:
        answering = [a, *rng.sample(others, ANSWERING_OPEN - 1)]
    with pgtrigger.ignore("challenges.HindranceResponse:only_while_open", "challenges.Hindrance:only_while_open"):
        responses = HindranceResponse.objects.bulk_create(
            HindranceResponse(
                edition=edition,
                government=network.voters[slug].government,
                version=1,
                updated_at=at - timedelta(hours=5 * number),
                updated_by=network.voters[slug].people[0],
            )
            for number, slug in enumerate(answering)
        )
        response_of = dict(zip(answering, responses, strict=True))
        priorities = list(edition.list_of(Kind.PRIORITIES).entries.in_order())
        Hindrance.objects.bulk_create(
            Hindrance(response=response_of[slug], challenge_id=challenge.pk, priority_id=priority.pk)
            for challenge in edition.list_of(Kind.CHALLENGES).entries.in_order()
            for priority in priorities
            for slug in answering
            if _names(
                challenge.title,
                priority.title,
                rng,
                by_hand=slug == a and edition.year not in ANSWERING,
            )
        )


def _names(challenge: str, priority: str, rng: Random, *, by_hand: bool) -> bool:
    if by_hand:
        return priority in MARKED_BY_A.get(challenge, ())
    return rng.random() * 100 < PERCENT.get(challenge, {}).get(priority, DEFAULT_PERCENT)
