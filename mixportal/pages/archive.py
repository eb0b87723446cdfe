from collections.abc import Sequence
from datetime import datetime

from challenges.models import Hindrance
from members.models import Government, Viewer
from mixportal.editions.corrections import corrections_of
from mixportal.editions.lineage import EntryLineage, lineages_of
from mixportal.editions.models import AnnualList, Edition, Entry, Kind
from mixportal.notes.models import Note
from mixportal.proposals.models import Proposal
from mixportal.results.models import Tally
from mixportal.results.results import Results, results_for
from mixportal.results.turnout import turnout_of
from mixportal.tables.writer import csv_text
from priorities.models import Investment

OFFSET = "With the offset of the edition’s time zone."
FACTS = ("kind", "population", "form of government", "region", "it structure")


Table = tuple[str, Sequence[tuple[str, str]], Sequence[Sequence[object]]]  # name, columns with meanings, rows


def files_of(edition: Edition, user: Viewer) -> dict[str, str]:
    tables = tables_of(edition, user)
    about = [(f"{name}.csv", column, meaning) for name, columns, _ in tables for column, meaning in columns]
    tables.append(("columns", (("file", ""), ("column", ""), ("what it says", "")), about))
    return {
        f"mix-{edition.year}/{name}.csv": csv_text([column for column, _ in columns], rows)
        for name, columns, rows in tables
    }


def tables_of(edition: Edition, user: Viewer) -> list[Table]:
    tables = [_edition(edition), _turnout(edition), _errata(edition), _proposals(edition, user)]
    tables += [_investments(edition, user), _hindrances(edition, user)]
    for annual_list in edition.lists.in_order():
        kind = annual_list.words
        entries = list(annual_list.entries.in_order())
        tables += [
            _entries(annual_list, entries, user),
            _corrections(annual_list, entries),
            _notes(annual_list, user),
        ]
        if results := results_for(annual_list, user):
            tables += [_results(kind, results), _ballots(annual_list, entries, user)]
    return [table for table in tables if table is not None]


def _edition(edition: Edition) -> Table:
    columns = (
        ("year", "The edition’s year."),
        ("title", "The edition’s title, if it has one."),
        ("phase", "Drafting, open, closed or published, at the moment of the download."),
        ("ballots open", f"When. {OFFSET} Blank without a date."),
        ("ballots close", f"When. {OFFSET} Blank without a date."),
        ("close moved because", "The reason given when the close was moved last."),
        ("published", f"When. {OFFSET} Blank while it is not."),
        ("conference", "Where and when the conference is."),
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
    return ("edition", columns, [row])


def _at(edition: Edition, moment: datetime | None) -> str:
    return moment.astimezone(edition.zone).isoformat(sep=" ", timespec="minutes") if moment else ""


def _day(edition: Edition, moment: datetime) -> str:
    return moment.astimezone(edition.zone).date().isoformat()


def _entries(annual_list: AnnualList, entries: list[Entry], user: Viewer) -> Table:
    kind = annual_list.words
    columns = (
        ("position", "The editorial order, from 1."),
        ("title", f"The title of the {kind.singular}."),
        ("address", f"The last part of the {kind.singular}’s address in the portal."),
        ("short", "One line of at most 60 characters; blank if it is not written yet."),
        ("description", "What it means to a CIO."),
        ("in plain words", "What it means to leaders; blank if it is not written yet."),
        (kind.for_leaders_heading.lower(), "Further lines for leaders."),
        ("continues", "Which entries of earlier years, and how."),
    )
    lineages = lineages_of(entries, user)
    rows = [
        (
            entry.position, entry.title, entry.slug, entry.short, entry.description, entry.in_plain_words,
            entry.for_leaders, _origins(lineages[entry.pk]),
        )
        for entry in entries
    ]  # fmt: skip
    return (kind.value, columns, rows)


def _origins(lineage: EntryLineage) -> str:
    return "; ".join(f"{link.words} {link.earlier} ({link.earlier.edition})" for link in lineage.continues)


def _corrections(annual_list: AnnualList, entries: list[Entry]) -> Table:
    kind, edition = annual_list.words, annual_list.edition
    columns = (
        ("title", f"The title of the {kind.singular} whose wording was corrected."),
        ("date", "The day of the correction."),
        ("field", "Which text was corrected."),
        ("reason", "Why it was corrected."),
        ("before", "The words that the correction took away or kept, in order."),
        ("after", "The words as they read since the correction."),
    )
    rows = []
    for correction in corrections_of(entries):
        for change in correction.changes:
            before = "".join(piece.text for piece in change.pieces if piece.what != "added")
            after = "".join(piece.text for piece in change.pieces if piece.what != "taken")
            rows.append(
                (
                    correction.entry.title,
                    _day(edition, correction.at),
                    change.field,
                    correction.reason,
                    before,
                    after,
                )
            )
    return (f"{kind.value}-corrections", columns, rows)


def _turnout(edition: Edition) -> Table | None:
    turnout = turnout_of(edition)
    if turnout is None:
        return None
    columns = [("government", "One that is seated now, or after the close, one that was seated at the close.")]
    columns += [(fact, "As the government’s record says today.") for fact in FACTS]
    columns += [(f"cast {kind.plural}", "Whether its ballot is cast: yes or no.") for kind in Kind]
    rows = [
        [seat.government.name, *_facts(seat.government), *("yes" if cast else "no" for cast in seat.cast)]
        for seat in turnout.seats
    ]
    return ("turnout", columns, rows)


def _facts(government: Government) -> list[str]:
    band = government.population_band
    facts = (
        government.get_kind_display(),
        band.label if band else "",
        government.get_form_of_government_display(),
        government.region.label,
        government.get_it_structure_display(),
    )
    return [fact or "not known" for fact in facts]


def _results(kind: Kind, results: Results) -> Table:
    columns = (
        ("place", "1 and the number of entries with a lower average place."),
        ("joint", "Yes where another entry has the same average."),
        ("title", f"The title of the {kind.singular}."),
        (
            "average place",
            "Over all ballots that order something; unranked entries share the places left.",
        ),
        ("from", "The best place in 95 of 100 repeat counts."),
        ("to", "The worst place in 95 of 100 repeat counts."),
        ("in the top three of", "How many ballots put it third or better; a tie for 3rd and 4th is 3.5."),
        ("ranked by", "How many ballots rank it at all."),
        ("ballots", "How many ballots order something."),
        ("agreement", "Agreed, mixed or divided; “few ranked it” where that cannot be said."),
        ("count", "The number of the count: 1, or more where the ballots were counted again."),
    )
    rows = [
        (
            row.place, "yes" if row.joint else "no", row.entry.title, row.average, row.low, row.high,
            row.top3_count.figure, row.ranked_by_count.figure, results.used, row.word_or_few, results.tally.number,
        )
        for row in results.rows
    ]  # fmt: skip
    return (f"{kind.value}-results", columns, rows if results.is_counted else [])


def _ballots(annual_list: AnnualList, entries: list[Entry], user: Viewer) -> Table:
    columns = [("government", "The government whose ballot it is. These are the ballots that count.")]
    columns += [
        (entry.title, "The place that the government gave it; blank is below all that it ranked.") for entry in entries
    ]
    slugs = [entry.slug for entry in entries]
    ballots = Tally.objects.counted_ballots(annual_list, user)
    rows = [[ballot.government.name, *map(ballot.counted.get, slugs)] for ballot in ballots]
    return (f"{annual_list.kind}-ballots", columns, rows)


def _notes(annual_list: AnnualList, user: Viewer) -> Table:
    kind, edition = annual_list.words, annual_list.edition
    columns = (
        ("title", f"The title of the {kind.singular} that the note is on."),
        ("government", "The government that wrote it; “a curator” for an answer of the curators."),
        ("kind", "Reason, practice, question or note."),
        ("text", "The note in Markdown, as it was written."),
        ("audience", "Who may read the note."),
        ("answers", "The government whose note it answers; blank for a note of its own."),
        ("written", f"When. {OFFSET}"),
        ("edited", f"When it was last edited. {OFFSET} Blank where it never was."),
    )
    notes = Note.objects.visible_to(user).active().filter(entry__annual_list=annual_list)
    notes = notes.select_related("entry", "government", "reply_to__government")
    rows = [
        (
            note.about, str(note.government or "a curator"), note.get_kind_display(), note.body,
            note.get_audience_display(), str(note.reply_to.government) if note.reply_to else "",
            _at(edition, note.created_at), _at(edition, note.edited_at),
        )
        for note in notes.order_by("entry__position", "created_at", "pk")
    ]  # fmt: skip
    return (f"{kind.value}-notes", columns, rows)


def _errata(edition: Edition) -> Table:
    columns = (
        ("date", "The day on which the erratum was added."),
        ("about", "What the erratum puts right."),
        ("erratum", "What is right."),
        ("added by", "The curator who added it."),
    )
    errata = edition.errata.select_related("added_by")
    rows = [(_day(edition, each.added_at), each.about, each.body, each.added_by.name) for each in errata]
    return ("errata", columns, rows)


def _proposals(edition: Edition, user: Viewer) -> Table:
    columns = (
        ("list", "Priorities or challenges."),
        ("title", "The title that was proposed."),
        ("description", "What it means, as it was proposed."),
        ("why", "Why it belongs on the list; blank where the government gave no reason."),
        ("government", "The government that proposed it."),
        ("proposed", f"When. {OFFSET}"),
        ("status", "Waiting, on the list, accepted, merged or declined."),
        ("declined because", "The curators’ reason; blank where it was not declined."),
        ("supported by", "The other governments that support it."),
    )
    proposals = Proposal.objects.visible_to(user).for_edition(edition).with_support()
    rows = [
        (
            each.kind.plural, each.title, each.description, each.why, each.government.name,
            _at(edition, each.proposed_at), each.status, each.declined_because,
            "; ".join(support.government.name for support in each.supports.all()),
        )
        for each in proposals.order_by("-annual_list__kind", "proposed_at", "pk")
    ]  # fmt: skip
    return ("proposals", columns, rows)


def _investments(edition: Edition, user: Viewer) -> Table:
    columns = (
        ("government", "The government that tells of it."),
        ("priority", "The title of the priority."),
        ("status", "In place, under way, planned or not planned."),
        ("cost", "The band of its cost."),
        ("staff", "How many people work on it, in full-time positions; blank where it is not stated."),
        ("from year", "The year in which it begins; blank where it is not stated."),
        ("to year", "The year in which it ends; blank where it is not stated."),
        ("audience", "Who may read about it."),
        ("summary", "What the government says about it."),
    )
    investments = Investment.objects.visible_to(user).for_edition(edition).select_related("government", "priority")
    rows = [
        (
            each.government.name, each.priority.title, each.get_status_display(), each.get_cost_display(), each.staff,
            each.from_year, each.to_year, each.get_audience_display(), each.summary,
        )
        for each in investments.order_by("priority__position", "government__name", "pk")
    ]  # fmt: skip
    return ("investments", columns, rows)


def _hindrances(edition: Edition, user: Viewer) -> Table:
    columns = (
        ("government", "The government that says so. One that marked nothing has no row."),
        ("challenge", "The title of a challenge."),
        ("priority", "The title of the priority that the challenge hinders."),
    )
    visible = Hindrance.objects.visible_to(user).filter(response__edition=edition)
    ordered = visible.order_by("response__government__name", "challenge__position", "priority__position")
    rows = list(ordered.values_list("response__government__name", "challenge__title", "priority__title"))
    return ("hindrances", columns, rows)
