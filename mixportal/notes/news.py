"""Whom a note concerns: told by mail at once, and in the portal as what is new for them.

A mail names the entry and who wrote, and links; the words stay in the portal, where they follow their audience.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Now

from members.models import User
from members.preferences import DIGEST
from mixportal.editions import kinds
from mixportal.mail.models import DigestItem, Mail
from mixportal.notes.visibility import SEALED, Audience

NEWS_OF = timedelta(days=30)  # how far back what is new reaches on somebody's first visit

VOTING = (User.Role.MEMBER, User.Role.DELEGATE)
REPLY, MENTION, TO_CURATORS, NEW_NOTE = "reply", "mention", "to_curators", "new_note"
CAUSES = (REPLY, MENTION, TO_CURATORS, NEW_NOTE)  # in this order: a person gets one mail, for the first that fits

# How a line of the digest says what somebody did.
SAID = {REPLY: "answered you", MENTION: "named you", TO_CURATORS: "wrote to the curators", NEW_NOTE: "wrote"}


def tell(note: Any, *, causes: tuple[str, ...] = CAUSES) -> None:
    """Mails to all whom the note concerns and who may read it; nobody twice. Nothing of a sealed reason."""
    if note.is_reason and not note.entry.edition.has_results:
        return
    told: set[int] = set()
    for cause, people in _concerned(note).items():
        if cause not in causes:
            continue
        for person in people:
            if person.pk not in told and person.wants(cause):
                _post(note, cause, person)
            told.add(person.pk)


def tell_hidden(note: Any) -> None:
    """To the people of the government whose note a curator has hidden."""
    for person in User.objects.filter(is_active=True, role__in=VOTING, government=note.government_id):
        _post(note, "hidden", person)


def _concerned(note: Any) -> dict[str, QuerySet[User]]:
    """By cause, the people who may read the note, but for its author."""
    people = User.objects.filter(is_active=True).exclude(pk=note.author_id).order_by("pk")
    if note.audience == Audience.GOVERNMENT:
        people = people.filter(role__in=VOTING, government=note.government_id)
    if note.audience == Audience.CURATORS:
        people = people.filter(Q(role__in=VOTING, government=note.government_id) | Q(is_staff=True))
    others = type(note).objects.standing().filter(entry=note.entry_id).exclude(government=note.government_id)
    if not note.entry.edition.has_results:
        others = others.exclude(kind=SEALED)
    concerned = {
        MENTION: people.filter(role__in=VOTING, government__in=note.mentions.values("government")),
        TO_CURATORS: people.filter(is_staff=True) if note.audience == Audience.CURATORS else people.none(),
        NEW_NOTE: people.filter(role__in=VOTING, government__in=others.values("government")),
    }
    if note.reply_to is None:
        return concerned
    return {REPLY: people.filter(role__in=VOTING, government=note.reply_to.government_id), **concerned}


def _post(note: Any, cause: str, person: User) -> None:
    """The one place from which mail about notes goes out, at once or gathered for the day."""
    kind = note.listed_in
    because = f"{cause if cause == 'hidden' else 'note'}:{kind.key}:{note.pk}"
    address = settings.PORTAL_URL + note.get_absolute_url()
    if person.mail_preference(cause) == DIGEST:
        line = f"{note.government} {SAID[cause]} on {note.entry.title}"
        DigestItem.objects.collect(person.email, kind=cause, cause=because, line=line, url=address)
        return
    Mail.objects.post(
        cause,
        person.email,
        cause=because,
        context={
            "note": note,
            "entry": note.entry,
            "person": person,
            "what": note.get_kind_display(),
            "address": address,
        },
        unsubscribe=person.unsubscribe_address(cause),
    )


def concerning(kind: kinds.Kind, user: Any, last_visit: datetime | None) -> QuerySet:
    """Notes of others since the last visit that answer the user's government, name it, or are on an entry that it
    wrote on; for curators also those to the curators."""
    since = last_visit or Now() - NEWS_OF
    notes = kind.note.objects.visible_to(user).standing()
    concerns = Q(audience=Audience.CURATORS) if user.is_curator else Q(pk__in=[])
    if user.is_voter:
        own = kind.note.objects.standing().filter(government=user.government_id)
        named = kind.note.mentions.rel.related_model.objects.filter(note=OuterRef("pk"), government=user.government_id)
        concerns |= Q(reply_to__government=user.government_id) | Q(Exists(named)) | Q(entry__in=own.values("entry"))
        notes = notes.exclude(government=user.government_id)
    unsealed_since = Q(kind=SEALED, entry__edition__closes_at__gt=since)
    return notes.filter(concerns, Q(created_at__gt=since) | unsealed_since)


def count_for(user: Any, last_visit: datetime | None) -> int:
    """How many notes are new for them. One query, whatever the number of kinds."""
    counts = [
        concerning(kind, user, last_visit).order_by().values(one=Value(1, IntegerField())).annotate(count=Count("pk"))
        for kind in kinds.registered()
    ]
    return sum(row["count"] for row in counts[0].union(*counts[1:], all=True))
