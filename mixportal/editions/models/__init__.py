from mixportal.editions.kinds import Kind
from mixportal.editions.models.edition import (
    Edition,
    EditionQuerySet,
    Erratum,
    Phase,
    ReadinessIssue,
    WindowClosedError,
    database_now,
    is_visible_to,
)
from mixportal.editions.models.lists import (
    ENTRY_VECTOR,
    AnnualList,
    AnnualListQuerySet,
    Entry,
    EntryQuerySet,
    Line,
    Lineage,
    ListChangedError,
    slug_for,
)

__all__ = [
    "ENTRY_VECTOR",
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
    "ListChangedError",
    "Phase",
    "ReadinessIssue",
    "WindowClosedError",
    "database_now",
    "is_visible_to",
    "slug_for",
]
