from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from members.models import Government
from mixportal.comparison.network import Network
from mixportal.consensus.profile import BoolArray
from mixportal.editions.models import Entry
from mixportal.tables.text import counted

MIN_GAP = 1.0  # places
MAX_GAPS = 3
KINDS = {
    "city": ("city", "cities"),
    "county": ("county", "counties"),
    "consolidated": ("that is both", "that are both"),
    "other": ("other", "others"),
}


def counted_kinds(kinds: Sequence[str]) -> list[str]:
    return [counted(kinds.count(kind), *words) for kind, words in KINDS.items() if kind in kinds]


@dataclass(frozen=True)
class Gap:
    entry: Entry
    inside: float
    others: float
    inside_percent: float
    others_percent: float


@dataclass(frozen=True)
class LikeMindedGroup:
    governments: list[Government]
    higher: list[Gap]
    is_mine: bool

    @property
    def kinds(self) -> list[str]:
        return counted_kinds([each.kind for each in self.governments])


def like_minded_groups(network: Network) -> dict[str, object] | None:
    """Return None if chance explains how the ballots differ."""
    found = network.comparison["like_minded"]
    if found["share_by_chance"] is None or len(found["groups"]) < 2:
        return None
    by_row = list(network.rows)
    apart = np.zeros(network.m)
    groups = []
    for rows in found["groups"]:
        inside = np.zeros(network.used, dtype=bool)
        inside[rows] = True
        gaps = _gaps(network, inside)
        apart = np.maximum(apart, [abs(gap.others - gap.inside) for gap in gaps])
        higher = sorted(gaps, key=lambda gap: gap.inside - gap.others)
        groups.append(
            LikeMindedGroup(
                governments=sorted((network.governments[by_row[row]] for row in rows), key=lambda each: each.name),
                higher=[gap for gap in higher if gap.others - gap.inside >= MIN_GAP][:MAX_GAPS],
                is_mine=network.own_row in rows,
            )
        )
    divider = network.entries[int(apart.argmax())]
    return {
        "groups": groups,
        "divider": divider,
        "share_percent": 100 * found["share"],
        "chance_percent": 100 * found["share_by_chance"],
    }


def _gaps(network: Network, inside: BoolArray) -> list[Gap]:
    ranks = network.profile.ranks
    averages = zip(ranks[inside].mean(axis=0).tolist(), ranks[~inside].mean(axis=0).tolist(), strict=True)
    width = (network.m - 1) / 100
    return [
        Gap(entry, here, there, (here - 1) / width, (there - 1) / width)
        for entry, (here, there) in zip(network.entries, averages, strict=True)
    ]
