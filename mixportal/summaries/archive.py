"""The archive of a year for members: CSV files in words, not codes, every column explained, nothing that is sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from members.exports import csv_text
from mixportal.ballots.results import results_for
from mixportal.editions import kinds
from mixportal.editions.models import Edition
from mixportal.summaries.desk import SPLITS, turnout_of


@dataclass(frozen=True)
class Table:
    """A file of the archive. `columns` are (name, what it says)."""

    name: str
    columns: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[object]]


def files_of(edition: Edition, user: Any) -> dict[str, str]:
    """Return each file's text by its path in the archive: what the pages show to `user`, and what each column says."""
    tables = tables_of(edition, user)
    about = [(f"{table.name}.csv", column, meaning) for table in tables for column, meaning in table.columns]
    tables.append(Table("columns", (("file", ""), ("column", ""), ("what it says", "")), about))
    return {
        f"mix-{edition.year}/{table.name}.csv": csv_text([name for name, _ in table.columns], table.rows)
        for table in tables
    }


def tables_of(edition: Edition, user: Any) -> list[Table]:
    tables = [_edition(edition), _turnout(edition), _errata(edition)]
    for kind in kinds.registered():
        entries = list(kind.entry.objects.of(edition).prefetch_related("continues__earlier__edition"))
        tables += [_entries(kind, entries), _corrections(kind, entries), _notes(kind, edition, user)]
        if results := results_for(kind, edition, user):
            tables += [_results(kind, results), _ballots(kind, edition, entries, user)]
    return [table for table in tables if table is not None]


def _edition(edition: Edition) -> Table:
    columns = (
        ("year", "The edition’s year."),
        ("title", "Its title, if it has one."),
        ("phase", "Drafting, open, closed or published, at the moment of the download."),
        ("ballots open", "With the offset of the edition’s time zone; blank without a date."),
        ("ballots close", "Likewise."),
        ("close moved because", "The reason given when the close was moved last."),
        ("published", "Likewise; blank while it is not."),
        ("conference", "Where and when."),
        ("introduction", "The text that opens the edition’s page."),
    )
    conference = " ".join(
        str(each) for each in (edition.conference_place, edition.conference_from, edition.conference_to) if each
    )
    row = (
        edition.year, edition.title, edition.phase.value, _at(edition, edition.opens_at),
        _at(edition, edition.closes_at), edition.close_moved_because,
        _at(edition, edition.published_at), conference, edition.introduction,
    )  # fmt: skip
    return Table("edition", columns, [row])


def _at(edition: Edition, moment: datetime | None) -> str:
    return moment.astimezone(edition.zone).isoformat(sep=" ", timespec="minutes") if moment else ""


def _entries(kind: kinds.Kind, entries: list[Any]) -> Table:
    columns = (
        ("position", "The editorial order, from 1."),
        ("title", f"Of the {kind.singular}."),
        ("address", "The last part of its address in the portal."),
        ("description", "What it means to a CIO."),
        ("in plain words", "What it means to leaders; blank where nobody has written it."),
        (kind.more_title.lower(), "Further lines for leaders."),
        ("continues", "Which entries of earlier years, and how."),
    )
    rows = [
        (
            entry.position, entry.title, entry.slug, entry.description, entry.in_plain_words, entry.more,
            "; ".join(str(link) for link in entry.continues.all()),
        )
        for entry in entries
    ]  # fmt: skip
    return Table(kind.key, columns, rows)


def _corrections(kind: kinds.Kind, entries: list[Any]) -> Table:
    columns = (
        ("title", f"Of the {kind.singular} whose wording was corrected."),
        ("date", "When."),
        ("field", "Which text."),
        ("reason", "Why."),
        ("before", "The words that the correction took away or kept, in order."),
        ("after", "The words as they read since."),
    )
    rows = []
    for entry, correction in kind.entry.objects.with_corrections(entries):
        for change in correction.changes:
            before = "".join(piece.text for piece in change.pieces if piece.what != "added")
            after = "".join(piece.text for piece in change.pieces if piece.what != "taken")
            rows.append((entry.title, correction.at.date().isoformat(), change.field, correction.reason, before, after))
    return Table(f"{kind.key}-corrections", columns, rows)


def _turnout(edition: Edition) -> Table | None:
    turnout = turnout_of(edition)
    if turnout is None:
        return None
    columns = [("government", "Seated now while the ballots are open; afterwards, seated at the close.")]
    columns += [(title.lower(), "As the government’s record says today.") for title, _, _ in SPLITS]
    columns += [(f"cast {kind.plural}", "Whether its ballot is cast: yes or no.") for kind in turnout.kinds]
    rows = []
    for seat in turnout.seats:
        parts = [dict(names).get(part_of(seat.government), "not known") for _, names, part_of in SPLITS]
        rows.append([seat.government.name, *parts, *("yes" if cast else "no" for cast in seat.cast)])
    return Table("turnout", columns, rows)


def _results(kind: kinds.Kind, results: Any) -> Table:
    columns = (
        ("place", "1 and the number of entries with a lower average place."),
        ("joint", "Yes where another entry has the same average."),
        ("title", f"Of the {kind.singular}."),
        ("average place", "Over all ballots that order something; unranked entries share the places left."),
        ("from", "The best place in 95 of 100 repeat counts."),
        ("to", "The worst place in 95 of 100 repeat counts."),
        ("in the top three of", "How many ballots put it first to third."),
        ("ranked by", "How many ballots rank it at all."),
        ("ballots", "How many ballots order something."),
        ("agreement", "Agreed, mixed or divided; “few ranked it” where that cannot be said."),
        ("count", "1; a higher number where the ballots were counted again."),
    )
    rows = [
        (
            row.place, "yes" if row.joint else "no", row.entry.title, row.average, row.low, row.high, row.top3_figure,
            row.ranked_by, results.used, "few ranked it" if row.few_ranked else row.word, results.tally.number,
        )
        for row in results.rows
    ]  # fmt: skip
    return Table(f"{kind.key}-results", columns, rows if results.is_counted else [])


def _ballots(kind: kinds.Kind, edition: Edition, entries: list[Any], user: Any) -> Table:
    columns = [("government", "By name: the ballots that count, after the close.")]
    columns += [
        (entry.title, "The place that the government gave it; blank is below all that it ranked.") for entry in entries
    ]
    counts = {row["id"] for row in kind.tally.objects.of(edition).roster if row["cast"]}
    ballots = kind.ballot.objects.visible_to(user).filter(edition=edition, government__in=counts)
    rows = []
    for ballot in ballots.cast().with_placements().by_government():
        counted = ballot.counted
        rows.append([ballot.government.name, *(counted.get(entry.slug) for entry in entries)])
    return Table(f"{kind.key}-ballots", columns, rows)


def _notes(kind: kinds.Kind, edition: Edition, user: Any) -> Table:
    columns = (
        ("title", f"Of the {kind.singular} that the note is on."),
        ("government", "That wrote it."),
        ("kind", "Reason, practice, question or note."),
        ("text", "In Markdown, as it was written."),
        ("audience", "Who may read it."),
        ("answers", "The government whose note it answers; blank for a note of its own."),
        ("written", "With the offset of the edition’s time zone."),
        ("edited", "Likewise; blank where it never was."),
    )
    notes = kind.note.objects.visible_to(user).standing().filter(entry__edition=edition)
    notes = notes.select_related("entry", "government", "reply_to__government")
    rows = [
        (
            note.entry.title, note.government.name, note.get_kind_display(), note.body, note.get_audience_display(),
            note.reply_to.government.name if note.reply_to else "", _at(edition, note.created_at),
            _at(edition, note.edited_at),
        )
        for note in notes.order_by("entry__position", "created_at", "pk")
    ]  # fmt: skip
    return Table(f"{kind.key}-notes", columns, rows)


def _errata(edition: Edition) -> Table:
    columns = (
        ("date", "When it was added."),
        ("about", "What it puts right."),
        ("erratum", "What is right."),
        ("added by", "The curator."),
    )
    errata = edition.errata.select_related("added_by")
    rows = [(each.added_at.date().isoformat(), each.about, each.body, each.added_by.name) for each in errata]
    return Table("errata", columns, rows)
