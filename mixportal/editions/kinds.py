"""The register of kinds. Each kind's AppConfig.ready() registers one; pages that show both kinds walk `registered()`.

What differs between priorities and challenges is data here, or a model of the kind's own; nothing in mixportal/ asks
which kind it has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.urls import reverse

if TYPE_CHECKING:
    from mixportal.editions.models import Edition


@dataclass(frozen=True)
class Addition:
    """What a kind adds to a shared page: a template, which finds `shown` as `addition.shown`."""

    template: str
    shown: Any


# Each gives None where it has nothing to say to the viewer. `asked` is the page's query string.
EntryAddition = Callable[[Any, Any, Mapping[str, str]], Addition | None]  # entry (its edition at hand), user, asked
EditionAddition = Callable[[Any, Any], Addition | None]  # edition, user
ProfileAddition = Callable[[Any, Any], Addition | None]  # government, user
# To the leaders' page of one government, so what that government told alone; `shown.questions` are those it raises.
BriefAddition = Callable[[Any, Any, list[Any]], Addition | None]  # government, edition, its first entries


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
    proposal: Any
    comparison: Any
    crosswalk: Any  # to items of outside lists
    note: Any
    more_title: str  # what a page calls it
    leaders_question: str  # the summary's heading of this list
    first_words: str  # how a headline says that an entry stands first
    entry_additions: Mapping[str, EntryAddition] = field(default_factory=dict)  # by the key of the kind it adds to
    own_additions: tuple[EntryAddition, ...] = ()  # to its own entries, before those of all kinds
    edition_additions: tuple[EditionAddition, ...] = ()
    profile_additions: tuple[ProfileAddition, ...] = ()
    brief_additions: tuple[BriefAddition, ...] = ()
    searched: tuple[Searched, ...] = ()
    shown: tuple[Any, ...] = ()  # further tracked models of its own that public pages show

    def __str__(self) -> str:
        return self.plural

    @property
    def title(self) -> str:
        return self.plural.capitalize()

    @property
    def more_field(self) -> str:
        """The entry's field that only this kind has, for imports and forms."""
        return str(self.entry.more_field)

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


def additions_to_entry(kind: Kind, entry: Any, user: Any, asked: Mapping[str, str]) -> list[Addition]:
    """What every kind adds to the page of one kind's entry."""
    given = [*kind.own_additions, *(give for each in registered() if (give := each.entry_additions.get(kind.key)))]
    return [addition for give in given if (addition := give(entry, user, asked)) is not None]


def additions_to_edition(edition: Edition, user: Any) -> list[Addition]:
    """What every kind adds to the page of an edition."""
    given = [give for each in registered() for give in each.edition_additions]
    return [addition for give in given if (addition := give(edition, user)) is not None]


def additions_to_profile(government: Any, user: Any) -> list[Addition]:
    """What every kind adds to the page of a government."""
    given = [give for each in registered() for give in each.profile_additions]
    return [addition for give in given if (addition := give(government, user)) is not None]


def additions_to_brief(government: Any, edition: Edition, firsts: Mapping[str, list[Any]]) -> list[Addition]:
    """What every kind adds to the brief of a government; `firsts` are its own order, by the key of the kind."""
    given = [(give, firsts.get(each.key, [])) for each in registered() for give in each.brief_additions]
    return [addition for give, first in given if (addition := give(government, edition, first)) is not None]


def of_ballot(ballot: Any) -> Kind:
    return next(kind for kind in _kinds.values() if isinstance(ballot, kind.ballot))
