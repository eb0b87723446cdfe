"""How the history of editions, their entries and lineage is told (members/record.py)."""

from __future__ import annotations

from django.db.models import CharField
from django.db.models.functions import Cast, Concat

from members import record
from mixportal.editions import kinds
from mixportal.editions.models import Edition


def register() -> None:
    record.register(record.Chapter(Edition, Cast("year", CharField())))
    for kind in kinds.registered():
        record.register(record.Chapter(kind.entry, "title"))
        entry = kind.entry._meta
        record.register(
            record.Chapter(
                kind.lineage,
                Concat("later__title", record.text(" "), Cast("later__edition__year", CharField())),
                singular=f"lineage of a {kind.singular}",
                permission=f"{entry.app_label}.view_{entry.model_name}",
            )
        )
