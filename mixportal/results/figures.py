from __future__ import annotations

from typing import TypedDict


class KemenyFigures(TypedDict):
    n_optimal: int | None


class Figures(TypedDict):
    alternatives: list[str]
    abstentions: int
    used: int
    average_place: list[float]
    place: list[int]
    joint: list[bool]
    order: list[int]
    condorcet_winner: str | None
    kemeny: KemenyFigures
    against_kemeny: list[list[int]] | None
    kendall_w: float | None
    agreement_word: str | None
    same_order_share: float | None
    top3: list[int]
    q1: list[float]
    median: list[float]
    q3: list[float]
    polarisation: list[float]
    word: list[str | None]
    ranked_by: list[int]
    not_ranked: list[int]
    places_given: list[list[int]]
    interval_low: list[int]
    interval_high: list[int]
    bands: list[list[int]]
