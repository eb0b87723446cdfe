"""The histories that pages show. Events of other models are stored but not shown."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from django.db.models import CharField, Model, OuterRef, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Concat

from mixportal.changes.histories import ballots, editions, outside, people, statements
from mixportal.changes.history import History, literal
from mixportal.editions.models import AnnualList, Entry, Line

HISTORIES: tuple[History, ...] = tuple(
    sorted(
        (
            *people.HISTORIES,
            *editions.HISTORIES,
            *ballots.HISTORIES,
            *statements.HISTORIES,
            *outside.HISTORIES,
        ),
        key=lambda history: history.title,
    )
)

_newest_on_line = Entry.objects.filter(line=OuterRef("pk")).order_by("-annual_list__edition__year")
# the names of rows that a history refers to
ROW_NAMES: dict[type[Model], str | Combinable] = {
    **{history.model: history.name for history in HISTORIES},
    Group: "name",
    Permission: "name",
    AnnualList: Concat(Cast("edition__year", CharField()), literal(" "), "kind"),
    Line: Subquery(_newest_on_line.values("title")[:1]),
}
