"""The register of kinds. Each kind's AppConfig.ready() registers one; pages that show both kinds walk `registered()`.

What differs between priorities and challenges is data here, or a model of the kind's own; nothing in mixportal/ asks
which kind it has.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse

if TYPE_CHECKING:
    from mixportal.editions.models import Edition


@dataclass(frozen=True)
class Searched:
    """A table of a kind's own that the dialogue's search reads too, through its `objects.visible_to(user)`."""

    type: str  # of its results, in addresses: "investment"
    title: str  # as a filter names them: "Investments"
    model: Any
    fields: tuple[str, ...]  # its text
    entry: str  # its foreign key to the entry; one to the government is called `government`


@dataclass(frozen=True)
class Kind:
    """One of the year's lists. `models` are typed loosely: the concrete tables live above this room."""

    key: str  # as in addresses: "priorities"
    singular: str
    plural: str
    order: int  # which list comes first on pages that show both
    entry: Any
    lineage: Any
    ballot: Any
    placement: Any
    tally: Any
    more_field: str  # the entry's field that only this kind has, for imports
    more_title: str  # what a page calls it
    leaders_question: str  # the summary's heading of this list
    first_words: str  # how a headline says that an entry stands first
    note: Any
    reading: Any
    searched: tuple[Searched, ...] = ()

    def __str__(self) -> str:
        return self.plural

    @property
    def title(self) -> str:
        return self.plural.capitalize()

    def list_url(self, edition: Edition) -> str:
        return reverse(f"{self.key}:list", args=[edition.year])

    def ballot_url(self, edition: Edition) -> str:
        return reverse(f"{self.key}:ballot", args=[edition.year])

    def csv_url(self, edition: Edition) -> str:
        return reverse(f"{self.key}:results-csv", args=[edition.year])

    def json_url(self, edition: Edition) -> str:
        return reverse(f"{self.key}:results-json", args=[edition.year])

    def entry_url(self, entry: Any) -> str:
        """Of an entry that has its edition at hand."""
        return reverse(f"{self.key}:entry", args=[entry.edition.year, entry.slug])

    def ballots_url(self, edition: Edition) -> str:
        return reverse(f"{self.key}:ballots-csv", args=[edition.year])


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.key] = kind


def registered() -> list[Kind]:
    return sorted(_kinds.values(), key=lambda kind: kind.order)


def get(key: str) -> Kind:
    """Raises KeyError for a kind that nobody registered."""
    return _kinds[key]
