import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Lower, Now

from mixportal.mail.models import DigestItem, Mail

logger = logging.getLogger(__name__)

KIND = "digest"
MIN_DIGEST_INTERVAL = timedelta(hours=20)  # a daily job may start early


def send_digests(unsubscribe_for: Callable[[str], str] = lambda address: "") -> int:
    """Enqueue a digest for each address that is due, and return how many.

    If one digest fails, send the others, and raise the error at the end.
    """
    addresses = DigestItem.objects.waiting().order_by().values_list(Lower("to"), flat=True).distinct()
    enqueued = 0
    last_error: Exception | None = None
    for address in sorted(addresses):
        try:
            enqueued += _send_to(address, unsubscribe_for(address))
        except Exception as error:
            logger.exception("The digest for an address could not be made; its lines wait.")
            last_error = error
    if last_error is not None:
        raise last_error
    return enqueued


@transaction.atomic
def _send_to(address: str, unsubscribe: str) -> bool:
    recent = Mail.objects.filter(kind=KIND, to__iexact=address, created_at__gt=Now() - MIN_DIGEST_INTERVAL)
    items = list(DigestItem.objects.waiting().filter(to__iexact=address).newest_first().select_for_update())
    if not items or recent.exists():
        return False
    mail = Mail.objects.enqueue(
        KIND,
        items[0].to,
        cause=f"{KIND}:{max(item.pk for item in items)}",
        context={"items": items},
        unsubscribe=unsubscribe,
    )
    if mail is None:
        raise RuntimeError("A digest with the same last line was enqueued before.")
    DigestItem.objects.filter(pk__in=[item.pk for item in items]).update(mail=mail)
    return True
