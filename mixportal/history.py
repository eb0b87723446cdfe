"""One trigger for each table that has a history. django-pghistory by itself makes three."""

from typing import Any

import pghistory
import pgtrigger
from django.db.models import Model
from pghistory.trigger import Event


class ChangeTrigger(Event):
    """Writes an event labeled with the operation, and none for an update that changes no tracked field."""

    event_model: Any  # the class that pghistory makes
    label = "record_change"
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    row = "changed"

    def get_declare(self, model: Model) -> list[tuple[str, str]]:
        return [("changed", f'"{model._meta.db_table}"%ROWTYPE')]

    def get_func(self, model: Model) -> pgtrigger.Func:
        kept = {field.column for field in self.event_model._meta.concrete_fields}
        tracked = [field.column for field in model._meta.concrete_fields if field.column in kept]
        before, after = (", ".join(f'{row}."{column}"' for column in tracked) for row in ("OLD", "NEW"))
        write = super().get_func(model).func.replace(f"'{self.label}'", "lower(TG_OP)")  # type: ignore[no-untyped-call]
        return pgtrigger.Func(
            f"IF TG_OP = 'UPDATE' AND ROW({before}) IS NOT DISTINCT FROM ROW({after}) THEN RETURN NULL; END IF; "
            f"IF TG_OP = 'DELETE' THEN changed := OLD; ELSE changed := NEW; END IF; {write}"
        )


class ChangeEvent(pghistory.Tracker):
    label = "change"

    def setup(self, event_model: Any) -> None:
        pgtrigger.register(ChangeTrigger(event_model=event_model))(event_model.pgh_tracked_model)
