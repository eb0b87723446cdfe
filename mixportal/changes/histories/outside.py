from __future__ import annotations

from django.db.models import CharField
from django.db.models.functions import Cast, Concat

from mixportal.changes.history import History, literal
from mixportal.trends.models import OutsideItem, OutsideList, OutsideSeries

HISTORIES = (
    History(OutsideSeries, "short_name"),
    History(OutsideList, Concat("series__short_name", literal(" "), Cast("year", CharField()))),
    History(OutsideItem, "title"),
)
