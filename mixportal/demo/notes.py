"""In data/notes.csv, `by` is a slug, or "high" or "low" for one that ranked the entry so."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime, timedelta

from members.models import User
from mixportal.ballots.models import Placement
from mixportal.demo.ballots import Network, Voter
from mixportal.demo.world import DATA
from mixportal.editions.models import Edition, Entry
from mixportal.notes.models import Endorsement, Mention, Note

LAST_VISIT = timedelta(days=11)
BEFORE_CLOSE, AFTER_CLOSE, BEFORE_NOW = (
    timedelta(hours=53),
    timedelta(hours=61),
    timedelta(hours=19),
)


def enter_notes(editions: dict[int, Edition], network: Network, now: datetime) -> None:
    with (DATA / "notes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    NoteWriter(editions, network, now).enter(rows)
    first = network.voters[network.world.government_a.slug].people[0]
    User.objects.filter(pk=first.pk).update(seen_at=now - LAST_VISIT)


class NoteWriter:
    def __init__(self, editions: dict[int, Edition], network: Network, now: datetime) -> None:
        self.editions, self.network, self.now = editions, network, now
        self.curator = User.objects.get(email=network.world.curator.email)
        entries = Entry.objects.select_related("annual_list__edition")
        self.entries = {(entry.edition.year, entry.annual_list.kind, entry.title): entry for entry in entries}
        self.giving: dict[int, set[int]] = {}  # by entry
        self.sides: dict[tuple[int, str], Iterator[int]] = {}

    def enter(self, rows: list[dict[str, str]]) -> None:
        for row in rows:
            if row["type"] == "reason" and row["by"] not in ("high", "low"):
                voter = self.network.voters[row["by"]]
                self.giving.setdefault(self._entry(row).pk, set()).add(voter.government.pk)
        known: dict[str, Note] = {}
        for answers in (False, True):
            chosen = [row for row in rows if bool(row["reply_to"]) is answers]
            notes = Note.objects.bulk_create(self._note(row, number, known) for number, row in enumerate(chosen))
            known |= {row["id"]: note for row, note in zip(chosen, notes, strict=True) if row["id"]}
            self._endorse([(note, int(row["same"])) for row, note in zip(chosen, notes, strict=True)])
            self._mention(notes)

    def _entry(self, row: dict[str, str]) -> Entry:
        return self.entries[int(row["year"]), row["kind"], row["title"]]

    def _note(self, row: dict[str, str], number: int, known: dict[str, Note]) -> Note:
        entry, parent = self._entry(row), known.get(row["reply_to"])
        voter = self._voter(row, entry)
        at = parent.created_at + timedelta(hours=30 + number % 9) if parent else self._when(row, entry, number)
        return Note(
            entry=entry,
            about=entry.title,
            version=1,
            government=voter.government,
            author=voter.people[number % len(voter.people)],
            kind=row["type"],
            body=row["body"],
            audience=row["audience"],
            reply_to=parent,
            created_at=min(at, self.now - timedelta(minutes=number)),
            hidden_at=at + timedelta(days=1) if row["hidden"] else None,
            hidden_by=self.curator if row["hidden"] else None,
            hidden_reason=row["hidden"],
        )

    def _when(self, row: dict[str, str], entry: Entry, number: int) -> datetime:
        edition = self.editions[int(row["year"])]
        if edition.is_open:
            return self.now - BEFORE_NOW - timedelta(hours=7 * (number % 40))
        if row["type"] == "reason" and edition.closes_at:
            return edition.closes_at - BEFORE_CLOSE - timedelta(hours=11 * (number % 30))
        return (edition.published_at or self.now) + AFTER_CLOSE * (1 + number % 60)

    def _voter(self, row: dict[str, str], entry: Entry) -> Voter:
        if row["by"] not in ("high", "low"):
            return self.network.voters[row["by"]]
        key = (entry.pk, row["by"])
        if key not in self.sides:
            self.sides[key] = iter(self._by_place(entry, downward=row["by"] == "high"))
        government = next(pk for pk in self.sides[key] if pk not in self.giving.setdefault(entry.pk, set()))
        self.giving[entry.pk].add(government)
        return next(voter for voter in self.network.voters.values() if voter.government.pk == government)

    def _by_place(self, entry: Entry, *, downward: bool) -> list[int]:
        placed = Placement.objects.filter(entry=entry, cast_place__isnull=False, ballot__cast_at__isnull=False)
        placed = placed.order_by("cast_place" if downward else "-cast_place", "ballot__government__seat")
        return list(placed.values_list("ballot__government", flat=True))

    def _endorse(self, wanted: list[tuple[Note, int]]) -> None:
        voters = list(self.network.voters.values())
        rows = []
        for number, (note, count) in enumerate(wanted):
            others = [voter for voter in voters if voter.government.pk != note.government_id]
            turned = others[number * 5 % len(others) :] + others
            rows += [Endorsement(note=note, government=v.government, endorsed_by=v.people[0]) for v in turned[:count]]
        Endorsement.objects.bulk_create(rows)

    def _mention(self, notes: list[Note]) -> None:
        Mention.objects.bulk_create(
            Mention(note=note, government=voter.government)
            for note in notes
            for slug, voter in self.network.voters.items()
            if f"@{slug}" in note.body
        )
