"""Whom a note concerns: told by mail at once, and in the portal as what is new for them.

A mail names the entry and who wrote, and links; the words stay in the portal, where they follow their audience.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from members.models import User, Viewer
from members.preferences import DIGEST
from mixportal.mail.models import DigestItem, Mail
from mixportal.notes.visibility import SEALED, Audience

if TYPE_CHECKING:
    from mixportal.notes.models import Note, NoteQuerySet

NEWS_OF = timedelta(days=30)  # how far back what is new reaches on somebody's first visit

VOTING = (User.Role.MEMBER, User.Role.DELEGATE)
REPLY, MENTION, TO_CURATORS, NEW_NOTE = "reply", "mention", "to_curators", "new_note"
CAUSES = (REPLY, MENTION, TO_CURATORS, NEW_NOTE)  # in this order: a person gets one mail, for the first that fits

# How a line of the digest says what somebody did.
SAID = {REPLY: "answered you", MENTION: "named you", TO_CURATORS: "wrote to the curators", NEW_NOTE: "wrote"}


def tell(note: Note, *, causes: tuple[str, ...] = CAUSES) -> None:
    """Mails to all whom the note concerns and who may read it; nobody twice. Nothing of a sealed reason."""
    if note.entry is None or (note.is_reason and not note.entry.edition.has_results):
        return
    told: set[int] = set()
    for cause, people in _concerned(note).items():
        if cause not in causes:
            continue
        for person in people:
            if person.pk not in told and person.wants(cause):
                _post(note, cause, person)
            told.add(person.pk)


def tell_hidden(note: Note) -> None:
    """To the people of the government whose note a curator has hidden."""
    for person in User.objects.filter(is_active=True, role__in=VOTING, government=note.government_id):
        _post(note, "hidden", person)


def _concerned(note: Note) -> dict[str, QuerySet[User]]:
    """By cause, the people who may read the note, but for its author."""
    people = User.objects.filter(is_active=True).exclude(pk=note.author_id).order_by("pk")
    if note.audience == Audience.GOVERNMENT:
        people = people.filter(role__in=VOTING, government=note.government_id)
    if note.audience == Audience.CURATORS:
        people = people.filter(Q(role__in=VOTING, government=note.government_id) | Q(is_staff=True))
    assert note.entry is not None
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


def _post(note: Note, cause: str, person: User) -> None:
    """The one place from which mail about notes goes out, at once or gathered for the day."""
    because = f"{cause if cause == 'hidden' else 'note'}:{note.pk}"
    address = settings.PORTAL_URL + note.get_absolute_url()
    if person.mail_preference(cause) == DIGEST:
        line = f"{note.government} {SAID[cause]} on {note.about}"
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


def concerning(notes: NoteQuerySet, user: Viewer, last_visit: datetime | None) -> NoteQuerySet:
    """Return those of `notes` since the last visit that answer the user's government, name it, or are on an entry
    that it wrote on; for curators also those to the curators."""
    if not user.is_authenticated:
        return notes.none()
    since = last_visit or Now() - NEWS_OF
    concerns = Q(audience=Audience.CURATORS) if user.is_curator else Q(pk__in=[])
    new = notes.visible_to(user).standing()
    if user.is_voter:
        own = notes.standing().filter(government=user.government_id)
        named = Exists(notes.filter(pk=OuterRef("pk"), mentions__government=user.government_id))
        concerns |= Q(reply_to__government=user.government_id) | Q(named) | Q(entry__in=own.values("entry"))
        new = new.exclude(government=user.government_id)
    unsealed_since = Q(kind=SEALED, entry__annual_list__edition__closes_at__gt=since)
    return new.filter(concerns, Q(created_at__gt=since) | unsealed_since)
