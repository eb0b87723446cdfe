"""What is computed of the ballots after the close, once: likeness, map and cohorts. Ready for JSON.

Two results come out: one for members, and one for leaders and visitors, which holds nothing that DESIGN rule 3 keeps
from them. Pages for them read the second alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mixportal.consensus import Profile, average, scaling, seriation, similarity
from mixportal.consensus.cohorts import LEVEL, PERMUTATIONS, compare_cohorts
from mixportal.consensus.profile import BoolArray
from mixportal.results.splits import SPLITS, Part, members_of, parts_of, public_parts

FEWEST_TO_TEST = 8  # with fewer ballots no difference is ever below the level of the test
NEARLY_ALL = 0.9

Facts = Mapping[str, Any]


def for_members(profile: Profile, governments: Sequence[Facts], *, seed: int) -> dict[str, Any]:
    """`governments` are those of the profile's ballots, as the roster has them; all lists of n follow them.

    places    n x m: the place on the ballot (joint 3rd is 3), None where not ranked
    order     indices of the governments, so that alike stand together
    points, shares, shares_by_chance, pulls   the picture (consensus/scaling.py)
    nearest_by_chance, furthest_by_chance     n tau-b each (similarity.chance_levels)
    cohorts   permutations, family and p of the one test of all splits; by part size, average, others, low, high, clear
    """
    picture = scaling.picture(profile)
    nearest, furthest = similarity.chance_levels(profile, seed=seed)
    places = np.where(profile.ranked, profile.places, 0).tolist()
    splits = {split.key: parts_of(split, governments) for split in SPLITS}
    return {
        "governments": [government["id"] for government in governments],
        "places": [[place or None for place in row] for row in places],
        "order": seriation.alike_together(similarity.tau_b(profile)),
        "points": np.round(picture.points, 4).tolist(),
        "shares": picture.shares,
        "shares_by_chance": scaling.share_by_chance(profile, seed=seed),
        "pulls": np.round(picture.pulls, 4).tolist(),
        "nearest_by_chance": nearest,
        "furthest_by_chance": furthest,
        "cohorts": _cohorts(profile, governments, splits, seed),
    }


def for_everyone(profile: Profile, governments: Sequence[Facts], *, seed: int) -> dict[str, Any]:
    """Averages to one decimal of parts of ten ballots or more; None where one would tell how each ranked."""
    shown = public_parts(governments, seed=seed)
    tested = _cohorts(profile, governments, shown, seed)
    rows = {part.key: np.array(members_of(part, governments)) for parts in shown.values() for part in parts}
    hidden = _worded_away(profile, list(rows.values()))
    parts = []
    for part in (part for parts in shown.values() for part in parts):
        found = tested["parts"][part.key]
        averages = [None if item in hidden else round(place, 1) for item, place in enumerate(found["average"])]
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


def _worded_away(profile: Profile, parts: Sequence[BoolArray]) -> set[int]:
    """The items that nine in ten ballots of some part give one place: their average would tell it of each.

    The averages of a part add up to a known sum, so the only item left out could be worked out from the others: then
    the one that comes next is left out as well.
    """
    shares = [
        max((_most_alike(profile.doubled[inside, item].tolist()) for inside in parts), default=0.0)
        for item in range(profile.m)
    ]
    hidden = {item for item, share in enumerate(shares) if share >= NEARLY_ALL}
    if len(hidden) == 1 and profile.m > 1:
        hidden.add(max((item for item in range(profile.m) if item not in hidden), key=shares.__getitem__))
    return hidden


def _most_alike(column: list[int]) -> float:
    """The largest share of one place."""
    return max(column.count(place) for place in set(column)) / len(column)


def _cohorts(
    profile: Profile, governments: Sequence[Facts], splits: Mapping[str, list[Part]], seed: int
) -> dict[str, Any]:
    """All parts tested as one family. Of a split in two the first part is tested: the other is its mirror image."""
    rows = {part.key: members_of(part, governments) for parts in splits.values() for part in parts}
    tested = [part.key for parts in splits.values() for part in (parts[:1] if len(parts) == 2 else parts)]
    found: dict[str, Any] = {"permutations": PERMUTATIONS, "family": len(tested) * profile.m, "p": None, "cohorts": []}
    if tested and len(profile.rows) >= FEWEST_TO_TEST:
        found = compare_cohorts(profile, [rows[key] for key in tested], seed=seed)
    differing = dict(zip(tested, found["cohorts"], strict=False))
    for parts in splits.values():
        if len(parts) == 2 and parts[0].key in differing:
            differing[parts[1].key] = _mirrored(differing[parts[0].key])
    return {
        "permutations": found["permutations"],
        "family": found["family"],
        "p": found["p"],
        "parts": {key: _part(profile, row, differing.get(key)) for key, row in rows.items()},
    }


def _part(profile: Profile, row: list[bool], differing: Mapping[str, Any] | None) -> dict[str, Any]:
    inside = np.array(row)
    size = int(inside.sum())
    averages = average.average_places(profile.doubled[inside].sum(axis=0), size)
    others = average.average_places(profile.doubled[~inside].sum(axis=0), len(row) - size)
    part: dict[str, Any] = {"size": size, "average": averages, "others": others}
    if differing is None:
        return part | {"low": None, "high": None, "clear": [False] * profile.m}
    return part | {key: differing[key] for key in ("low", "high", "clear")}


def _mirrored(cohort: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **cohort,
        "low": [-high for high in cohort["high"]],
        "high": [-low for low in cohort["low"]],
    }
