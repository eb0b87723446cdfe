"""The own reasons beside the own ballot: each entry in our order, with our place and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mixportal.ballots.order import standing
from mixportal.consensus.words import place_words
from mixportal.editions.kinds import Kind
from mixportal.editions.models import Edition
from mixportal.notes.forms import NoteForm


@dataclass(frozen=True)
class ReasonRow:
    entry: Any
    place: str  # empty where it is not ranked
    reason: Any
    html: str
    form: NoteForm


class ReasonsPage:
    """Four queries: the ballot, its placements, the entries, the reasons of this and of earlier years."""

    def __init__(self, kind: Kind, edition: Edition, user: Any) -> None:
        self.kind, self.edition, self.government = kind, edition, user.government
        ballots = kind.ballot.objects.visible_to(user).with_placements()
        ballot = ballots.filter(edition=edition, government=user.government).first()
        places = (ballot.working if edition.is_open else ballot.counted) if ballot else {}
        entries = list(kind.entry.objects.of(edition))
        entries.sort(key=lambda entry: (entry.slug not in places, places.get(entry.slug, 0)))
        given = self._given(user)
        earlier = self._earlier(user, entries)
        self.rows = []
        for entry in entries:
            entry.edition = edition  # with its time of reading
            form = NoteForm(entry, only="reason")
            form.earlier = earlier.get(entry.pk)
            at = standing(places, entry.slug) if entry.slug in places else None
            reason = given.get(entry.pk)
            html = reason.html if reason else ""
            self.rows.append(ReasonRow(entry, place_words(*at) if at else "", reason, html, form))

    def _given(self, user: Any) -> dict[int, Any]:
        reasons = self.kind.note.objects.visible_to(user).filter(
            kind="reason", entry__edition=self.edition, government=user.government, withdrawn_at__isnull=True
        )
        return {reason.entry_id: reason for reason in reasons.with_mentioned()}

    def _earlier(self, user: Any, entries: list[Any]) -> dict[int, Any]:
        """By entry, the newest reason given for what it continues."""
        lines = self.kind.lineage.objects.filter(later__in=[entry.pk for entry in entries])
        continued = list(lines.values_list("later", "earlier"))
        reasons = (
            self.kind.note.objects.visible_to(user)
            .standing()
            .filter(kind="reason", government=user.government, entry__in=[earlier for _, earlier in continued])
        )
        by_entry = {reason.entry_id: reason for reason in reasons.select_related("entry__edition")}
        found: dict[int, Any] = {}
        for later, earlier in continued:
            reason = by_entry.get(earlier)
            if reason and (later not in found or reason.entry.edition.year > found[later].entry.edition.year):
                found[later] = reason
        return found

    @property
    def given(self) -> int:
        return sum(1 for row in self.rows if row.reason)
