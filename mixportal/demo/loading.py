import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pghistory
import pgtrigger
from django.db import transaction

from mixportal.announcements.mails import announce_opening
from mixportal.demo.answers import enter_hindrances, enter_investments
from mixportal.demo.ballots import Network, enter_past_ballots, enter_present_ballots
from mixportal.demo.models import Marker, migrations_digest
from mixportal.demo.notes import enter_notes
from mixportal.demo.people import (
    REAL_DATA,
    enter_governments_and_people,
    enter_invitations,
    enter_real_governments_and_offices,
    enter_shares,
)
from mixportal.demo.world import DATA, EASTERN, A, World, build_world, rows_of
from mixportal.editions.list_import import ListImport
from mixportal.editions.models import Edition, Entry, Erratum, Line, Lineage, database_now, slug_for
from mixportal.mail.models import Mail
from mixportal.proposals.models import Proposal, Support
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


@transaction.atomic
def load(seed: int = SEED, closes_in: timedelta = CLOSES_IN) -> None:
    world = build_world()
    network = Network(world, seed)
    with pghistory.context(reason=REASON):
        Marker.objects.create(seed=seed, migrations=migrations_digest())
        enter_real_governments_and_offices()
        enter_governments_and_people(world)
    # Imports set their own reasons, outside the context.
    editions = {int(row["year"]): _draft(row) for row in rows_of(DATA / "editions.csv")}
    last, opened = editions[OPEN_YEAR - 1], editions[OPEN_YEAR]
    with pghistory.context(reason=REASON):
        _lineage()
        _publish(editions[REAL_YEAR])
        for year, window in WINDOWS.items():
            _open(editions[year], *window)
            enter_past_ballots(editions[year], network)
            enter_hindrances(editions[year], network, window[1] - timedelta(hours=6))
            _publish(editions[year])
        now = database_now()
        _open(opened, now - OPEN_SINCE, now + closes_in)
        enter_present_ballots(opened, network, now)
        _enter_proposals(editions[OPEN_YEAR + 1], world, now)
        enter_hindrances(opened, network, now - timedelta(hours=3))
        enter_investments(last, network, PUBLISHED[last.year])
        enter_investments(opened, network, now - timedelta(hours=2))
        enter_notes(world, now)
        enter_invitations(world.seats[A], now)
        enter_shares(world.seats[A], last, now)
        OutsideImport((DATA / "outside.csv").read_text(encoding="utf-8")).apply(reason=REASON)
        OutsideList.objects.update(published_at=PUBLISHED[last.year])
        announce_opening(Edition.objects.get(year=OPEN_YEAR))
        Mail.objects.update(created_at=now - OPEN_SINCE, due_at=now - OPEN_SINCE)
        Erratum.objects.create(
            edition=last,
            about="Conference",
            body="The printed handout names a hotel. The conference is held in the municipal auditorium of Hartwell "
            "Springs.",
            added_by=world.curator,
            added_at=PUBLISHED[last.year] + timedelta(days=7),
        )
    corrected = Entry.objects.with_list().get(annual_list__edition=opened, title="Emergency Communications")
    corrected.correct(
        reason="The description left out schools, which the members meant from the beginning.",
        description=f"{corrected.description.rstrip()} Schools are meant as well.",
    )


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


def _draft(row: Mapping[str, str]) -> Edition:
    year = int(row["year"])
    folder = REAL_DATA if year == REAL_YEAR else DATA
    ListImport(year, (folder / f"{year}.csv").read_text(encoding="utf-8")).apply(reason=f"the list of {year}")
    Edition.objects.filter(year=year).update(**row)
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
    for row in rows_of(DATA / "lineage.csv"):
        later, earlier = (
            Entry.objects.get(
                annual_list__kind=row["kind"],
                annual_list__edition__year=row[f"{end}_year"],
                title=row[f"{end}_title"],
            )
            for end in ("later", "earlier")
        )
        if later.line_id == earlier.line_id:
            continue
        is_taken = Entry.objects.filter(line=earlier.line_id, annual_list=later.annual_list_id).exists()
        if is_taken or later.earlier_on_line().exists():
            Lineage.objects.create(later=later, earlier=earlier, type=row["type"])
        else:
            Entry.objects.filter(line=later.line_id).update(line=earlier.line_id)
    Line.objects.filter(entries__isnull=True, outside_items__isnull=True).delete()


def _enter_proposals(edition: Edition, world: World, now: datetime) -> None:
    for row in json.loads((DATA / "proposals.json").read_text(encoding="utf-8")):
        annual_list, by, days_ago = edition.list_of(row["kind"]), world.seats[row["by"]], row["days_ago"]
        proposal = Proposal.objects.create(
            annual_list=annual_list,
            government=by.government,
            proposed_by=by.member,
            title=row["title"],
            description=row["description"],
            why=row["why"],
            proposed_at=now - timedelta(days=days_ago),
        )
        Support.objects.bulk_create(
            Support(
                proposal=proposal,
                government=world.seats[slug].government,
                supported_by=world.seats[slug].caster(number),
                reason=reason,
                supported_at=now - timedelta(days=days_ago * (1 - (number + 1) / (len(row["supports"]) + 1))),
            )
            for number, (slug, reason) in enumerate(row["supports"].items())
        )
        if "merged_into" in row:
            proposal.merge(annual_list.entries.get(slug=slug_for(row["merged_into"])), world.curator)
        elif "declined_because" in row:
            proposal.decline(row["declined_because"], world.curator)
