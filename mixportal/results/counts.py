from dataclasses import dataclass
from typing import NamedTuple

from mixportal.consensus.words import ordinal
from mixportal.results.disclosure import OVER_90, Step


class BallotCount(NamedTuple):
    """`number` is None if it is over 90 %, or if it would give such a count away."""

    number: int | None
    of: int
    is_over_90: bool

    @property
    def is_withheld(self) -> bool:
        return self.number is None and not self.is_over_90

    @property
    def size(self) -> tuple[bool, int]:
        return self.is_over_90, self.number or 0

    @property
    def is_half(self) -> bool:
        return self.is_over_90 or 2 * (self.number or 0) >= self.of

    @property
    def figure(self) -> int | str | None:
        return OVER_90 if self.is_over_90 else self.number


@dataclass(frozen=True)
class PlaceStep:
    first: int
    last: int
    or_unranked: bool
    count: BallotCount

    @classmethod
    def from_public(cls, step: Step, used: int) -> "PlaceStep":
        ballots = step["ballots"]
        count = BallotCount(ballots if isinstance(ballots, int) else None, used, ballots == OVER_90)
        return cls(step["first"], step["last"], step["or_unranked"], count)

    @property
    def places(self) -> list[int]:
        return sorted({self.first, self.last})

    @property
    def words(self) -> str:
        between = " or " if self.last == self.first + 1 else " to "
        words = between.join(map(ordinal, self.places))
        return f"{words} or not ranked" if self.or_unranked else words

    @property
    def height(self) -> float:
        return (self.count.number or 0) / (self.last - self.first + 1)
