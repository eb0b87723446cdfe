"""How the history of editions, their entries and lineage is told (members/record.py)."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast, Concat

from members import record
from mixportal.editions import kinds
from mixportal.editions.errata import Erratum
from mixportal.editions.models import Edition


def _of_government(events: QuerySet, government: Any) -> QuerySet:
    return events.filter(government=government)


def register() -> None:
    record.register(record.Chapter(Edition, Cast("year", CharField())))
    record.register(record.Chapter(Erratum, Concat(Cast("edition__year", CharField()), record.text(" "), "about")))
    for kind in kinds.registered():
        record.register(record.Chapter(kind.entry, "title"))
        record.register(record.Chapter(kind.proposal, "title", of_government=_of_government))
        support = kind.proposal._meta.get_field("supports").related_model
        record.register(
            record.Chapter(
                support,
                "proposal__title",
                singular="support of a proposal",
                of_government=_of_government,
                permission=f"{support._meta.app_label}.view_{kind.proposal._meta.model_name}",
            )
        )
        entry = kind.entry._meta
        record.register(
            record.Chapter(
                kind.lineage,
                Concat("later__title", record.text(" "), Cast("later__edition__year", CharField())),
                singular=f"lineage of a {kind.singular}",
                permission=f"{entry.app_label}.view_{entry.model_name}",
            )
        )
