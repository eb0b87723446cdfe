from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

Scalar = TypeVar("Scalar", bound=np.generic)

MAX_WEIGHT = 10**9  # so that sums are exact in int64


@dataclass(frozen=True, eq=False, slots=True)
class Profile:
    """n ballots with at least one strict preference over m items, read-only."""

    items: tuple[str, ...]
    doubled: IntArray  # n x m: twice the mid-rank, so that sums are exact
    places: IntArray  # n x m: 1 + items strictly above, for unranked items too
    ranked: BoolArray
    weights: IntArray  # ballots per row
    rows: IntArray  # row numbers in the input
    abstentions: int  # ballots without any preference

    @classmethod
    def from_places(
        cls,
        items: Sequence[str],
        ballots: Sequence[Sequence[int | None]],
        weights: Sequence[int] | None = None,
    ) -> "Profile":
        """Build from one row per ballot: a whole number >= 1 per item, or None for not ranked.

        Unranked items tie below ranked ones; gaps mean nothing.
        """
        table = np.array([[place or 0 for place in ballot] for ballot in ballots], dtype=np.int64)
        return cls.from_array(items, table.reshape(len(ballots), len(items)), weights)

    @classmethod
    def from_array(
        cls,
        items: Sequence[str],
        table: npt.NDArray[np.integer],
        weights: Sequence[int] | IntArray | None = None,
    ) -> "Profile":
        m = len(items)
        weight = np.ones(len(table), np.int64) if weights is None else np.asarray(weights, dtype=np.int64)
        ranked = table > 0
        place, tied = _places_and_ties(np.where(ranked, table, np.iinfo(table.dtype).max))
        used = (tied < m).any(axis=1)
        doubled = 2 * place + tied - 1
        return cls(
            items=tuple(items),
            doubled=_read_only(doubled[used]),
            places=_read_only(place[used]),
            ranked=_read_only(ranked[used]),
            weights=_read_only(weight[used]),
            rows=_read_only(np.flatnonzero(used).astype(np.int64)),
            abstentions=int(weight[~used].sum()),
        )

    @property
    def m(self) -> int:
        return len(self.items)

    @property
    def used(self) -> int:
        return int(self.weights.sum())

    @property
    def ballots(self) -> int:
        return self.used + self.abstentions

    @property
    def ranks(self) -> FloatArray:
        return self.doubled / 2


def _places_and_ties(keys: npt.NDArray[np.integer]) -> tuple[IntArray, IntArray]:
    place = np.ones(keys.shape, np.int64)
    tied = np.zeros(keys.shape, np.int64)
    for column in range(keys.shape[1]):
        key = keys[:, column : column + 1]
        place += key < keys
        tied += key == keys
    return place, tied


def _read_only(array: npt.NDArray[Scalar]) -> npt.NDArray[Scalar]:
    array.flags.writeable = False
    return array
