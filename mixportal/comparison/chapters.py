"""How the history of outside lists and of what they mean here is told (members/record.py)."""

from __future__ import annotations

from django.db.models import CharField
from django.db.models.functions import Cast, Concat

from members import record
from mixportal.comparison.models import OutsideItem, OutsideList
from mixportal.editions import kinds


def register() -> None:
    record.register(record.Chapter(OutsideList, Concat("short_name", record.text(" "), Cast("year", CharField()))))
    record.register(record.Chapter(OutsideItem, "title"))
    for kind in kinds.registered():
        record.register(record.Chapter(kind.crosswalk, Concat("entry__title", record.text(": "), "item__title")))
