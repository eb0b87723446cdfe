import logging
from collections.abc import Collection

from django.db import transaction
from django.db.models import Model

RIGHTS = ("is_active", "is_staff", "is_superuser", "role", "government")
logger = logging.getLogger("mixportal.security")


def log_event(event: str, **facts: object) -> None:
    logger.info(event, extra={"facts": {"event": event, **facts}})


def log_changed_rights(instance: Model, update_fields: Collection[str] | None) -> None:
    saved = [name for name in RIGHTS if update_fields is None or name in update_fields]
    if not saved or not logger.isEnabledFor(logging.INFO):
        return
    before = type(instance)._default_manager.filter(pk=instance.pk).values(*saved).first() or {}
    after = {name: getattr(instance, "government_id" if name == "government" else name) for name in saved}
    changes = {name: [before.get(name), after[name]] for name in saved if before.get(name) != after[name]}
    if changes:
        transaction.on_commit(lambda: log_event("rights changed", account=instance.pk, changes=changes))
