from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from mixportal.editions.models import Edition
from mixportal.results.models import Tally


@transaction.atomic
def publish(edition: Edition) -> None:
    """Publish a closed or never-ranked edition. Raises ValidationError."""
    locked = edition.lock_for_update()
    if refused := locked.why_not_published():
        raise ValidationError(refused)
    if locked.was_ranked:
        for annual_list in locked.lists.in_order().filter(entries__isnull=False).distinct():
            Tally.objects.get_or_compute(annual_list)
    locked.mark_published()
    edition.published_at = locked.published_at
