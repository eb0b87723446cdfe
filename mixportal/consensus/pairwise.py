import numpy as np

from .profile import IntArray, Profile


def support(profile: Profile) -> IntArray:
    """Return m x m: how many ballots prefer the row's item to the column's."""
    doubled, weights = profile.doubled, profile.weights
    result = np.empty((profile.m, profile.m), np.int64)
    for item in range(profile.m):
        result[item] = weights @ (doubled[:, item : item + 1] < doubled)
    return result


def copeland_scores(margin: IntArray) -> IntArray:
    scores: IntArray = np.sign(margin).sum(axis=1)
    return scores


def condorcet_winner(margin: IntArray) -> int | None:
    winners = np.flatnonzero(np.count_nonzero(margin > 0, axis=1) == len(margin) - 1)
    return int(winners[0]) if len(winners) and len(margin) > 1 else None


def schulze_ranks(margin: IntArray) -> IntArray:
    """Return 1 + the number of items above each (Schulze 2011, by margins)."""
    strength = np.maximum(margin, 0)
    for via in range(len(margin)):
        np.maximum(strength, np.minimum(strength[:, via, None], strength[None, via, :]), out=strength)
    above: IntArray = np.count_nonzero(strength < strength.T, axis=1)
    return 1 + above
