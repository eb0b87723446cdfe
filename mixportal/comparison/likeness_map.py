"""All governments by likeness: a picture in a plane, and a table of each with its nearest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from members.models import Government
from mixportal.comparison import pictures
from mixportal.comparison.network import Network
from mixportal.consensus import similarity
from mixportal.results.splits import Part, Split
from mixportal.tables.text import listed

FEWEST = 3  # ballots of which a picture can be made
PULLS_FROM = 0.4  # correlation from which an entry names an end of an axis
NAMED = 2
LUCK = 20  # one in so many is nearer to somebody than the level, by luck alone


@dataclass(frozen=True)
class Neighbour:
    """A government with the one most like it. `nearest` is None where its ballot ranks too little."""

    government: Government
    part: Part
    nearest: Government | None
    same: int
    both: int
    tau: float
    is_beyond_chance: bool
    is_mine: bool
    is_chosen: bool

    @property
    def tau_words(self) -> str:
        return f"{self.tau:.2f}".replace("-", "−")


class LikenessMap:
    """`chosen` are marked in the picture, as the viewer's own government is; `split` gives each its shape."""

    def __init__(self, network: Network, chosen: Sequence[Government], split: Split | None) -> None:
        self.network, self.chosen = network, [each for each in chosen if network.row_of(each) is not None]
        self.parts = {each.key: parts for each, parts in network.parts()}
        keys = list(self.parts)
        self.split_key = split.key if split and split.key in keys else (keys[0] if keys else "")

    @property
    def splits(self) -> list[Split]:
        return [split for split, _ in self.network.parts()]

    @property
    def is_drawn(self) -> bool:
        return self.network.used >= FEWEST

    @property
    def _shown_parts(self) -> list[Part]:
        return self.parts.get(self.split_key, [])

    def _part_of(self, row: int) -> int:
        facts = self.network.facts[row]
        return next((number for number, part in enumerate(self._shown_parts) if part.holds(facts)), 0)

    @cached_property
    def tau(self) -> Any:
        return similarity.tau_b(self.network.profile)

    @property
    def order(self) -> list[int]:
        return self.network.comparison["order"]

    def _marks(self) -> list[tuple[int, str]]:
        """Rows that are marked, with how."""
        own = self.network.own_row
        marks = [(self.network.rows[each.pk], "c") for each in self.chosen if each != self.network.own]
        return [*([(own, "m")] if own is not None else []), *marks]

    # The picture

    @property
    def plane(self) -> str:
        points = self.network.comparison["points"]
        named = [self.network.governments[pk].name for pk in self.network.rows]
        marks = dict(self._marks())
        shapes = [self._part_of(row) for row in range(len(points))]
        ends = "; ".join(f"{name}: {text}" for name, text in self.ends.items() if text)
        label = f"{self.network.used} governments as points: the nearer, the more alike their lists. {ends}"
        return pictures.plane(label, points, shapes, named, marks)

    @property
    def plane_legend(self) -> list[tuple[str, str]]:
        return [(pictures.sample(number), part.title) for number, part in enumerate(self._shown_parts)]

    @property
    def ends(self) -> dict[str, str]:
        """What pulls towards each end: entries that the governments there place higher than the others do."""
        pulls = self.network.comparison["pulls"]
        return {
            "right": self._pulling([pull[0] for pull in pulls]),
            "left": self._pulling([-pull[0] for pull in pulls]),
            "top": self._pulling([pull[1] for pull in pulls]),
            "bottom": self._pulling([-pull[1] for pull in pulls]),
        }

    def _pulling(self, pulls: list[float]) -> str:
        strong = sorted((c for c in range(len(pulls)) if pulls[c] >= PULLS_FROM), key=lambda c: -pulls[c])[:NAMED]
        return listed([self.network.entries[column].title for column in strong])

    @property
    def held(self) -> str:
        """How much of the differences the picture holds, and what chance would give."""
        shares, chance = self.network.comparison["shares"], self.network.comparison["shares_by_chance"]
        if shares is None:
            return "All lists are the same, so there is nothing to tell apart."
        held = round(100 * sum(shares))
        words = f"The picture holds {held} % of the differences between the lists; the rest is not seen in it."
        if chance is None:
            return words
        return f"{words} Lists shuffled at random would come to {round(100 * chance)} % at most, in 95 of 100 tries."

    # What chance would give

    @cached_property
    def rows(self) -> list[Neighbour]:
        """Every government with its nearest, those alike together."""
        network, tau = self.network, self.tau.copy()
        np.fill_diagonal(tau, -np.inf)
        enough = np.array([network.has_enough(row) for row in range(network.used)], dtype=bool)
        tau[:, ~enough] = -np.inf
        same, both = similarity.shared_pairs(network.profile)
        nearest_to = tau.argmax(axis=1).tolist() if network.used > 1 else [0]
        by_row = list(network.rows)
        levels = network.comparison["nearest_by_chance"]
        chosen = {each.pk for each in self.chosen}
        found = []
        for row in self.order:
            pk, other = by_row[row], nearest_to[row]
            comparable = bool(enough[row]) and network.used > 1 and bool(np.isfinite(tau[row, other]))
            likeness = float(tau[row, other]) if comparable else 0.0
            found.append(
                Neighbour(
                    government=network.governments[pk],
                    part=self._shown_parts[self._part_of(row)] if self._shown_parts else None,  # type: ignore[arg-type]
                    nearest=network.governments[by_row[other]] if comparable else None,
                    same=int(same[row, other]),
                    both=int(both[row, other]),
                    tau=likeness,
                    is_beyond_chance=comparable and likeness > levels[row],
                    is_mine=pk == (network.own.pk if network.own else None),
                    is_chosen=pk in chosen,
                )
            )
        return found

    @property
    def beyond_chance(self) -> int:
        return sum(1 for row in self.rows if row.is_beyond_chance)

    @property
    def by_luck(self) -> int:
        """How many would have a neighbour beyond the level by luck alone."""
        return max(1, round(self.network.used / LUCK))

    @property
    def chance(self) -> float:
        """The level of the one in the middle: how near chance brings the nearest of all others."""
        levels = sorted(self.network.comparison["nearest_by_chance"])
        return levels[len(levels) // 2]

    @property
    def deck(self) -> str:
        used, beyond = self.network.used, self.beyond_chance
        if not self.network.is_long_enough:
            return (
                f"A list of {self.network.m} is too short to say who thinks alike: lists shuffled at random bring "
                f"the closest of {used - 1} others to {self.chance:.2f}, where 1 is the same order."
            )
        have = f"{beyond} of {used} governments have" if beyond != 1 else f"1 of {used} governments has"
        luck = f"by luck alone it would be about {self.by_luck}"
        return f"{have} a neighbor nearer than chance would bring; {luck}."
