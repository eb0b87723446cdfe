"""The daily digest. A line leaves the waiting ones only together with the mail that carries it, so none is dropped."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Lower, Now

from mixportal.mail.models import DigestItem, Mail

logger = logging.getLogger(__name__)

KIND = "digest"
EVERY = timedelta(hours=20)  # a daily job never skips a day because it began a minute early


def send_digests(unsubscribe_for: Callable[[str], str] = lambda address: "") -> int:
    """Posts one mail to each address that has lines waiting and had no digest lately; how many.

    A digest that cannot be made leaves its lines waiting and holds up nobody else's; the trouble is logged and raised
    at the end. `unsubscribe_for(address)` is the address that ends digests by one POST.
    """
    addresses = DigestItem.objects.waiting().order_by().values_list(Lower("to"), flat=True).distinct()
    posted, trouble = 0, None
    for address in sorted(addresses):
        try:
            posted += _send_to(address, unsubscribe_for(address))
        except Exception as problem:
            logger.exception("The digest for an address could not be made; its lines wait.")
            trouble = problem
    if trouble is not None:
        raise trouble
    return posted


@transaction.atomic
def _send_to(address: str, unsubscribe: str) -> bool:
    lately = Mail.objects.filter(kind=KIND, to__iexact=address, created_at__gt=Now() - EVERY)
    items = list(DigestItem.objects.waiting().filter(to__iexact=address).newest_first().select_for_update())
    if not items or lately.exists():
        return False
    mail = Mail.objects.post(
        KIND,
        items[0].to,
        cause=f"{KIND}:{max(item.pk for item in items)}",
        context={"items": items},
        unsubscribe=unsubscribe,
    )
    if mail is None:
        raise RuntimeError("A digest with the same last line was posted before.")
    DigestItem.objects.filter(pk__in=[item.pk for item in items]).update(mail=mail)
    return True
