"""Mail about notes, never with their text, because the audience may change later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q

from members.models import User, UserQuerySet
from members.preferences import DIGEST
from mixportal.mail.models import DigestItem, Mail
from mixportal.notes.visibility import SEALED, NoteAudience

if TYPE_CHECKING:
    from mixportal.notes.models import Note

VOTER_ROLES = (User.Role.MEMBER, User.Role.DELEGATE)
REPLY, MENTION, TO_CURATORS, NEW_NOTE = "reply", "mention", "to_curators", "new_note"
CAUSES = (REPLY, MENTION, TO_CURATORS, NEW_NOTE)  # each person gets one mail, for the first that applies

DIGEST_VERBS = {REPLY: "answered you", MENTION: "named you", TO_CURATORS: "wrote to the curators", NEW_NOTE: "wrote"}


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
    for person in User.objects.filter(is_active=True, role__in=VOTER_ROLES, government=note.government_id):
        _send(note, "hidden", person)


def _recipients(note: Note) -> dict[str, UserQuerySet]:
    people = User.objects.filter(is_active=True).exclude(pk=note.author_id).order_by("pk")
    if note.audience == NoteAudience.GOVERNMENT:
        people = people.filter(role__in=VOTER_ROLES, government=note.government_id)
    if note.audience == NoteAudience.CURATORS:
        people = people.filter(Q(role__in=VOTER_ROLES, government=note.government_id) | Q(is_staff=True))
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
        line = f"{note.government} {DIGEST_VERBS[cause]} on {note.about}"
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
