"""Lists of other bodies, all of them invented and named so, and what their items mean on ours."""

from __future__ import annotations

from datetime import datetime

from mixportal.comparison import outside_csv
from mixportal.comparison.models import OutsideList
from mixportal.comparison.outside_importing import plan_import
from mixportal.demo.world import DATA


def enter_outside_lists(reason: str, published_at: datetime) -> None:
    rows = outside_csv.read((DATA / "outside.csv").read_text(encoding="utf-8"))
    plan_import(rows).apply(reason=reason)
    for outside in OutsideList.objects.all():
        outside.published_at = published_at
        outside.save(update_fields=["published_at"])
