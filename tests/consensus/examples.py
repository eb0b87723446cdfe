from __future__ import annotations

from mixportal.consensus import Profile
from tests.consensus.oracle import Ballot

# Schulze 2011, "A new monotonic, clone-independent, reversal symmetric ... method", section 3.1: 45 voters
SCHULZE = {
    "ACBED": 5, "ADECB": 5, "BEDAC": 8, "CABED": 3, "CAEBD": 7, "CBADE": 2, "DCEBA": 7, "EBADC": 8,
}  # fmt: skip

# the capital of Tennessee: where its voters live, in percent
TENNESSEE = {"MNCK": 42, "NCKM": 26, "CKNM": 15, "KCNM": 17}


def from_orders(orders: dict[str, int], items: str) -> Profile:
    """Return a profile of orders of one-letter items, each with its number of ballots."""
    ballots: list[Ballot] = [[order.index(item) + 1 for item in items] for order in orders]
    return Profile.from_places(list(items), ballots, list(orders.values()))


def no_consensus(ballots: int, items: int, *, ranked: int | None = None, seed: int = 1) -> Profile:
    """Return random ballots that each rank `ranked` items, the same on every machine."""
    state = seed

    def below(bound: int) -> int:
        nonlocal state
        state = (6364136223846793005 * state + 1442695040888963407) % 2**64
        return (state >> 33) % bound

    rows: list[Ballot] = []
    for _ in range(ballots):
        order = list(range(items))
        for position in range(items - 1, 0, -1):
            other = below(position + 1)
            order[position], order[other] = order[other], order[position]
        row: Ballot = [None] * items
        for place, item in enumerate(order[: ranked or items], start=1):
            row[item] = place
        rows.append(row)
    return Profile.from_places([f"item-{number:02}" for number in range(items)], rows)
