"""An edition is one year: two lists, their entries, and the calendar of their ballots."""

from mixportal.editions.kinds import Kind
from mixportal.editions.models.edition import (
    Edition,
    EditionQuerySet,
    Missing,
    Phase,
    WindowClosed,
    database_now,
)
from mixportal.editions.models.erratum import Erratum
from mixportal.editions.models.lists import (
    AnnualList,
    AnnualListQuerySet,
    Entry,
    EntryQuerySet,
    Line,
    Lineage,
    ListChanged,
    slug_for,
)

__all__ = [
    "AnnualList",
    "AnnualListQuerySet",
    "Edition",
    "EditionQuerySet",
    "Entry",
    "EntryQuerySet",
    "Erratum",
    "Kind",
    "Line",
    "Lineage",
    "ListChanged",
    "Missing",
    "Phase",
    "WindowClosed",
    "database_now",
    "slug_for",
]
