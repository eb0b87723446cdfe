"""A solver that knows everything public and every government's facts tries to derive how one of them ranked.

It looks for another world: other ballots, that of one government among them, from which the very same public figures
follow. Where there is one, nobody can tell. All network figures depend on how many ballots of each order there are
alone, so the solver keeps those numbers; of the groups it keeps all that is shown.
"""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
import pytest

from mixportal.consensus import Profile
from mixportal.results import computing
from mixportal.results.splits import SPLITS, members_of, parts_of

ORDERS = list(permutations((1, 2, 3)))


def world(roster, seed: int, n: int = 28) -> tuple[list[dict], list[int]]:
    """Governments with facts that depend on each other, and an order each, by its number."""
    random = np.random.default_rng(seed)
    governments = []
    for number in range(n):
        kind = "city" if number < n // 2 else "county"
        region = str(random.choice(["south", "west"], p=[0.7, 0.3] if kind == "county" else [0.3, 0.7]))
        structure = str(random.choice(["centralized", "federated"]))
        governments.append(roster(number, kind=kind, region=region, it_structure=structure))
    return governments, random.integers(0, 6, n).tolist()


def published(governments, orders) -> dict:
    profile = Profile.from_places("abc", [list(ORDERS[order]) for order in orders])
    return computing.for_everyone(profile, governments, seed=1)


def shown_parts(governments, public) -> np.ndarray:
    splits = {split.key: split for split in SPLITS}
    return np.array(
        [
            [(government[splits[part["split"]].fact] or "") in part["values"] for government in governments]
            for part in public["parts"]
        ]
    )


def another_world(governments, orders, target: int) -> list[int] | None:
    """Orders in which the target ranks otherwise and all figures are the same; up to four others change as well."""
    public = published(governments, orders)
    parts = shown_parts(governments, public)
    ranks = np.array(ORDERS)

    def moved(who: int, to: int) -> np.ndarray:
        """What changes in the number of ballots of each order, and in the sums of each part."""
        counts = np.zeros(6, int)
        counts[to] += 1
        counts[orders[who]] -= 1
        sums = np.outer(parts[:, who], ranks[to] - ranks[orders[who]]).ravel()
        return np.concatenate([counts, sums])

    others = [who for who in range(len(orders)) if who != target]
    single = {(who, to): moved(who, to) for who in others for to in range(6) if to != orders[who]}
    pairs: dict[bytes, list] = {}
    for one, other in combinations(single, 2):
        if one[0] != other[0]:
            pairs.setdefault((single[one] + single[other]).tobytes(), []).append((one, other))
    for to in range(6):
        if to == orders[target]:
            continue
        wanted = -moved(target, to)
        ways = [[way] for way, change in single.items() if (change == wanted).all()]
        ways += [list(way) for way in pairs.get(wanted.tobytes(), [])[:5]]
        if not ways:
            ways = list(_fours(pairs, wanted))
        for way in ways:
            changed = list(orders)
            changed[target] = to
            for who, order in way:
                changed[who] = order
            if published(governments, changed) == public:
                return changed
    return None


def _fours(pairs, wanted):
    """Two pairs that together undo what the target changes; a few are enough."""
    found = 0
    for key, ways in pairs.items():
        rest = (wanted - np.frombuffer(key, wanted.dtype)).tobytes()
        for one in ways[:2]:
            for other in pairs.get(rest, [])[:2]:
                if len({who for who, _ in (*one, *other)}) == 4:
                    yield [*one, *other]
                    found += 1
        if found >= 5:
            return


@pytest.mark.parametrize("seed", [1, 2])
def test_no_government_can_be_told_from_all_that_is_public(roster, seed):
    governments, orders = world(roster, seed)
    public = published(governments, orders)
    assert len(public["parts"]) >= 4  # something is shown
    told = [who for who in range(0, len(orders), 3) if another_world(governments, orders, who) is None]
    assert told == []


def test_what_all_parts_would_tell_is_not_shown(roster):
    """The one city in the South: naive figures single it out, ours do not."""
    governments = [roster(number, kind="county", region="south") for number in range(14)]
    governments += [roster(14, region="south"), *(roster(number, region="west") for number in range(15, 30))]
    orders = np.random.default_rng(4).integers(0, 6, 30).tolist()
    alone = np.eye(30)[14]
    naive = np.array(
        [members_of(part, governments) for split in SPLITS for part in parts_of(split, governments)], float
    )
    ours = shown_parts(governments, published(governments, orders)).astype(float)
    for parts, tells in ((naive, True), (ours, False)):
        rest = alone - parts.T @ np.linalg.lstsq(parts.T, alone, rcond=None)[0]
        assert bool(np.allclose(rest, 0)) is tells
    assert another_world(governments, orders, 14) is not None


def test_where_all_agree_no_average_of_a_group_is_shown(roster):
    """Then every ballot is known once one is: the averages are worded away.

    The head-to-heads of the whole network, published so that anybody may count again, still say what all agree on.
    """
    governments, _ = world(roster, 1)
    public = published(governments, [0] * 28)
    assert public["parts"]
    assert {average for part in public["parts"] for average in part["average"]} == {None}
    assert not public["is_different"]


def test_a_group_of_one_mind_is_worded_away_though_the_others_differ(roster):
    governments, orders = world(roster, 2)
    one_mind = [
        0 if government["kind"] == "city" else order for government, order in zip(governments, orders, strict=True)
    ]
    public = published(governments, one_mind)
    assert {average for part in public["parts"] for average in part["average"]} == {None}
