from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from django.conf import settings
from django.utils import timezone

from mixportal.mail.models import Mail

if TYPE_CHECKING:
    from members.invitations import Invitation
    from members.models import Government, User

VoterChange = Literal["accepted", "promoted", "invited", "reactivated", "bound", "restored"]


def notify_of_voter(
    government: Government,
    how: VoterChange,
    *,
    by: User | None,
    voter: User | None = None,
    invitation: Invitation | None = None,
    replaced: User | None = None,
) -> None:
    """Tell everyone of the government but the voter, and the person who was replaced. `by` is None for the operator."""
    now = timezone.now()
    people = list(government.people.speaking_for(government).select_related("let_in_by"))
    context = {
        "government": government,
        "how": how,
        "by": by,
        "voter": next((person for person in people if person == voter), None),
        "invitation": invitation,
        "replaced": replaced,
        "voters": [person for person in people if person.is_voter],
        "at": now,
        "contact": settings.SECURITY_CONTACT.removeprefix("mailto:"),
    }
    for person in [*people, replaced]:
        if person is not None and person != voter:
            cause = f"voters:{government.pk}:{now.isoformat()}"
            Mail.objects.enqueue("voters_changed", person.email, cause=cause, context=context | {"person": person})
