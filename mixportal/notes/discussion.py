"""What governments say on one entry, for one reader: why they differ, what worked, what they ask."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from members.models import Government, Viewer
from mixportal.ballots.models import Placement
from mixportal.ballots.order import Places, standing
from mixportal.consensus.words import place_words
from mixportal.editions.models import Entry
from mixportal.notes.models import Note
from mixportal.notes.visibility import Audience

SIDE = 3  # reasons shown on each side before the rest
SHOWN = 6  # threads of each section, until somebody asks for all of them


@dataclass
class Voice:
    """A note as the page shows it. `place` is where its government put the entry, for insiders after the close."""

    note: Note
    html: str
    is_own: bool
    is_new: bool
    place: str = ""
    standing: tuple[int, bool] | None = None
    answers: list[Voice] = field(default_factory=list)
    shows_words: bool = True

    @property
    def is_gap(self) -> bool:
        return self.note.withdrawn_at is not None

    @property
    def takes_answers(self) -> bool:
        """Answers stand under notes, not under answers; to the curators only their writer's government adds more."""
        is_top = self.note.reply_to_id is None and self.note.hidden_at is None
        return is_top and (self.is_own or self.note.audience != Audience.CURATORS)


@dataclass(frozen=True)
class Section:
    id: str
    heading: str
    voices: list[Voice]
    shown: list[Voice]

    @property
    def left_out(self) -> int:
        return len(self.voices) - len(self.shown)


class Dialogue:
    """Everything the entry's notes need; four queries at most, whatever their number.

    `whole` is the section that is shown in full, or the number of a note in it.
    """

    def __init__(
        self,
        entry: Entry,
        user: Viewer,
        last_visit: datetime | None = None,
        seats: int | None = None,
        whole: str = "",
    ) -> None:
        self.whole = whole
        self.kind, self.entry, self.edition, self.user = entry.kind, entry, entry.edition, user
        self.is_insider = user.is_authenticated and user.is_insider
        self.is_voter = user.is_authenticated and user.is_voter
        self.is_curator = user.is_authenticated and user.is_curator
        self.last_visit, self._seats = last_visit, seats
        self.government_id = user.government_id if user.is_authenticated and user.is_voter else None

    @cached_property
    def address(self) -> str:
        """Where notes on the entry are posted; one note's own address is its number after that."""
        return f"{self.entry.get_absolute_url()}notes/"

    @cached_property
    def notes(self) -> list[Note]:
        notes = self.entry.notes.visible_to(self.user).with_people().with_mentioned()
        return list(notes.with_endorsements(self.user).order_by("created_at", "pk"))

    @cached_property
    def seats(self) -> int:
        """Out of how many say the same: of those seated at the close, once there is a result."""
        return self._seats if self._seats is not None else Government.objects.seated().count()

    @cached_property
    def _standings(self) -> dict[int, tuple[int, bool] | None]:
        """Where each government that cast put the entry; insiders alone know, after the close (rules 1 and 2)."""
        if not (self.is_insider and self.edition.has_results):
            return {}
        writing = {note.government_id for note in self.notes if note.is_reason}
        ballots = self.entry.annual_list.ballots.visible_to(self.user).cast()
        placed = Placement.objects.filter(ballot__in=ballots.filter(government__in=writing), cast_place__isnull=False)
        orders: dict[int, Places] = {}
        for government, slug, place in placed.values_list("ballot__government", "entry__slug", "cast_place"):
            orders.setdefault(government, {})[slug] = place
        return {government: standing(places, self.entry.slug) for government, places in orders.items()}

    @cached_property
    def _threads(self) -> list[Voice]:
        """The notes that answer nothing, each with its answers; a withdrawn one only where it has some."""
        voices = {note.pk: self._voice(note) for note in self.notes}
        top = []
        for voice in voices.values():
            if voice.note.reply_to_id is None:
                top.append(voice)
            elif voice.note.reply_to_id not in voices:
                top.append(voice)  # an own answer to what is no longer for its readers
            elif not voice.is_gap:
                voices[voice.note.reply_to_id].answers.append(voice)
        return [voice for voice in top if not voice.is_gap or voice.answers]

    def _voice(self, note: Note) -> Voice:
        is_own = note.government_id == self.government_id
        placed = self._standings.get(note.government_id) if note.is_reason else None
        ranked = note.is_reason and note.government_id in self._standings
        shows = note.hidden_at is None or is_own or self.is_curator
        return Voice(
            note=note,
            html=note.html if shows else "",
            is_own=is_own,
            is_new=self.last_visit is not None and note.created_at > self.last_visit and not is_own,
            place=(place_words(*placed) if placed else "not ranked") if ranked else "",
            standing=placed,
            shows_words=shows,
        )

    def _of(self, kind: str) -> list[Voice]:
        return [voice for voice in self._threads if voice.note.kind == kind]

    # The reasons

    @cached_property
    def own_reason(self) -> Voice | None:
        return next((voice for voice in self._of("reason") if voice.is_own and not voice.is_gap), None)

    @cached_property
    def _ranked(self) -> list[Voice]:
        """Reasons of others whose place is known, from the highest place down; those that did not rank it come last."""
        known = [voice for voice in self._of("reason") if voice.place and voice is not self.own_reason]
        return sorted(known, key=lambda voice: (voice.standing is None, voice.standing or (0, False)))

    @cached_property
    def highest(self) -> list[Voice]:
        """On two sides only where somebody differs."""
        if not self._ranked or self._ranked[0].place == self._ranked[-1].place:
            return []
        return self._ranked[: min(SIDE, len(self._ranked) // 2)]

    @cached_property
    def lowest(self) -> list[Voice]:
        if not self.highest:
            return []
        last = self._ranked[-len(self.highest) :]
        return [voice for voice in reversed(last) if voice.place != self.highest[-1].place]

    @cached_property
    def other_reasons(self) -> Section:
        """From the highest place down where places may be seen; else by name, which tells nothing of them."""
        shown = [*self.highest, *self.lowest, self.own_reason]
        rest = [voice for voice in self._ranked if voice not in shown]
        unplaced = [voice for voice in self._of("reason") if not voice.place and voice not in shown]
        by_name = sorted(unplaced, key=lambda voice: voice.note.government.name)
        return self._section("why", "", [*rest, *by_name])

    @property
    def reason_count(self) -> int:
        return len([voice for voice in self._of("reason") if not voice.is_gap])

    @property
    def takes_reasons(self) -> bool:
        return self.edition.was_ranked and not self.edition.is_drafting

    @property
    def shows_reasons(self) -> bool:
        """Whoever may not write sees no heading over nothing, once there is nothing to wait for."""
        return self.takes_reasons and bool(self.is_insider or self.reason_count or self.edition.is_open)

    # The rest

    @property
    def practices(self) -> list[Voice]:
        return self._of("practice")

    @property
    def questions(self) -> list[Voice]:
        """Those that nobody has answered first."""
        return sorted(self._of("question"), key=lambda voice: (bool(voice.answers), -voice.note.pk))

    @property
    def others(self) -> list[Voice]:
        return self._of("note")

    @property
    def new_count(self) -> int:
        return sum(
            1 for voice in self._threads for each in (voice, *voice.answers) if each.is_new and each.note.is_standing
        )

    @cached_property
    def sections(self) -> list[Section]:
        """Those that hold something."""
        sections = [
            self._section("practices", "What worked", self.practices),
            self._section("questions", "Questions", self.questions),
            self._section("remarks", "Notes", self.others),
        ]
        return [section for section in sections if section.voices]

    def _section(self, id: str, heading: str, voices: list[Voice]) -> Section:
        numbers = {str(each.note.pk) for voice in voices for each in (voice, *voice.answers)}
        shows_all = self.whole and (self.whole == id or self.whole in numbers)
        return Section(id, heading, voices, voices if shows_all else voices[:SHOWN])
