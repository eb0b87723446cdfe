from __future__ import annotations

from collections.abc import Iterable

import pghistory

from members.models import User

CONTACT_INTERVAL = 3


def give_contacts(members: Iterable[User]) -> None:
    for number, member in enumerate(members):
        if number % CONTACT_INTERVAL == 0:
            member.phone = f"202-555-01{number:02}"
            member.shows_email = number % 2 == 0
            with pghistory.context(user=member.pk):
                member.save(update_fields=["phone", "shows_email"])
