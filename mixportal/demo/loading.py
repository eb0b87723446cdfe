from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pghistory
import pgtrigger
from django.db import transaction

from members.models import User
from mixportal.announcements.mails import announce_opening
from mixportal.demo.ballots import Network, enter_past_ballots, enter_present_ballots
from mixportal.demo.hindrances import enter_hindrances
from mixportal.demo.investments import enter_investments
from mixportal.demo.models import Marker, migrations_digest
from mixportal.demo.notes import enter_notes
from mixportal.demo.people import (
    EASTERN,
    REAL_DATA,
    enter_governments_and_people,
    enter_invitations,
    enter_real_governments_and_offices,
    enter_shares,
    give_contacts,
)
from mixportal.demo.proposals import enter_proposals
from mixportal.demo.world import DATA, build_world
from mixportal.editions.list_import import ListImport
from mixportal.editions.models import Edition, Entry, Erratum, Line, Lineage, database_now
from mixportal.mail.models import Mail
from mixportal.results.models import Tally
from mixportal.trends.models import OutsideList
from mixportal.trends.outside_import import OutsideImport

REASON = "demonstration"
SEED = 1
CLOSES_IN = timedelta(days=9)
OPEN_SINCE = timedelta(days=21)

REAL_YEAR, OPEN_YEAR = 2018, 2026
WINDOWS = {
    2024: (datetime(2024, 6, 3, 9, tzinfo=EASTERN), datetime(2024, 6, 28, 17, tzinfo=EASTERN)),
    2025: (datetime(2025, 6, 2, 9, tzinfo=EASTERN), datetime(2025, 6, 27, 17, tzinfo=EASTERN)),
}
PUBLISHED = {
    2018: datetime(2018, 12, 3, 12, tzinfo=ZoneInfo("America/Phoenix")),
    2024: datetime(2024, 7, 15, 9, tzinfo=EASTERN),
    2025: datetime(2025, 7, 14, 9, tzinfo=EASTERN),
}


CORRECTED = "Emergency Communications"
CORRECTED_BECAUSE = "The description left out schools, which the members meant from the beginning."
ADDED_BY_CORRECTION = " Schools are meant as well."
ERRATUM = (
    "Conference",
    "The printed handout names a hotel. The conference is held in the municipal auditorium of Hartwell Springs.",
)


@dataclass(frozen=True)
class EditionText:
    introduction: str
    conference_place: str
    conference_from: date
    conference_to: date
    time_zone: str = "America/New_York"


EDITION_TEXTS = {
    2018: EditionText(
        "Made by the members of MIX at their conference in Scottsdale and given out in editorial order. Not ranked.",
        "Scottsdale, Ariz.",
        date(2018, 9, 23),
        date(2018, 9, 27),
        "America/Phoenix",
    ),
    2024: EditionText(
        "The first list that governments ranked, each by itself, seeing nobody else’s order.",
        "Alder Falls, Wash.",
        date(2024, 9, 15),
        date(2024, 9, 18),
    ),
    2025: EditionText(
        "Ranked a second time, so that a year can be held against the one before.",
        "Hartwell Springs, Tex.",
        date(2025, 9, 14),
        date(2025, 9, 17),
    ),
    2026: EditionText(
        "The titles of 2018, under new descriptions, ranked for the first time.",
        "Lindenport, Mich.",
        date(2026, 9, 13),
        date(2026, 9, 16),
    ),
    2027: EditionText(
        "A draft: members may still propose entries.",
        "Saint Aurelia, Ind.",
        date(2027, 9, 12),
        date(2027, 9, 15),
    ),
}


@transaction.atomic
def load(seed: int = SEED, closes_in: timedelta = CLOSES_IN) -> None:
    world = build_world()
    with pghistory.context(reason=REASON):
        Marker.objects.create(seed=seed, migrations=migrations_digest())
        enter_real_governments_and_offices()
        network = Network(world, enter_governments_and_people(world), seed)
    give_contacts(voter.people[0] for voter in network.voters.values())
    # Imports set their own reasons, outside the context.
    editions = {year: _draft(year, about) for year, about in EDITION_TEXTS.items()}
    with pghistory.context(reason=REASON):
        _lineage()
        _publish(editions[REAL_YEAR])
        for year, window in WINDOWS.items():
            _open(editions[year], *window)
            enter_past_ballots(editions[year], network)
            enter_hindrances(editions[year], network, window[1] - timedelta(hours=6))
            _publish(editions[year])
        now = database_now()
        _open(editions[OPEN_YEAR], now - OPEN_SINCE, now + closes_in)
        enter_present_ballots(editions[OPEN_YEAR], network, now)
        enter_proposals(editions, network.voters, User.objects.get(email=world.curator.email), now)
        enter_hindrances(editions[OPEN_YEAR], network, now - timedelta(hours=3))
        enter_investments(editions[OPEN_YEAR - 1], network, PUBLISHED[OPEN_YEAR - 1])
        enter_investments(editions[OPEN_YEAR], network, now - timedelta(hours=2))
        enter_notes(editions, network, now)
        enter_invitations(world, now)
        enter_shares(world, editions[OPEN_YEAR - 1], now)
        _enter_outside_lists(PUBLISHED[OPEN_YEAR - 1])
        announce_opening(Edition.objects.get(year=OPEN_YEAR))
        Mail.objects.update(created_at=now - OPEN_SINCE, due_at=now - OPEN_SINCE)
        _add_erratum(editions[2025], User.objects.get(email=world.curator.email))
    _add_correction(editions[OPEN_YEAR])


def move_close(closes_in: timedelta) -> datetime | None:
    with transaction.atomic():
        edition = Edition.objects.select_for_update().get(year=OPEN_YEAR)
        now = database_now()
        if edition.closes_at is None or edition.closes_at <= now:
            return None
        edition.closes_at = now + closes_in
        with pgtrigger.ignore("editions.Edition:never_reopens"):
            edition.save(update_fields=["closes_at"])
    return edition.closes_at


def _draft(year: int, about: EditionText) -> Edition:
    folder = REAL_DATA if year == REAL_YEAR else DATA
    ListImport(year, (folder / f"{year}.csv").read_text(encoding="utf-8")).apply(reason=f"the list of {year}")
    Edition.objects.filter(year=year).update(**vars(about))
    return Edition.objects.get(year=year)


def _open(edition: Edition, opens_at: datetime, closes_at: datetime) -> None:
    edition.opens_at, edition.closes_at, edition.mail_previewed_at = opens_at, closes_at, opens_at
    edition.save(update_fields=["opens_at", "closes_at", "mail_previewed_at"])


def _publish(edition: Edition) -> None:
    if edition.was_ranked:
        for annual_list in edition.lists.in_order():
            Tally.objects.get_or_compute(annual_list)
    edition.published_at = PUBLISHED[edition.year]
    edition.save(update_fields=["published_at"])


def _lineage() -> None:
    """Keep the entry with the same title, or else the first."""
    with (DATA / "lineage.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in sorted(rows, key=_lineage_sort_key):
        later, earlier = _entry(row, "later"), _entry(row, "earlier")
        if later.line_id == earlier.line_id:
            continue
        is_taken = Entry.objects.filter(line=earlier.line_id, annual_list=later.annual_list_id).exists()
        if is_taken or later.earlier_on_line().exists():
            Lineage.objects.create(later=later, earlier=earlier, type=row["type"])
        else:
            Entry.objects.filter(line=later.line_id).update(line=earlier.line_id)
    Line.objects.filter(entries__isnull=True, outside_items__isnull=True).delete()


def _lineage_sort_key(row: dict[str, str]) -> tuple[str, bool, bool]:
    is_branch = row["type"] in ("merged", "split")
    return row["later_year"], is_branch, row["later_title"] != row["earlier_title"]


def _entry(row: dict[str, str], end: str) -> Entry:
    return Entry.objects.select_related("annual_list__edition").get(
        annual_list__kind=row["kind"],
        annual_list__edition__year=row[f"{end}_year"],
        title=row[f"{end}_title"],
    )


def _enter_outside_lists(published_at: datetime) -> None:
    OutsideImport((DATA / "outside.csv").read_text(encoding="utf-8")).apply(reason=REASON)
    OutsideList.objects.update(published_at=published_at)


def _add_correction(edition: Edition) -> None:
    entry = Entry.objects.with_list().get(annual_list__edition=edition, title=CORRECTED)
    entry.correct(reason=CORRECTED_BECAUSE, description=entry.description.rstrip() + ADDED_BY_CORRECTION)


def _add_erratum(edition: Edition, curator: User) -> None:
    assert edition.published_at
    about, body = ERRATUM
    Erratum.objects.create(
        edition=edition,
        about=about,
        body=body,
        added_by=curator,
        added_at=edition.published_at + timedelta(days=7),
    )
