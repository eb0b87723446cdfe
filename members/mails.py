from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from mixportal.mail.models import Mail

if TYPE_CHECKING:
    from members.models import Government, User


def notify_of_address(person: User, before: str) -> None:
    context = {"person": person, "before": before, "contact": _contact()}
    cause = f"address:{person.pk}:{timezone.now().isoformat()}"
    Mail.objects.enqueue("address_left", before, cause=cause, context=context)
    Mail.objects.enqueue("address_bound", person.email, cause=cause, context=context)


def notify_of_voter(voter: User, how: str, *, by: User | None, replaced: User | None = None) -> None:
    """`by` is None for the operator. `how` chooses the sentence of the mail."""
    if voter.government is not None and voter.is_voter:
        notify_voters(voter.government, how, voter=voter, replaced=replaced, by=by)


def notify_voters(
    government: Government, how: str, *, voter: User | None = None, replaced: User | None = None, **context: object
) -> None:
    now = timezone.now()
    people = list(government.people.speaking_for(government).select_related("let_in_by"))
    context |= {
        "how": how,
        "government": government,
        "voter": next((person for person in people if person == voter), None),
        "voters": [person for person in people if person.is_voter],
        "replaced": replaced,
        "at": now,
        "contact": _contact(),
    }
    for person in [*people, replaced]:
        if person is not None and person != voter:
            cause = f"voters:{government.pk}:{now.isoformat()}"
            Mail.objects.enqueue("voters_changed", person.email, cause=cause, context=context | {"person": person})


def notify_of_curators(leaving: User, successor: User, curators: Iterable[User], *, reason: str) -> None:
    now, curators = timezone.now(), list(curators)
    context = {"leaving": leaving, "successor": successor, "curators": curators, "reason": reason, "at": now}
    for person in [*curators, leaving]:
        Mail.objects.enqueue(
            "curators_changed",
            person.email,
            cause=f"curators:{now.isoformat()}",
            context=context | {"contact": _contact()},
        )


def _contact() -> str:
    return settings.SECURITY_CONTACT.removeprefix("mailto:")
