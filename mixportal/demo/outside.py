from __future__ import annotations

from datetime import datetime

from mixportal.demo.world import DATA
from mixportal.trends import outside_csv
from mixportal.trends.models import OutsideList
from mixportal.trends.outside_import import plan_import


def enter_outside_lists(reason: str, published_at: datetime) -> None:
    rows = outside_csv.read((DATA / "outside.csv").read_text(encoding="utf-8"))
    plan_import(rows).apply(reason=reason)
    for outside in OutsideList.objects.all():
        outside.published_at = published_at
        outside.save(update_fields=["published_at"])
