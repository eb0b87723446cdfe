from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from members.models import Government, Viewer
from mixportal.editions.models import Entry
from mixportal.notes.models import Note

MAX_UNFOLDED = 2
MAX_THREADS = 8  # in each section


@dataclass
class NoteView:
    note: Note
    is_own: bool
    is_new: bool
    is_expanded: bool
    shows_body: bool
    can_be_answered: bool
    answers: list["NoteView"] = field(default_factory=list)

    @property
    def opens(self) -> bool:
        return any(answer.is_new or answer.is_expanded for answer in self.answers)

    @property
    def is_unanswered(self) -> bool:
        return self.note.kind == "question" and not self.answers


class Discussion:
    """`expanded` is a section's id or the number of a note in it."""

    def __init__(
        self,
        entry: Entry,
        user: Viewer,
        last_visit: datetime | None = None,
        seats: int | None = None,
        expanded: str = "",
    ) -> None:
        self.entry, self.edition, self.kind = entry, entry.edition, entry.kind
        self.user, self.last_visit, self.expanded = user, last_visit, expanded
        self.is_insider = user.is_authenticated and user.is_insider
        self.is_voter = user.is_authenticated and user.is_voter
        self.is_curator = user.is_authenticated and user.is_curator
        self.government_id = user.government_id if user.is_authenticated and user.is_voter else None
        self._seats = seats

    @cached_property
    def url(self) -> str:
        return f"{self.entry.get_absolute_url()}notes/"

    @cached_property
    def notes(self) -> list[Note]:
        notes = self.entry.notes.visible_to(self.user, self.edition).for_discussion()
        if self.user.is_authenticated and self.is_insider:
            notes = notes.with_orders(self.user, self.entry.annual_list)
        return list(notes.order_by("created_at", "pk"))

    @cached_property
    def seats(self) -> int:
        return self._seats if self._seats is not None else Government.objects.seated().count()

    @cached_property
    def _threads(self) -> list[NoteView]:
        """Include answers whose parent the user may no longer read."""
        views = {note.pk: self._view(note) for note in self.notes}
        threads = []
        for view in views.values():
            parent_id = view.note.reply_to_id
            if parent_id is None or parent_id not in views:
                threads.append(view)
            elif view.note.withdrawn_at is None:
                view.note.reply_to = views[parent_id].note
                views[parent_id].answers.append(view)
        return [thread for thread in threads if thread.note.withdrawn_at is None or thread.answers]

    def _view(self, note: Note) -> NoteView:
        is_own = note.is_own_of(self.user)
        return NoteView(
            note=note,
            is_own=is_own,
            is_new=self.last_visit is not None and note.created_at > self.last_visit and not is_own,
            is_expanded=self.expanded == str(note.pk),
            shows_body=note.hidden_at is None or is_own or self.is_curator,
            can_be_answered=note.can_be_answered_by(self.user),
        )

    def _threads_of(self, kind: str) -> list[NoteView]:
        return [thread for thread in self._threads if thread.note.kind == kind]

    @cached_property
    def own_reason(self) -> NoteView | None:
        own = (reason for reason in self._threads_of("reason") if reason.is_own and reason.note.withdrawn_at is None)
        return next(own, None)

    @cached_property
    def _ranked_reasons(self) -> list[NoteView]:
        known = [reason for reason in self._threads_of("reason") if reason.note.place and reason is not self.own_reason]
        return sorted(
            known,
            key=lambda reason: (reason.note.standing is None, reason.note.standing or (0, False)),
        )

    @cached_property
    def extremes(self) -> list[NoteView]:
        ranked = self._ranked_reasons
        if not ranked or ranked[0].note.place == ranked[-1].note.place:
            return []
        return [ranked[0], ranked[-1]]

    @cached_property
    def other_reasons(self) -> dict[str, object]:
        """Sort sealed reasons by name, because the order would reveal places."""
        own = [self.own_reason] if self.own_reason else []
        ranked = [reason for reason in self._ranked_reasons if reason not in self.extremes]
        unplaced = [reason for reason in self._threads_of("reason") if not reason.note.place and reason not in own]
        by_name = sorted(unplaced, key=lambda reason: str(reason.note.government))
        return self._section("why", [*own, *ranked, *by_name], 0 if self.extremes else MAX_UNFOLDED)

    @property
    def reason_count(self) -> int:
        return sum(1 for reason in self._threads_of("reason") if reason.note.withdrawn_at is None)

    @property
    def post_count(self) -> int:
        return sum(1 for view in _with_answers(self.threads) if view.note.withdrawn_at is None)

    @property
    def accepts_reasons(self) -> bool:
        return self.edition.was_ranked and not self.edition.is_drafting

    @property
    def has_reason_section(self) -> bool:
        return self.accepts_reasons and bool(self.is_insider or self.reason_count or self.edition.is_open)

    @property
    def new_count(self) -> int:
        return sum(1 for view in _with_answers(self._threads) if view.is_new and view.note.is_active)

    @cached_property
    def threads(self) -> list[NoteView]:
        """Return what is new first, then questions without an answer, then the latest."""

        def urgency(thread: NoteView) -> tuple[bool, bool, datetime]:
            views = [thread, *thread.answers]
            newest = max(view.note.created_at for view in views)
            return any(view.is_new for view in views), thread.is_unanswered, newest

        return sorted((each for each in self._threads if not each.note.is_reason), key=urgency, reverse=True)

    @property
    def dialogue(self) -> dict[str, object]:
        return self._section("dialogue", self.threads, MAX_UNFOLDED)

    def _section(self, id: str, threads: list[NoteView], unfolded: int) -> dict[str, object]:
        is_expanded = self.expanded == id or any(view.is_expanded for view in _with_answers(threads))
        return {
            "id": id,
            "threads": threads,
            "unfolded": threads[:unfolded],
            "folded": threads[unfolded : len(threads) if is_expanded else MAX_THREADS],
            "folded_count": len(threads[unfolded:]),
            "is_expanded": is_expanded,
        }


def _with_answers(threads: list[NoteView]) -> list[NoteView]:
    return [view for thread in threads for view in (thread, *thread.answers)]
