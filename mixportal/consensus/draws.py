"""Random draws from Philox 4x64-10 (Salmon et al. 2011), the same on every machine."""

from collections.abc import Iterator
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from .profile import IntArray

_HALF = np.uint64(32)
_LOW_HALF = np.uint64(0xFFFFFFFF)


class Purpose(IntEnum):
    STABILITY = 1
    COHORTS = 2
    COHORT_INSIDE = 3
    COHORT_OUTSIDE = 4
    CHANCE = 5
    PICTURE = 6
    DISCLOSURE = 7
    GROUPS = 8


class Stream:
    def __init__(self, seed: int, purpose: Purpose) -> None:
        if not 0 <= seed < 2**64:
            raise ValueError("a seed is a whole number from 0 to 2^64 - 1")
        self._bits = np.random.Philox(key=np.array([seed, purpose], dtype=np.uint64))

    def raw(self, count: int) -> npt.NDArray[np.uint64]:
        return np.asarray(self._bits.random_raw(count), dtype=np.uint64)

    def below(self, bound: int, rows: int, count: int) -> IntArray:
        """Return rows x count whole numbers: floor(u * bound / 2^32).

        u are the upper halves of a row's raw words, then their lower halves.
        """
        words = self.raw(rows * ((count + 1) // 2)).reshape(rows, -1)
        halves = np.concatenate((words >> _HALF, words & _LOW_HALF), axis=1)
        halves *= np.uint64(bound)
        halves >>= _HALF
        return halves[:, :count].astype(np.int64)

    def permutations(self, length: int, count: int) -> IntArray:
        """Return `count` permutations, which sort random keys with the index in the lowest bits."""
        index_bits = np.uint64(max(1, (length - 1).bit_length()))
        keys = self.raw(count * length).reshape(count, length)
        keys >>= index_bits
        keys <<= index_bits
        keys |= np.arange(length, dtype=np.uint64)
        keys.sort(axis=1)
        keys &= (np.uint64(1) << index_bits) - np.uint64(1)
        return keys.astype(np.int64)


def chunks(count: int, size: int) -> Iterator[int]:
    for done in range(0, count, size):
        yield min(size, count - done)
