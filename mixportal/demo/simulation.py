"""Simulate ballots by a generalized Mallows model (Fligner & Verducci 1986, J R Stat Soc B).

A cohort strays from data/centers.csv, and a government from its cohort and its earlier opinion.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from members.models import Government
from mixportal.demo.world import DATA, rows_of

DISPERSION = 0.72
COHORT_DISPERSION = 0.25
MEMORY = 0.6
YEARLY_DISPERSION = 0.88

COMPLETE_SHARE = 0.45
SHORT_LIST, COMPLETE_SHARE_OF_SHORT = 6, 0.8
MIN_RANKED = 3
ROUND_LENGTHS = (5, 10)
TIED_SHARE = 0.27
TURNOUT, TURNOUT_VARIES_BY = 52, 3

UNKNOWN_LEVEL = 7.0
GROUPS = ("city", "county", "consolidated", "small", "large")


@dataclass(frozen=True)
class Candidate:
    """`shifts` change `level`, the place in the center, by kind or band."""

    slug: str
    level: float = UNKNOWN_LEVEL
    shifts: Mapping[str, float] = field(default_factory=dict)
    dispersion: float = DISPERSION
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True)
class SimulatedBallot:
    opinion: tuple[str, ...]
    places: dict[str, int]


def simulate(
    candidates: Sequence[Candidate],
    governments: Iterable[Government],
    seed: int | str,
    previous: Mapping[str, SimulatedBallot] | None = None,
) -> dict[str, SimulatedBallot]:
    centers: dict[str, list[Candidate]] = {}
    simulated = {}
    for government in governments:
        cohort = f"{government.kind} {government.population_band}"
        if cohort not in centers:
            centers[cohort] = _cohort_center(candidates, cohort, _stream(seed, cohort))
        draw = _stream(seed, government.slug)
        center = centers[cohort]
        if previous and government.slug in previous:
            opinion = _later_opinion(center, previous[government.slug].opinion, draw)
        else:
            opinion = _insert_repeatedly(center, [candidate.dispersion for candidate in center], draw)
        slugs = tuple(candidate.slug for candidate in opinion)
        simulated[government.slug] = SimulatedBallot(slugs, _ballot(slugs, draw))
    return simulated


def voters(
    governments: Sequence[Government],
    seed: int | str,
    count: int | None = None,
    *,
    always: Collection[str] = (),
) -> list[str]:
    if count is None:
        count = TURNOUT - TURNOUT_VARIES_BY + int(_stream(seed, "turnout").random() * (2 * TURNOUT_VARIES_BY + 1))
    lots = {government.slug: _stream(seed, "turnout", government.slug).random() for government in governments}
    chosen = sorted(lots, key=lambda slug: (slug not in always, lots[slug]))[:count]
    return sorted(chosen, key=lots.__getitem__)


def load_center(kind: str, year: int) -> dict[str, Candidate]:
    found = {}
    for row in rows_of(DATA / "centers.csv"):
        levels = [row[f"level_{each}"] for each in (2024, 2025, 2026) if each <= year and row[f"level_{each}"]]
        if row["kind"] == kind and levels:
            shifts = {group: float(row[group]) for group in GROUPS if row[group]}
            found[row["title"]] = Candidate("", float(levels[-1]), shifts, float(row["dispersion"] or DISPERSION))
    return found


def _cohort_center(candidates: Sequence[Candidate], cohort: str, draw: Random) -> list[Candidate]:
    levels = {
        each.slug: each.level + sum(each.shifts.get(group, 0.0) for group in cohort.split()) for each in candidates
    }
    lots = {each.slug: draw.random() for each in sorted(candidates, key=lambda each: each.slug)}
    center = sorted(candidates, key=lambda each: (levels[each.slug], lots[each.slug]))
    return _insert_repeatedly(center, [COHORT_DISPERSION * each.dispersion / DISPERSION for each in center], draw)


def _later_opinion(center: Sequence[Candidate], before: Sequence[str], draw: Random) -> list[Candidate]:
    scale = (len(center) - 1) / max(len(before) - 1, 1)
    held = {slug: place * scale for place, slug in enumerate(before)}
    mixed = []
    for place, candidate in enumerate(center):
        earlier = [held[slug] for slug in candidate.earlier if slug in held]
        own = sum(earlier) / len(earlier) if earlier else place
        mixed.append((MEMORY * own + (1 - MEMORY) * place, place, candidate))
    own_center = [candidate for _, _, candidate in sorted(mixed, key=lambda each: each[:2])]
    return _insert_repeatedly(own_center, [YEARLY_DISPERSION * each.dispersion for each in own_center], draw)


def _insert_repeatedly(center: Sequence[Candidate], dispersions: Sequence[float], draw: Random) -> list[Candidate]:
    """Draw as Doignon, Pekec and Regenwetter (2004, Psychometrika) do."""
    order: list[Candidate] = []
    for candidate, dispersion in zip(reversed(center), reversed(dispersions), strict=True):
        order.insert(_choose([dispersion**v for v in range(len(order) + 1)], draw), candidate)
    return order


def _ballot(opinion: Sequence[str], draw: Random) -> dict[str, int]:
    ranked = opinion[: _length(len(opinion), draw)]
    joints: set[int] = set()
    if draw.random() < TIED_SHARE:
        for _ in range(1 + _choose([0.6, 0.3, 0.1], draw)):
            if len(joints) < len(ranked) - 2:
                joints.add(1 + _choose([0 if gap in joints else gap for gap in range(1, len(ranked))], draw))
    places, place = {}, 0
    for index, slug in enumerate(ranked):
        place += index not in joints
        places[slug] = place
    return places


def _length(entries: int, draw: Random) -> int:
    complete = COMPLETE_SHARE_OF_SHORT if entries <= SHORT_LIST else COMPLETE_SHARE
    if draw.random() < complete or entries <= MIN_RANKED:
        return entries
    lengths = range(MIN_RANKED, entries)
    return lengths[_choose([3.0 if length in ROUND_LENGTHS else 1.0 for length in lengths], draw)]


def _choose(weights: Sequence[float], draw: Random) -> int:
    return draw.choices(range(len(weights)), weights)[0]


def _stream(*names: int | str) -> Random:
    key = hashlib.sha256("/".join(map(str, names)).encode()).digest()
    return Random(int.from_bytes(key, "big"))
