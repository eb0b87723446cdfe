"""In data/notes.csv, `by` is a slug, or "high" or "low" for one that ranked the entry so."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from members.models import User
from mixportal.ballots.models import Placement
from mixportal.demo.world import DATA, A, Seat, World, rows_of
from mixportal.editions.models import Entry
from mixportal.notes.models import Endorsement, Mention, Note

LAST_VISIT = timedelta(days=11)
BEFORE_CLOSE, AFTER_CLOSE, BEFORE_NOW = timedelta(hours=53), timedelta(hours=61), timedelta(hours=19)

Row = dict[str, str]


def enter_notes(world: World, now: datetime) -> None:
    NoteWriter(world, now).enter(rows_of(DATA / "notes.csv"))
    User.objects.filter(pk=world.seats[A].member.pk).update(seen_at=now - LAST_VISIT)


class NoteWriter:
    def __init__(self, world: World, now: datetime) -> None:
        self.world, self.now = world, now
        entries = Entry.objects.with_list()
        self.entries = {(str(entry.edition.year), entry.annual_list.kind, entry.title): entry for entry in entries}
        self.giving: defaultdict[Entry, set[str]] = defaultdict(set)
        self.sides: dict[tuple[Entry, str], Iterator[str]] = {}

    def enter(self, rows: list[Row]) -> None:
        for row in rows:
            if row["type"] == "reason" and row["by"] in self.world.seats:
                self.giving[self._entry(row)].add(row["by"])
        known: dict[str, Note] = {}
        for answers in (False, True):
            chosen = [row for row in rows if bool(row["reply_to"]) is answers]
            notes = Note.objects.bulk_create(self._note(row, number, known) for number, row in enumerate(chosen))
            known |= {row["id"]: note for row, note in zip(chosen, notes, strict=True)}
            for number, (row, note) in enumerate(zip(chosen, notes, strict=True)):
                self._endorse(note, number, int(row["same"]))
                self._mention(note)

    def _entry(self, row: Row) -> Entry:
        return self.entries[row["year"], row["kind"], row["title"]]

    def _note(self, row: Row, number: int, known: dict[str, Note]) -> Note:
        entry, parent = self._entry(row), known.get(row["reply_to"])
        seat = self._seat(row, entry)
        at = parent.created_at + timedelta(hours=30 + number % 9) if parent else self._when(row, entry, number)
        return Note(
            entry=entry,
            about=entry.title,
            version=1,
            government=seat.government,
            author=seat.voters[number % len(seat.voters)],
            kind=row["type"],
            body=row["body"],
            audience=row["audience"],
            reply_to=parent,
            created_at=min(at, self.now - timedelta(minutes=number)),
            hidden_at=at + timedelta(days=1) if row["hidden"] else None,
            hidden_by=self.world.curator if row["hidden"] else None,
            hidden_reason=row["hidden"],
        )

    def _when(self, row: Row, entry: Entry, number: int) -> datetime:
        edition = entry.edition
        if edition.is_open:
            return self.now - BEFORE_NOW - timedelta(hours=7 * (number % 40))
        if row["type"] == "reason" and edition.closes_at:
            return edition.closes_at - BEFORE_CLOSE - timedelta(hours=11 * (number % 30))
        return (edition.published_at or self.now) + AFTER_CLOSE * (1 + number % 60)

    def _seat(self, row: Row, entry: Entry) -> Seat:
        slug = row["by"]
        if slug not in self.world.seats:
            side = self.sides.setdefault((entry, slug), self._by_place(entry, downward=slug == "high"))
            slug = next(each for each in side if each not in self.giving[entry])
            self.giving[entry].add(slug)
        return self.world.seats[slug]

    def _by_place(self, entry: Entry, *, downward: bool) -> Iterator[str]:
        placed = Placement.objects.filter(entry=entry, cast_place__isnull=False, ballot__cast_at__isnull=False)
        placed = placed.order_by("cast_place" if downward else "-cast_place", "ballot__government__seat")
        return placed.values_list("ballot__government__slug", flat=True).iterator()

    def _endorse(self, note: Note, number: int, count: int) -> None:
        others = [seat for seat in self.world.seats.values() if seat.government.pk != note.government_id]
        turned = others[number * 5 % len(others) :] + others
        Endorsement.objects.bulk_create(
            Endorsement(note=note, government=seat.government, endorsed_by=seat.member) for seat in turned[:count]
        )

    def _mention(self, note: Note) -> None:
        Mention.objects.bulk_create(
            Mention(note=note, government=seat.government)
            for slug, seat in self.world.seats.items()
            if f"@{slug}" in note.body
        )
