from collections.abc import Collection, Mapping, Sequence
from typing import TypedDict

import numpy as np

from mixportal.consensus import Profile, average, groups, similarity
from mixportal.consensus.cohorts import (
    LEVEL,
    CohortDifference,
    CohortTests,
    compare_cohorts,
)
from mixportal.consensus.profile import BoolArray
from mixportal.results.splits import SPLITS, Part, RosterRow, members_of, parts_of, public_parts

MIN_BALLOTS_TO_TEST = 8
SAME_PLACE_SHARE = 0.9


class CohortFigures(TypedDict):
    size: int
    average: list[float | None]
    others: list[float | None]
    low: list[float] | None  # None if untested
    high: list[float] | None
    clear: list[bool]


class TestedCohorts(TypedDict):
    family: int
    p: float | None
    parts: dict[str, CohortFigures]


class Comparison(TypedDict):
    """The figures that members may see, of n ballots and m entries."""

    governments: list[int]
    places: list[list[int | None]]  # n x m
    points: list[list[float]]  # from here see similarity.picture
    shares: list[float] | None
    shares_by_chance: float | None
    pulls: list[list[float]]
    nearest_by_chance: list[float | None]  # from here see similarity.chance_levels
    furthest_by_chance: list[float | None]
    like_minded: groups.LikeMinded
    cohorts: TestedCohorts


class PublicCohort(TypedDict):
    """An average is None where nearly all of some part agree."""

    split: str
    values: list[str]
    size: int
    average: list[float | None]
    clear: list[bool]


class PublicCohorts(TypedDict):
    used: int
    parts: list[PublicCohort]
    family: int
    is_different: bool


def for_members(profile: Profile, governments: Sequence[RosterRow], *, seed: int) -> Comparison:
    picture = similarity.picture(profile)
    nearest, furthest = similarity.chance_levels(profile, seed=seed)
    found = groups.like_minded(profile, seed=seed)
    by_chance = found["share_by_chance"]
    places = np.where(profile.ranked, profile.places, 0).tolist()
    splits = {split.key: parts_of(split, governments) for split in SPLITS}
    return {
        "governments": [government["id"] for government in governments],
        "places": [[place or None for place in row] for row in places],
        "points": np.round(picture.points, 4).tolist(),
        "shares": picture.shares,
        "shares_by_chance": similarity.share_by_chance(profile, seed=seed),
        "pulls": np.round(picture.pulls, 4).tolist(),
        "nearest_by_chance": nearest,
        "furthest_by_chance": furthest,
        "like_minded": {
            "groups": found["groups"],
            "share": round(found["share"], 6),
            "share_by_chance": by_chance if by_chance is None else round(by_chance, 6),
        },
        "cohorts": _cohorts(profile, governments, splits, seed),
    }


def for_everyone(
    profile: Profile,
    governments: Sequence[RosterRow],
    *,
    seed: int,
    shown: Mapping[str, list[Part]] | None = None,
    withheld: Collection[int] = (),
) -> PublicCohorts:
    """Return public parts' averages, but of no item in `withheld`."""
    shown = public_parts(governments, seed=seed) if shown is None else shown
    tested = _cohorts(profile, governments, shown, seed)
    rows = {part.key: np.array(members_of(part, governments)) for parts in shown.values() for part in parts}
    hidden = _nearly_unanimous(profile, list(rows.values()), withheld)
    parts: list[PublicCohort] = []
    for part in (part for parts in shown.values() for part in parts):
        found = tested["parts"][part.key]
        averages = [
            None if place is None or item in hidden else round(place, 1) for item, place in enumerate(found["average"])
        ]
        clear = [is_clear and item not in hidden for item, is_clear in enumerate(found["clear"])]
        parts.append(
            {
                "split": part.split.key,
                "values": list(part.values),
                "size": found["size"],
                "average": averages,
                "clear": clear,
            }
        )
    return {
        "used": len(governments),
        "parts": parts,
        "family": tested["family"],
        "is_different": tested["p"] is not None and tested["p"] < LEVEL,
    }


def _nearly_unanimous(profile: Profile, parts: Sequence[BoolArray], withheld: Collection[int]) -> set[int]:
    """Return `withheld` and the items that 90 % of some part's ballots give the same place.

    If there is only one, add the next most uniform item, since the averages of a part have a known
    sum.
    """
    shares = [
        max(
            (_largest_share(profile.doubled[inside, item].tolist()) for inside in parts),
            default=0.0,
        )
        for item in range(profile.m)
    ]
    hidden = {item for item, share in enumerate(shares) if share >= SAME_PLACE_SHARE or item in withheld}
    if len(hidden) == 1 and profile.m > 1:
        hidden.add(max((item for item in range(profile.m) if item not in hidden), key=shares.__getitem__))
    return hidden


def _largest_share(column: list[int]) -> float:
    return max(column.count(place) for place in set(column)) / len(column)


def _cohorts(
    profile: Profile, governments: Sequence[RosterRow], splits: Mapping[str, list[Part]], seed: int
) -> TestedCohorts:
    rows = {part.key: members_of(part, governments) for parts in splits.values() for part in parts}
    tested = [part.key for parts in splits.values() for part in (parts[:1] if len(parts) == 2 else parts)]
    family = len(tested) * profile.m
    found: CohortTests = {"family": family, "p": None, "cohorts": []}
    if tested and len(profile.rows) >= MIN_BALLOTS_TO_TEST:
        found = compare_cohorts(profile, [rows[key] for key in tested], seed=seed)
    differing = dict(zip(tested, found["cohorts"], strict=False))
    for parts in splits.values():
        if len(parts) == 2 and parts[0].key in differing:
            differing[parts[1].key] = _mirrored(differing[parts[0].key])
    return {
        "family": found["family"],
        "p": found["p"],
        "parts": {key: _part(profile, row, differing.get(key)) for key, row in rows.items()},
    }


def _part(profile: Profile, row: list[bool], differing: CohortDifference | None) -> CohortFigures:
    inside = np.array(row)
    size = int(inside.sum())
    return {
        "size": size,
        "average": average.average_places(profile.doubled[inside].sum(axis=0), size),
        "others": average.average_places(profile.doubled[~inside].sum(axis=0), len(row) - size),
        "low": differing["low"] if differing else None,
        "high": differing["high"] if differing else None,
        "clear": differing["clear"] if differing else [False] * profile.m,
    }


def _mirrored(cohort: CohortDifference) -> CohortDifference:
    return {
        **cohort,
        "low": [-high for high in cohort["high"]],
        "high": [-low for low in cohort["low"]],
    }
