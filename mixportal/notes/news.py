"""Mail about notes, never with their text, because the audience may change later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q

from members.models import User, UserQuerySet
from members.preferences import DIGEST
from mixportal.mail.models import DigestItem, Mail, render_text
from mixportal.notes.visibility import SEALED, NoteAudience

if TYPE_CHECKING:
    from mixportal.notes.models import Note

VOTER_ROLES = (User.Role.MEMBER, User.Role.DELEGATE)
REPLY, MENTION, TO_CURATORS, NEW_NOTE = "reply", "mention", "to_curators", "new_note"
CAUSES = (REPLY, MENTION, TO_CURATORS, NEW_NOTE)  # each person gets one mail, for the first that applies


def notify(note: Note, *, causes: tuple[str, ...] = CAUSES) -> None:
    """Mail those whom the note concerns and who may read it, never about a sealed reason."""
    if note.entry is None or (note.is_reason and not note.entry.edition.has_results):
        return
    notified: set[int] = set()
    for cause, people in _recipients(note).items():
        if cause not in causes:
            continue
        for person in people:
            if person.pk not in notified and person.wants(cause):
                _send(note, cause, person)
            notified.add(person.pk)


def notify_of_hiding(note: Note) -> None:
    people = User.objects.filter(is_active=True)
    if note.government_id is None:
        people = people.filter(pk=note.author_id)
    else:
        people = people.filter(role__in=VOTER_ROLES, government=note.government_id)
    for person in people:
        _send(note, "hidden", person)


def _recipients(note: Note) -> dict[str, UserQuerySet]:
    people = User.objects.filter(is_active=True).exclude(pk=note.author_id).order_by("pk")
    if note.audience == NoteAudience.GOVERNMENT:
        people = people.filter(role__in=VOTER_ROLES, government=note.government_id)
    if note.audience == NoteAudience.CURATORS:
        answered = note.reply_to.government_id if note.reply_to else None
        readers = Q(role__in=VOTER_ROLES, government=note.government_id or answered)
        people = people.filter(readers | Q(is_staff=True))
    assert note.entry is not None
    others = type(note).objects.active().filter(entry=note.entry_id).exclude(government=note.government_id)
    if not note.entry.edition.has_results:
        others = others.exclude(kind=SEALED)
    recipients = {
        MENTION: people.filter(role__in=VOTER_ROLES, government__in=note.mentions.values("government")),
        TO_CURATORS: people.filter(is_staff=True) if note.audience == NoteAudience.CURATORS else people.none(),
        NEW_NOTE: people.filter(role__in=VOTER_ROLES, government__in=others.values("government")),
    }
    if note.reply_to is None:
        return recipients
    return {REPLY: people.filter(role__in=VOTER_ROLES, government=note.reply_to.government_id), **recipients}


def _send(note: Note, cause: str, person: User) -> None:
    dedupe_key = f"{cause if cause == 'hidden' else 'note'}:{note.pk}"
    url = settings.PORTAL_URL + note.get_absolute_url()
    if person.mail_preference(cause) == DIGEST:
        line = render_text("mail/digest_line.txt", {"note": note, "cause": cause})
        DigestItem.objects.collect(person.email, kind=cause, cause=dedupe_key, line=line, url=url)
        return
    Mail.objects.enqueue(
        cause,
        person.email,
        cause=dedupe_key,
        context={
            "note": note,
            "entry": note.entry,
            "person": person,
            "what": note.get_kind_display(),
            "address": url,
        },
        unsubscribe=person.unsubscribe_address(cause),
    )
