"""Items compared two at a time: support, margins, Copeland, Condorcet, Schulze."""

from __future__ import annotations

import numpy as np

from .profile import IntArray, Profile


def support(profile: Profile) -> IntArray:
    """m x m: how many ballots strictly prefer the item of the row to the item of the column."""
    doubled, weights = profile.doubled, profile.weights
    result = np.empty((profile.m, profile.m), np.int64)
    for item in range(profile.m):
        result[item] = weights @ (doubled[:, item : item + 1] < doubled)
    return result


def margins(support: IntArray) -> IntArray:
    """m x m: ballots for the row over the column, less ballots for the column over the row."""
    return support - support.T


def copeland_scores(margin: IntArray) -> IntArray:
    """m: head-to-head comparisons won, less those lost."""
    scores: IntArray = np.sign(margin).sum(axis=1)
    return scores


def condorcet_winner(margin: IntArray) -> int | None:
    """The item that wins every head-to-head, or None. An item alone on the list has won none."""
    winners = np.flatnonzero(np.count_nonzero(margin > 0, axis=1) == len(margin) - 1)
    return int(winners[0]) if len(winners) and len(margin) > 1 else None


def schulze_ranks(margin: IntArray) -> IntArray:
    """m: 1 + number of items above, ties shared (Schulze 2011, paths weighed by margins).

    An edge leads from winner to loser and weighs the margin; a path weighs as much as its weakest edge; an
    item stands above another if its strongest path there beats the one back. No path counts as 0.
    """
    strength = np.maximum(margin, 0)
    for via in range(len(margin)):
        np.maximum(strength, np.minimum(strength[:, via, None], strength[None, via, :]), out=strength)
    above: IntArray = np.count_nonzero(strength < strength.T, axis=1)
    return 1 + above
