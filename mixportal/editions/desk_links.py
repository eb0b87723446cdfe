"""Further pages of an edition's desk: whoever builds one adds its link here, from its app's ready()."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class DeskLink:
    label: str
    url: str
    note: str = ""


_links: list[Callable[[Any], DeskLink | None]] = []


def add(link: Callable[[Any], DeskLink | None]) -> None:
    """`link` gets the edition and returns the link, or None where it has nothing to offer."""
    _links.append(link)


def links_of(edition: Any) -> list[DeskLink]:
    return [found for link in _links if (found := link(edition)) is not None]
