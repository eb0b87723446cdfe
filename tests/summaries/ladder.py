"""Read the rows of the ranked list at the head of a summary."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from django.test import Client

from tests.reading import page, text, with_testid


@dataclass(frozen=True)
class Row:
    place: int
    title: str
    average: float | None
    change: str
    bracket: str  # t-one, t-top, t-mid or t-end


def ladder(year: int, client: Client | None = None) -> list[Row]:
    root = page((client or Client()).get(f"/{year}/summary/"))
    shown = with_testid(root, "ladder")
    return [] if shown is None else [_row(item) for item in shown.iter("li")]


def _row(item: Element) -> Row:
    said = text(item)
    change = next((text(each) for each in item.iter("span") if each.get("data-testid") == "change"), "")
    average = re.search(r"average place ([\d.]+),", said)
    return Row(
        place=next(int(text(each)) for each in item.iter("span") if each.get("class") == "no"),
        title=next(text(link) for link in item.iter("a")),
        average=float(average[1]) if average else None,
        change=change,
        bracket=item.get("class", ""),
    )


def places(rows: list[Row]) -> dict[str, int]:
    return {row.title: row.place for row in rows}
