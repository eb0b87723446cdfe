from members.models import User
from mixportal.ballots.order import standing
from mixportal.consensus.words import place_words
from mixportal.editions.models import AnnualList
from mixportal.notes.forms import NoteForm
from mixportal.notes.models import Note
from mixportal.notes.visibility import SEALED


class ReasonsPage:
    def __init__(self, annual_list: AnnualList, user: User) -> None:
        self.annual_list, self.edition, self.government = annual_list, annual_list.edition, user.government
        ballot = annual_list.ballots.of_voter(user).with_placements().first()
        self.is_sealed = ballot is not None and self.edition.is_open and not ballot.sees_working
        places = {}
        if ballot is not None and not self.is_sealed:
            places = ballot.working if self.edition.is_open else ballot.counted
        entries = list(annual_list.entries.in_order())
        entries.sort(key=lambda entry: (entry.slug not in places, places.get(entry.slug, 0)))
        own = Note.objects.visible_to(user).filter(kind=SEALED, government=user.government, withdrawn_at=None)
        given = own.filter(entry__annual_list=annual_list).with_mentioned().with_orders(user)
        reasons = {reason.entry_id: reason for reason in given}
        year = "entry__annual_list__edition__year"
        lines = [entry.line_id for entry in entries]
        earlier = own.active().filter(**{"entry__line__in": lines, f"{year}__lt": self.edition.year})
        oldest_first = earlier.select_related("entry__annual_list__edition").order_by(year)
        earlier_by_line = {reason.entry.line_id: reason for reason in oldest_first if reason.entry}
        self.rows = []
        for entry in entries:
            form = NoteForm(entry, fixed_kind="reason")
            form.earlier_reason = earlier_by_line.get(entry.line_id)
            at = standing(places, entry.slug)
            self.rows.append(
                {"entry": entry, "place": at and place_words(*at), "reason": reasons.get(entry.pk), "form": form}
            )

    @property
    def reason_count(self) -> int:
        return sum(1 for row in self.rows if row["reason"])
