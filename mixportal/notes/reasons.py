from dataclasses import dataclass

from members.models import User
from mixportal.ballots.order import standing
from mixportal.consensus.words import place_words
from mixportal.editions.models import AnnualList, Entry
from mixportal.notes.forms import NoteForm
from mixportal.notes.models import Note
from mixportal.notes.visibility import SEALED


@dataclass(frozen=True)
class ReasonRow:
    entry: Entry
    place: str
    reason: Note | None
    form: NoteForm


class ReasonsPage:
    def __init__(self, annual_list: AnnualList, user: User) -> None:
        self.annual_list, self.edition, self.government = (
            annual_list,
            annual_list.edition,
            user.government,
        )
        ballot = annual_list.ballots.of_voter(user).with_placements().first()
        self.is_sealed = ballot is not None and self.edition.is_open and not ballot.sees_working
        places = {}
        if ballot is not None and not self.is_sealed:
            places = ballot.working if self.edition.is_open else ballot.counted
        entries = list(annual_list.entries.in_order())
        entries.sort(key=lambda entry: (entry.slug not in places, places.get(entry.slug, 0)))
        given = self._given(user)
        earlier = self._earlier(user, entries)
        self.rows = []
        for entry in entries:
            form = NoteForm(entry, fixed_kind="reason")
            form.earlier_reason = earlier.get(entry.pk)
            at = standing(places, entry.slug) if entry.slug in places else None
            reason = given.get(entry.pk)
            self.rows.append(ReasonRow(entry, place_words(*at) if at else "", reason, form))

    def _given(self, user: User) -> dict[int, Note]:
        reasons = Note.objects.visible_to(user).filter(
            kind=SEALED,
            entry__annual_list=self.annual_list,
            government=user.government,
            withdrawn_at__isnull=True,
        )
        return {reason.entry_id: reason for reason in reasons.with_mentioned().with_orders(user) if reason.entry_id}

    def _earlier(self, user: User, entries: list[Entry]) -> dict[int, Note]:
        reasons = (
            Note.objects.visible_to(user)
            .active()
            .filter(
                kind=SEALED,
                government=user.government,
                entry__line__in=[entry.line_id for entry in entries],
                entry__annual_list__edition__year__lt=self.edition.year,
            )
        )
        oldest_first = reasons.select_related("entry__annual_list__edition").order_by(
            "entry__annual_list__edition__year"
        )
        by_line = {reason.entry.line_id: reason for reason in oldest_first if reason.entry}
        return {entry.pk: by_line[entry.line_id] for entry in entries if entry.line_id in by_line}

    @property
    def reason_count(self) -> int:
        return sum(1 for row in self.rows if row.reason)
