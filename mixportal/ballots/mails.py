"""Mails about one government's ballot: cast, withdrawn or entered by somebody else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.html import strip_tags

from members.models import Government, User
from mixportal.editions.models import AnnualList, Edition
from mixportal.editions.templatetags.moments import moment
from mixportal.mail.models import Mail

if TYPE_CHECKING:
    from mixportal.ballots.models import Ballot


VOTING = (User.Role.MEMBER, User.Role.DELEGATE)


def voters(government: Government | None = None) -> Any:
    """Members and delegates of one government, or of all that hold a seat."""
    people = User.objects.filter(is_active=True, role__in=VOTING).select_related("government").order_by("pk")
    return people.filter(government=government) if government else people.filter(government__seat__isnull=False)


def tell(
    people: Iterable[User],
    kind: str,
    *,
    cause: str,
    context: dict[str, Any],
    own: Callable[[User], dict[str, Any]] = lambda person: {},
    **more: Any,
) -> int:
    """Posts to each who wants that kind of mail and has not had it for this cause; how many.

    `context` is for all, `own(person)` what only that person's mail says.
    """
    reached = set(Mail.objects.filter(cause=cause).values_list(Lower("to"), flat=True))
    mails = [
        Mail.objects.post(
            kind,
            person.email,
            cause=cause,
            context=context | {"person": person} | own(person),
            unsubscribe=person.unsubscribe_address(kind),
            **more,
        )
        for person in people
        if person.email.lower() not in reached and person.wants(kind)
    ]
    return sum(1 for mail in mails if mail is not None)


def when(at: datetime | None, edition: Edition) -> str:
    """Wednesday, June 30, 2027, at 5:00 pm EDT."""
    return strip_tags(moment(at, edition)) if at else ""


def ballot_url(annual_list: AnnualList) -> str:
    return settings.PORTAL_URL + reverse("ballot", args=[annual_list.edition.year, annual_list.kind])


def tell_the_other(ballot: Ballot, by: User) -> int:
    """Of member and delegates, those who did not press the button: that it was cast or withdrawn, when and by whom."""
    others = [person for person in voters(ballot.government) if person != by]
    return _tell_of_ballot(others, "ballot_cast_by_other", ballot, {"by": by, "is_cast": ballot.is_cast})


def tell_entered(ballot: Ballot) -> int:
    """To the government's member and delegates: that a curator entered a ballot for them, and why."""
    context = {"by": ballot.entered_by, "reason": ballot.entered_reason}
    return _tell_of_ballot(voters(ballot.government), "ballot_entered", ballot, context)


def _tell_of_ballot(people: Iterable[User], mail_kind: str, ballot: Ballot, context: dict[str, Any]) -> int:
    """Confidential: how often a government casts is its own business until the close."""
    people = list(people)
    if not people:
        return 0
    annual_list, edition = ballot.annual_list, ballot.edition
    return tell(
        people,
        mail_kind,
        cause=f"ballot:{annual_list.kind}:{edition.year}:{ballot.government.slug}:{ballot.version}",
        context={
            "ballot": ballot,
            "government": ballot.government,
            "edition": edition,
            "kind": annual_list.words,
            "at": when(ballot.updated_at, edition),
            "closes": when(edition.closes_at, edition),
            "url": ballot_url(annual_list),
            **context,
        },
        confidential=True,
    )
