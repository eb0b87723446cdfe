from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower, Now
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from members.models import User
from members.preferences import MailPreference
from mixportal.editions.models import AnnualList, Edition
from mixportal.editions.templatetags.moments import moment
from mixportal.mail.models import Mail, RenderedMail

if TYPE_CHECKING:
    from mixportal.ballots.models import Ballot


UNDO_WAIT = timedelta(minutes=10)  # in which an undo takes back the mail
VOTING = (User.Role.MEMBER, User.Role.DELEGATE)


def voters() -> models.QuerySet[User]:
    people = User.objects.filter(is_active=True, role__in=VOTING, government__seat__isnull=False)
    return people.select_related("government").order_by("pk")


def recipients(people: Iterable[User], kind: str, *, cause: str) -> list[User]:
    """Leave out people who do not want the kind, or had a mail for this cause."""
    people = list(people)
    reached = set(Mail.objects.filter(cause=cause).values_list(Lower("to"), flat=True))
    turned_off = MailPreference.objects.turned_off(kind, people)
    return [person for person in people if person.pk not in turned_off and person.email.lower() not in reached]


def send_to_each(
    people: Iterable[User],
    kind: str,
    *,
    cause: str,
    context: dict[str, object],
    own: Callable[[User], dict[str, object]] = lambda person: {},
    calendar: str = "",
    due_at: datetime | None = None,
    not_after: datetime | None = None,
    confidential: bool = False,
) -> int:
    """Mail the recipients, with `own(person)` in the context. Return how many."""
    mails = []
    for person in recipients(people, kind, cause=cause):
        unsubscribe = person.unsubscribe_address(kind)
        rendered = RenderedMail.from_templates(kind, context | {"person": person} | own(person), unsubscribe)
        mails.append(
            Mail(
                kind=kind,
                to=person.email,
                cause=cause,
                calendar=calendar,
                unsubscribe=unsubscribe,
                due_at=due_at or Now(),
                not_after=not_after,
                confidential=confidential,
                **asdict(rendered),
            )
        )
    return len(Mail.objects.bulk_create(mails, ignore_conflicts=True))


def when(at: datetime | None, edition: Edition) -> str:
    return strip_tags(moment(at, edition)) if at else ""


def ballot_url(annual_list: AnnualList) -> str:
    return settings.PORTAL_URL + reverse("ballot", args=[annual_list.edition.year, annual_list.kind])


def notify_other_voters(ballot: Ballot, by: User, did: str) -> int:
    """`did` is cast, uncast, start-over or undo. All but the last wait, as they may be undone."""
    others = [person for person in User.objects.voting_for(ballot.government) if person != by]
    due_at = None if did == "undo" else timezone.now() + UNDO_WAIT
    return _notify(others, "ballot_cast_by_other", ballot, {"by": by, "did": did}, due_at) if others else 0


def notify_of_undo(ballot: Ballot, by: User, *, changes_what_counts: bool) -> int:
    """Take back waiting mails about what is undone, and send one in their place."""
    taken_back, _ = Mail.objects.waiting().filter(cause=_cause(ballot, ballot.version - 1)).delete()
    return notify_other_voters(ballot, by, "undo") if taken_back or changes_what_counts else 0


def notify_of_paper_ballot(ballot: Ballot) -> int:
    context: dict[str, object] = {"by": ballot.entered_by, "reason": ballot.entered_reason}
    return _notify(User.objects.voting_for(ballot.government), "ballot_entered", ballot, context)


def _cause(ballot: Ballot, version: int) -> str:
    return f"ballot:{ballot.annual_list.kind}:{ballot.edition.year}:{ballot.government.slug}:{version}"


def _notify(
    people: Iterable[User],
    mail_kind: str,
    ballot: Ballot,
    context: dict[str, object],
    due_at: datetime | None = None,
) -> int:
    """Send a confidential mail, as how often a government casts is sealed until the close."""
    annual_list, edition = ballot.annual_list, ballot.edition
    return send_to_each(
        people,
        mail_kind,
        cause=_cause(ballot, ballot.version),
        due_at=due_at,
        context={
            "ballot": ballot,
            "government": ballot.government,
            "edition": edition,
            "kind": annual_list.words,
            "at": when(ballot.locked_at, edition),
            "url": ballot_url(annual_list),
            **context,
        },
        confidential=True,
    )
