from __future__ import annotations

from decimal import Decimal

from mixportal.consensus.words import place_words
from mixportal.tables.text import listed, sentence


def standing(place: int | None, percent: Decimal | None, short_name: str, year: int, *, joint: bool = False) -> str:
    where = f"on the {short_name} list of {year}"
    if place is not None:
        return f"{place_words(place, joint)} {where}"
    if percent is not None:
        return f"named by {percent.normalize():f} % {where}"
    return where


def doubts(of_item: str, of_crosswalk: str, *, disputed: bool) -> str:
    found = []
    if disputed:
        found.append("its place is disputed")
    if of_item != "stated":
        found.append("its place is inferred, not stated" if of_item == "inferred" else "its place is not sure")
    if of_crosswalk != "stated":
        found.append(
            "that both mean the same is our reading"
            if of_crosswalk == "inferred"
            else "whether both mean the same is not sure"
        )
    return sentence(listed(found))
