from collections.abc import Sequence
from functools import cached_property

import numpy as np

from members.models import Government
from mixportal.comparison import pictures
from mixportal.comparison.network import Network
from mixportal.consensus import similarity
from mixportal.results.splits import Part, Split

MIN_CORRELATION = 0.4  # of an entry with an axis that it names
MAX_TITLES = 2
CHANCE_RATE = 0.05


class LikenessMap:
    def __init__(self, network: Network, chosen: Sequence[Government], split: Split | None) -> None:
        self.network, self.chosen = (
            network,
            [each for each in chosen if network.row_of(each) is not None],
        )
        self.parts = {each.key: parts for each, parts in network.parts}
        keys = list(self.parts)
        self.split_key = split.key if split and split.key in keys else (keys[0] if keys else "")

    @property
    def _shown_parts(self) -> list[Part]:
        return self.parts.get(self.split_key, [])

    def _part_of(self, row: int) -> int:
        facts = self.network.facts[row]
        return next((number for number, part in enumerate(self._shown_parts) if part.holds(facts)), 0)

    @property
    def plane(self) -> str:
        points = self.network.comparison["points"]
        named = [self.network.governments[pk].name for pk in self.network.rows]
        own = self.network.own_row
        marks = {} if own is None else {own: "m"}
        marks |= {self.network.rows[each.pk]: "c" for each in self.chosen}
        shapes = [self._part_of(row) for row in range(len(points))]
        return pictures.plane(points, shapes, named, marks)

    @property
    def plane_legend(self) -> list[tuple[pictures.Shape, str]]:
        return [(pictures.shape(number), part.title) for number, part in enumerate(self._shown_parts)]

    @cached_property
    def ends(self) -> dict[str, list[str]]:
        pulls = self.network.comparison["pulls"]
        ends = {
            "right": self._titles_at_end([pull[0] for pull in pulls]),
            "left": self._titles_at_end([-pull[0] for pull in pulls]),
            "top": self._titles_at_end([pull[1] for pull in pulls]),
            "bottom": self._titles_at_end([-pull[1] for pull in pulls]),
        }
        return {end: titles for end, titles in ends.items() if titles}

    def _titles_at_end(self, pulls: list[float]) -> list[str]:
        strong = [column for column, pull in enumerate(pulls) if pull >= MIN_CORRELATION]
        strong.sort(key=lambda column: -pulls[column])
        return [self.network.entries[column].title for column in strong[:MAX_TITLES]]

    @property
    def percent_held(self) -> int | None:
        shares = self.network.comparison["shares"]
        return None if shares is None else round(100 * sum(shares))

    @property
    def percent_by_chance(self) -> int | None:
        share = self.network.comparison["shares_by_chance"]
        return None if share is None else round(100 * share)

    @cached_property
    def rows(self) -> list[dict[str, object]]:
        network = self.network
        tau = similarity.tau_b(network.profile)
        np.fill_diagonal(tau, -np.inf)
        enough = np.array([network.has_enough_ranked(row) for row in range(network.used)], dtype=bool)
        tau[:, ~enough] = -np.inf
        same, both = similarity.shared_pairs(network.profile)
        nearest_to = tau.argmax(axis=1).tolist() if network.used > 1 else [0]
        by_row = list(network.rows)
        levels = network.comparison["nearest_by_chance"]
        found: list[dict[str, object]] = []
        for government in network.compared:
            row = network.rows[government.pk]
            other = nearest_to[row]
            comparable = bool(enough[row]) and network.used > 1 and bool(np.isfinite(tau[row, other]))
            likeness, level = float(tau[row, other]) if comparable else 0.0, levels[row]
            can_tell = network.is_long_enough and comparable
            found.append(
                {
                    "government": government,
                    "part": self._shown_parts[self._part_of(row)] if self._shown_parts else None,
                    "nearest": network.governments[by_row[other]] if comparable else None,
                    "same": int(same[row, other]),
                    "both": int(both[row, other]),
                    "tau": likeness,
                    "nearest_by_chance": level,
                    "is_beyond_chance": can_tell and level is not None and likeness > level,
                    "is_mine": government == network.own,
                    "is_chosen": government in self.chosen,
                }
            )
        return found

    @property
    def beyond_chance(self) -> int:
        return sum(1 for row in self.rows if row["is_beyond_chance"])

    @property
    def expected_by_chance(self) -> int:
        return max(1, round(self.network.used * CHANCE_RATE))
