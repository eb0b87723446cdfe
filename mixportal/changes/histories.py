"""Events of other models are stored but not shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from django.contrib.auth.models import Group, Permission
from django.db.models import CharField, Field, Model, OuterRef, Q, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.text import capfirst

from challenges.models import Hindrance, HindranceResponse
from members.models import (
    CuratorGroup,
    CuratorPermission,
    Government,
    Invitation,
    Office,
    Seal,
    User,
)
from mixportal.ballots.models import Ballot, Placement
from mixportal.changes.visibility import VIEW_ENTRIES, event_model, events_of_people
from mixportal.editions.models import AnnualList, Edition, Entry, Erratum, Kind, Line, Lineage
from mixportal.notes.models import Note
from mixportal.proposals.models import Proposal, Support
from mixportal.results.models import Tally
from mixportal.summaries.models import ShareLink
from mixportal.trends.models import OutsideItem, OutsideList, OutsideSeries
from priorities.models import Investment

Row: TypeAlias = Mapping[str, object]  # by column
Diff: TypeAlias = Mapping[str, tuple[object, object]]  # before and after, by column


def _plain_verb(label: str, row: Row, diff: Diff) -> str:
    return {"insert": "added", "update": "changed", "delete": "removed"}[label]


def _ballot_verb(label: str, row: Row, diff: Diff) -> str:
    if label == "delete":
        return "removed"
    if label == "insert":
        return "cast" if row["cast_at"] else "began"
    if "cast_at" not in diff:
        return "saved"
    if not row["cast_at"]:
        return "withdrew"
    return "cast again" if diff["cast_at"][0] else "cast"


def _placement_verb(label: str, row: Row, diff: Diff) -> str:
    return {"insert": "ranked", "update": "moved", "delete": "took out"}[label]


def _link_verb(label: str, row: Row, diff: Diff) -> str:
    if label == "insert":
        return "made"
    return "ended" if "revoked_at" in diff and row["revoked_at"] else _plain_verb(label, row, diff)


@dataclass(frozen=True)
class History:
    model: type[Model]
    row_name: str | Combinable  # such as "{name}, {edition__year}"
    singular: str = ""  # may contain {singular} or {plural}
    plural: str = ""
    kind_of: str = ""  # column of the list or entry
    government: str = ""  # path, if the government's history shows these events
    hidden_fields: tuple[str, ...] = ()
    private_fields: tuple[str, ...] = ()  # for curators only
    verb: Callable[[str, Row, Diff], str] = _plain_verb
    permissions: tuple[str, ...] = ()  # any one, in the admin

    @property
    def key(self) -> str:
        return self.model._meta.label_lower

    @property
    def title(self) -> str:
        return capfirst(self.plural or self.noun(None))

    def noun(self, kind: str | None) -> str:
        if self.singular and not self.kind_of:
            return self.singular
        if self.singular and kind:
            return self.singular.format(singular=Kind(kind).singular, plural=Kind(kind).plural)
        return str(self.model._meta.verbose_name)

    def name_in(self, row: Row) -> str:
        return str(row.get(self.row_name.strip("{}")) or "") if isinstance(self.row_name, str) else ""

    def can_be_read_by(self, curator: User) -> bool:
        own = f"{self.model._meta.app_label}.view_{self.model._meta.model_name}"
        return any(map(curator.has_perm, self.permissions or (own,)))

    def of_government(self, government: Government) -> Q:
        return events_of_people(government) if self.model is User else Q((self.government, government))

    @cached_property
    def fields(self) -> dict[str, Field[object, object]]:
        hidden = {"id", *self.hidden_fields}
        return {
            field.attname: field
            for field in event_model(self.model)._meta.concrete_fields
            if not field.name.startswith("pgh_") and not hidden & {field.name, field.attname}
        }

    @cached_property
    def references(self) -> dict[str, type[Model]]:
        return {
            field.attname: field.related_model._meta.concrete_model or field.related_model
            for field in event_model(self.model)._meta.concrete_fields
            if field.attname in {*self.fields, self.kind_of} and isinstance(field.related_model, type)
        }


_CURATORS = ("members.view_user",)
_EDITIONS = ("editions.view_edition",)
_ENTRIES = tuple(VIEW_ENTRIES.values())
_SAVED = ("government_id", "version", "updated_at", "updated_by_id")
_NOTE_NAME = Concat(
    Coalesce("government__name", Value("A curator")), Value(": "), Coalesce("entry__title", "about"), Value(", "),
    Cast("entry__annual_list__edition__year", CharField()),
)  # fmt: skip

HISTORIES = sorted(
    (
        History(
            User, "{name}", "person",
            government="government", hidden_fields=("joined_at",), private_fields=("email", "phone"),
        ),
        History(Government, "{name}", government="pgh_obj"),
        History(Office, "{person_name}", government="government"),
        History(
            Seal, "{government__name}",
            government="government", permissions=("members.view_government",),
            hidden_fields=("government_id", "updated_at", "updated_by_id"),
        ),
        History(Invitation, "{email}", government="government"),
        History(CuratorGroup, "{user__name}", "group of a curator", permissions=_CURATORS),
        History(CuratorPermission, "{user__name}", "permission", permissions=_CURATORS),
        History(Edition, "{year}"),
        History(Erratum, "{edition__year} {about}"),
        History(Entry, "{title}", "{singular}", "entry", kind_of="annual_list_id", permissions=_ENTRIES),
        History(
            Lineage, "{later__title} {later__annual_list__edition__year}", "lineage of a {singular}",
            kind_of="earlier_id", permissions=_ENTRIES,
        ),
        History(Proposal, "{title}", "proposed {singular}", kind_of="annual_list_id", government="government"),
        History(
            Support, "{proposal__title}", "support of a proposal",
            government="government", permissions=("proposals.view_proposal",),
        ),
        History(
            Ballot, "{annual_list__edition__year}, {government__name}", "ballot of {plural}",
            kind_of="annual_list_id", government="government", verb=_ballot_verb, permissions=_EDITIONS,
            hidden_fields=(*_SAVED, "annual_list_id", "cast_at", "cast_by_id"),
        ),
        History(
            Placement, "{entry__title}, {ballot__annual_list__edition__year}", "{singular}", "place on a ballot",
            kind_of="entry_id", government="ballot__government", verb=_placement_verb, permissions=_EDITIONS,
            hidden_fields=("ballot_id", "entry_id", "version"),
        ),
        History(
            Tally, "{annual_list__edition__year}", "tally of {plural}",
            kind_of="annual_list_id", permissions=_EDITIONS,
            hidden_fields=("annual_list_id", "seed", "roster", "figures", "comparison", "public"),
        ),
        History(
            HindranceResponse, "{government__name}, {edition__year}", "answer on hindrances",
            government="government", permissions=("challenges.view_hindrance",), hidden_fields=(*_SAVED, "edition_id"),
        ),
        History(
            Hindrance, "{response__government__name}: {challenge__title} – {priority__title}",
            government="response__government", hidden_fields=("response_id", "challenge_id", "priority_id"),
        ),
        History(
            Note, _NOTE_NAME, "note on a {singular}",
            kind_of="entry_id", government="government", hidden_fields=("version", "about"),
        ),
        History(
            Investment, "{government__name}: {priority__title}, {priority__annual_list__edition__year}",
            government="government", hidden_fields=("version",),
        ),
        History(ShareLink, "{label}", government="government", verb=_link_verb),
        History(OutsideSeries, "{short_name}"),
        History(OutsideList, "{series__short_name} {year}"),
        History(OutsideItem, "{title}"),
    ),
    key=lambda history: history.title,
)  # fmt: skip
HISTORY_OF = {history.model._meta.label: history for history in HISTORIES}

_newest_on_line = Entry.objects.filter(line=OuterRef("pk")).order_by("-annual_list__edition__year")
ROW_NAMES: dict[type[Model], str | Combinable] = {
    **{history.model: history.row_name for history in HISTORIES},
    Group: "{name}",
    Permission: "{name}",
    AnnualList: "{edition__year} {kind}",
    Line: Subquery(_newest_on_line.values("title")[:1]),
}
