from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now

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


@contextmanager
def as_if_published(edition: Edition) -> Iterator[None]:
    """Read the database as after a publication now. All writes are rolled back."""
    with transaction.atomic():
        Edition.objects.filter(pk=edition.pk, published_at__isnull=True).update(published_at=Now())
        yield
        transaction.set_rollback(True)
