"""Random draws whose stream is fixed for good: the same seed gives the same figures on every machine.

numpy promises nothing about what its Generator derives from a seed, only about the raw bits of a bit
generator. So bits come raw from Philox 4x64-10 (Salmon et al. 2011) with the seed as its key, and every draw
is derived here.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from .profile import IntArray

_HALF = np.uint64(32)
_LOW_HALF = np.uint64(0xFFFFFFFF)


class Purpose(IntEnum):
    """What bits are drawn for: the second word of the key, so that no two uses share a stream."""

    STABILITY = 1
    COHORTS = 2
    COHORT_INSIDE = 3
    COHORT_OUTSIDE = 4
    CHANCE = 5
    PICTURE = 6
    DISCLOSURE = 7


class Stream:
    """Draws for one purpose from one seed (0 to 2^64 - 1), in the order they are asked for."""

    def __init__(self, seed: int, purpose: Purpose) -> None:
        if not 0 <= seed < 2**64:
            raise ValueError("a seed is a whole number from 0 to 2^64 - 1")
        self._bits = np.random.Philox(key=np.array([seed, purpose], dtype=np.uint64))

    def raw(self, count: int) -> npt.NDArray[np.uint64]:
        """The next `count` words of 64 bits."""
        return np.asarray(self._bits.random_raw(count), dtype=np.uint64)

    def below(self, bound: int, rows: int, count: int) -> IntArray:
        """rows x count whole numbers from 0 to bound - 1 (bound < 2^31), each floor(u * bound / 2^32).

        A row takes ceil(count / 2) raw words; u is the upper half of each, then the lower half of each. No
        number is likelier than another by more than one part in 2^32 / bound.
        """
        words = self.raw(rows * ((count + 1) // 2)).reshape(rows, -1)
        halves = np.concatenate((words >> _HALF, words & _LOW_HALF), axis=1)
        halves *= np.uint64(bound)
        halves >>= _HALF
        return halves[:, :count].astype(np.int64)

    def permutations(self, length: int, count: int) -> IntArray:
        """count x length: each row a permutation of 0 .. length - 1, the order that sorts random keys.

        A key is a raw word with its lowest bits replaced by the index, so that no two keys are equal.
        """
        index_bits = np.uint64(max(1, (length - 1).bit_length()))
        keys = self.raw(count * length).reshape(count, length)
        keys >>= index_bits
        keys <<= index_bits
        keys |= np.arange(length, dtype=np.uint64)
        keys.sort(axis=1)
        keys &= (np.uint64(1) << index_bits) - np.uint64(1)
        return keys.astype(np.int64)


def chunks(count: int, size: int) -> Iterator[int]:
    """`count` in pieces of at most `size`, so that memory stays bounded."""
    for done in range(0, count, size):
        yield min(size, count - done)
