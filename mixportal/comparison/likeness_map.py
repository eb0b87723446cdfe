from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from members.models import Government
from mixportal.comparison import pictures
from mixportal.comparison.network import Network
from mixportal.consensus import similarity
from mixportal.consensus.profile import FloatArray
from mixportal.results.splits import Part, Split
from mixportal.tables.text import listed

MIN_BALLOTS = 3
MIN_CORRELATION = 0.4  # of an entry with an axis that it names
MAX_TITLES = 2  # at each end
CHANCE_RATE = 0.05  # share of lists with such a neighbor by chance alone


@dataclass(frozen=True)
class Neighbor:
    government: Government
    part: Part | None
    nearest: Government | None  # None if its ballot ranks too little
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
        return self.network.used >= MIN_BALLOTS

    @property
    def _shown_parts(self) -> list[Part]:
        return self.parts.get(self.split_key, [])

    def _part_of(self, row: int) -> int:
        facts = self.network.facts[row]
        return next((number for number, part in enumerate(self._shown_parts) if part.holds(facts)), 0)

    @cached_property
    def tau(self) -> FloatArray:
        return similarity.tau_b(self.network.profile)

    @property
    def order(self) -> list[int]:
        order: list[int] = self.network.comparison["order"]
        return order

    def _marks(self) -> list[tuple[int, str]]:
        own = self.network.own_row
        marks = [(self.network.rows[each.pk], "c") for each in self.chosen if each != self.network.own]
        return [*([(own, "m")] if own is not None else []), *marks]

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
        """Return, for each end, what the governments there place higher than others."""
        pulls = self.network.comparison["pulls"]
        return {
            "right": self._titles_at_end([pull[0] for pull in pulls]),
            "left": self._titles_at_end([-pull[0] for pull in pulls]),
            "top": self._titles_at_end([pull[1] for pull in pulls]),
            "bottom": self._titles_at_end([-pull[1] for pull in pulls]),
        }

    def _titles_at_end(self, pulls: list[float]) -> str:
        strong = [column for column, pull in enumerate(pulls) if pull >= MIN_CORRELATION]
        strong.sort(key=lambda column: -pulls[column])
        return listed([self.network.entries[column].title for column in strong[:MAX_TITLES]])

    @property
    def held(self) -> str:
        shares, chance = self.network.comparison["shares"], self.network.comparison["shares_by_chance"]
        if shares is None:
            return "All lists are the same, so there is nothing to tell apart."
        held = round(100 * sum(shares))
        words = f"The picture holds {held} % of the differences between the lists; the rest is not seen in it."
        if chance is None:
            return words
        return f"{words} Lists shuffled at random would come to {round(100 * chance)} % at most, in 95 of 100 tries."

    @cached_property
    def rows(self) -> list[Neighbor]:
        network, tau = self.network, self.tau.copy()
        np.fill_diagonal(tau, -np.inf)
        enough = np.array([network.has_enough_ranked(row) for row in range(network.used)], dtype=bool)
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
                Neighbor(
                    government=network.governments[pk],
                    part=self._shown_parts[self._part_of(row)] if self._shown_parts else None,
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
    def expected_by_chance(self) -> int:
        return max(1, round(self.network.used * CHANCE_RATE))

    @property
    def chance(self) -> float:
        """Return the median of the highest likeness by chance alone."""
        levels: list[float] = sorted(self.network.comparison["nearest_by_chance"])
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
        luck = f"by luck alone it would be about {self.expected_by_chance}"
        return f"{have} a neighbor nearer than chance would bring; {luck}."
