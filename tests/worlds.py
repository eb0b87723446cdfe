"""The small network that most tests begin with, and functions that make more of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from django.db import connection
from django.utils import timezone

from members.models import NOTICE_VERSION, Government, User
from mixportal.ballots.models import Ballot, Placement
from mixportal.demo.people import set_voter_since
from mixportal.editions.models import AnnualList, Edition, Entry, Kind, database_now, slug_for
from mixportal.results.models import Tally
from mixportal.results.publishing import publish

PRIORITIES = (
    "Cybersecurity", "Workforce", "Data", "Governance", "Social Media",
    "Technology Infrastructure", "Emergency Communications", "Citizen Engagement",
)  # fmt: skip


# voters of the tests have agreed to the privacy notice, but where a test is about that
CONSENTED = {"consented_at": datetime(2026, 11, 22, 12, tzinfo=UTC), "consent_version": NOTICE_VERSION}


LONG_AGO = datetime(2020, 1, 6, 9, tzinfo=UTC)

CHALLENGES = ("Shadow IT", "IT Governance", "Expanding Portfolios")


TITLES = {Kind.PRIORITIES: PRIORITIES, Kind.CHALLENGES: CHALLENGES}


def make_government(name: str, seat: int | None, **facts) -> Government:
    facts = {"kind": "city", "state": "AZ", "population": 300_000, "population_year": 2025} | facts
    return Government.objects.create(name=name, seat=seat, **{"slug": slug_for(name)} | facts)


def make_edition(year: int, **facts) -> Edition:
    """An edition in drafting with both lists, the mail about its opening read."""
    edition = Edition.objects.create(year=year, **{"mail_previewed_at": database_now()} | facts)
    for kind, titles in TITLES.items():
        edition.list_of(kind).add_entries(
            Entry(
                title=title,
                slug=slug_for(title),
                description=f"What {title} means to a CIO.",
                in_plain_words=f"{title} in plain words. And more.",
                position=position,
            )
            for position, title in enumerate(titles, start=1)
        )
    return edition


def open_edition(edition: Edition, **left) -> Edition:
    """Open a draft now. Windows never overlap, so an edition that is open steps aside until `closed()` ends this one."""
    aside = [(other, other.closes_at) for other in Edition.objects.open()]
    for other, _ in aside:
        write_window(other, None, None)
    edition.mark_mail_read()
    edition.open_now(closes_at=database_now() + timedelta(**(left or {"days": 9})))
    opened = Edition.objects.get(pk=edition.pk)
    opened.aside = aside
    return opened


def write_window(edition: Edition, opens_at: datetime | None, closes_at: datetime | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no trigger runs
        cursor.execute(
            "UPDATE editions_edition SET opens_at = %s, closes_at = %s WHERE id = %s", [opens_at, closes_at, edition.pk]
        )
        cursor.execute("SET session_replication_role = DEFAULT")


def make_world() -> SimpleNamespace:
    port = make_government("Port Merrow County", 1, kind="county", state="NC")
    halloran = make_government("Halloran County", 2, kind="county", state="OH")
    people = {
        "member_a": User.objects.create_user(
            "rosa@port.example", name="Rosa Delgado", role="member", government=port, **CONSENTED
        ),
        "delegate_a": User.objects.create_user(
            "ines@port.example", name="Ines Marchetti", role="delegate", government=port, **CONSENTED
        ),
        "leader_a": User.objects.create_user("mayor@port.example", name="Lee Park", role="leader", government=port),
        "member_b": User.objects.create_user(
            "ben@halloran.example", name="Ben Nakamura", role="member", government=halloran, **CONSENTED
        ),
        "former": User.objects.create_user("old@port.example", name="Old Hand"),
        "curator": User.objects.create_superuser("curator@mix.example", name="Cora Curator"),
        "bare_staff": User.objects.create_user("staff@mix.example", name="Bare Staff", is_staff=True),
        "gone_curator": User.objects.create_superuser("gone@mix.example", name="Gone Curator", is_active=False),
    }
    set_voter_since(User.objects.all(), LONG_AGO)
    User.objects.update(seen_at=timezone.now())  # so that no first page that a test asks for notes a visit
    edition = open_edition(make_edition(2030))
    return SimpleNamespace(port=port, halloran=halloran, edition=edition, **people)


def rank(
    edition: Edition, user: User, *titles: str | tuple[str, ...], kind: Kind = Kind.PRIORITIES, action: str = "cast"
) -> Ballot:
    """A voter's ballot as the model records it: `titles` from the first place down, those of a tuple tied."""
    places = {
        slug_for(title): place
        for place, group in enumerate(titles, start=1)
        for title in (group if isinstance(group, tuple) else (group,))
    }
    annual_list = edition.list_of(kind)
    stored = annual_list.ballots.filter(government=user.government).first()
    return Ballot.record(
        annual_list=annual_list,
        government=user.government,
        user=user,
        places=places,
        version=stored.version if stored else 0,
        action=action,
    )


def cast_at_once(edition: Edition, kind: Kind, orders: dict[User, tuple[str, ...]]) -> None:
    """Many cast ballots by two statements, where how they came in is not what a test is about."""
    now = database_now()
    annual_list = edition.list_of(kind)
    cast = {"version": 1, "cast_at": now, "updated_at": now}
    ballots = Ballot.objects.bulk_create(
        Ballot(annual_list=annual_list, government=user.government, cast_by=user, updated_by=user, **cast)
        for user in orders
    )
    entries = {entry.title: entry for entry in annual_list.entries.in_order()}
    Placement.objects.bulk_create(
        Placement(ballot=stored, entry=entries[title], place=place, cast_place=place)
        for stored, titles in zip(ballots, orders.values(), strict=True)
        for place, title in enumerate(titles, start=1)
    )


def seat_governments(count: int, first_seat: int = 3) -> list[User]:
    """That many more seated governments; the member of each."""
    governments = Government.objects.bulk_create(
        Government(
            name=f"Town {seat:02}", slug=f"town-{seat:02}", seat=seat, kind="city", state="AZ",
            population=100_000 * seat, population_year=2025,
        )
        for seat in range(first_seat, first_seat + count)
    )  # fmt: skip
    members = User.objects.bulk_create(
        User(
            email=f"{government.slug}@town.example",
            name=f"CIO of {government}",
            role="member",
            government=government,
            seen_at=timezone.now(),
            **CONSENTED,
        )
        for government in governments
    )
    set_voter_since(User.objects.filter(government__in=governments), LONG_AGO)
    return members


def closed(edition: Edition) -> Edition:
    edition.close_now()
    for other, closes_at in getattr(edition, "aside", ()):
        write_window(other, database_now(), closes_at)
    return Edition.objects.get(pk=edition.pk)


def published(edition: Edition) -> Edition:
    publish(closed(edition))
    return Edition.objects.get(pk=edition.pk)


def make_phases(world: SimpleNamespace) -> dict[str, Edition]:
    editions = {
        "unranked": make_edition(2027),
        "published": make_edition(2028),
        "closed": make_edition(2029),
        "open": world.edition,
        "drafting": make_edition(2031),
    }
    publish(editions["unranked"])
    for phase, end in (("published", published), ("closed", closed)):
        edition = open_edition(editions[phase])
        cast_by_both(edition, world)
        end(edition)
    cast_by_both(world.edition, world)
    return {phase: Edition.objects.get(pk=edition.pk) for phase, edition in editions.items()}


def make_network(world: SimpleNamespace) -> dict[str, object]:
    members = seat_governments(24)
    Government.objects.filter(seat__range=(15, 26)).update(kind="county", state="NC", population=90_000)
    make_government("Lone Key", 60)
    counties = {each.pk for each in members[12:]}
    emergency = "Emergency Communications"
    first = [title for title in PRIORITIES if title != emergency]
    orders = {}
    for number, member in enumerate(members[1:]):
        turned = (*first[number % 3 :], *first[: number % 3])
        orders[member] = (emergency, *turned) if member.pk in counties else (*turned, emergency)
    cast_at_once(world.edition, Kind.PRIORITIES, orders)
    cast_at_once(world.edition, Kind.CHALLENGES, dict.fromkeys(members, CHALLENGES))
    rank(world.edition, members[0], tuple(PRIORITIES))
    rank(world.edition, world.member_a, *PRIORITIES[::-1])
    rank(world.edition, world.member_b, "Data", ("Workforce", "Governance"), "Social Media")
    edition = closed(world.edition)
    for annual_list in AnnualList.objects.filter(edition=edition):
        Tally.objects.get_or_compute(annual_list)
    return {"members": members, "edition": edition}


def cast_by_both(edition: Edition, world: SimpleNamespace) -> None:
    for kind, titles in TITLES.items():
        cast_at_once(edition, kind, {world.member_a: titles, world.member_b: titles[::-1]})


def entry_of(year: int = 2030, slug: str = "data", kind: Kind = Kind.PRIORITIES) -> Entry:
    return AnnualList.objects.for_year(year, kind).entries.get(slug=slug)
