from dataclasses import dataclass
from datetime import datetime

from django.db.models import JSONField
from django.db.models.expressions import RawSQL

from members.models import Government, User
from mixportal.ballots.mails import VOTING
from mixportal.editions.models import Edition, Kind
from mixportal.results.models import Tally

# The ORM composes these slowly. Kinds that each government has cast, with the time of its cast before a moment:
CAST = """
    (SELECT jsonb_object_agg(government_id, kinds) FROM (
        SELECT ballot.government_id, jsonb_object_agg(list.kind, (
            SELECT event.cast_at FROM ballots_ballotevent event
            WHERE event.pgh_obj_id = ballot.id AND event.pgh_created_at <= %s
            ORDER BY event.pgh_id DESC LIMIT 1
        )) AS kinds
        FROM ballots_ballot ballot JOIN editions_annuallist list ON list.id = ballot.annual_list_id
        WHERE list.edition_id = %s AND ballot.cast_at IS NOT NULL
        GROUP BY ballot.government_id
    ) AS cast_ballots) -> members_government.id::text
"""
NEW_VOTERS = """
    (SELECT jsonb_object_agg(government_id, voters) FROM (
        SELECT government_id, jsonb_agg(
            jsonb_build_object('name', name, 'role', role, 'since', voter_since) ORDER BY voter_since
        ) AS voters
        FROM members_user
        WHERE is_active AND role = ANY(%s) AND voter_since >= %s AND voter_since < %s
        GROUP BY government_id
    ) AS new_voters) -> members_government.id::text
"""


@dataclass(frozen=True)
class NewVoter:
    government: Government
    name: str
    role: User.Role
    since: datetime


@dataclass(frozen=True)
class Seat:
    government: Government
    cast: list[bool]  # by Kind
    cast_since: frozenset[str] = frozenset()  # kinds

    @property
    def new_voters(self) -> list[NewVoter]:
        return [
            NewVoter(
                self.government,
                row["name"],
                User.Role(row["role"]),
                datetime.fromisoformat(row["since"]),
            )
            for row in getattr(self.government, "new_voters") or ()  # noqa: B009  annotated
        ]

    @property
    def is_complete(self) -> bool:
        return all(self.cast)


@dataclass(frozen=True)
class Turnout:
    seats: list[Seat]

    @property
    def totals(self) -> list[tuple[Kind, int]]:
        return [(kind, sum(seat.cast[n] for seat in self.seats)) for n, kind in enumerate(Kind)]

    @property
    def waiting(self) -> list[Seat]:
        return [seat for seat in self.seats if not seat.is_complete]

    @property
    def done(self) -> list[Seat]:
        return [seat for seat in self.seats if seat.is_complete]

    @property
    def new_voters(self) -> list[NewVoter]:
        return [voter for seat in self.seats for voter in seat.new_voters]


def turnout_of(edition: Edition, *, with_members: bool = False, since: datetime | None = None) -> Turnout | None:
    """Count the governments seated now or, after the close, those seated then."""
    if not edition.was_ranked or edition.is_drafting:
        return None
    during = [list(VOTING), edition.opens_at, edition.closes_at]
    new_voters = RawSQL(NEW_VOTERS, during, JSONField())  # noqa: S611
    governments = Government.objects.by_name().annotate(new_voters=new_voters)
    if with_members:
        governments = governments.with_member()
    if edition.is_open:
        cast = RawSQL(CAST, [since or edition.closes_at, edition.pk], JSONField())  # noqa: S611
        seats = []
        for government in governments.seated().annotate(cast=cast):
            before: dict[str, str | None] = getattr(government, "cast") or {}  # noqa: B009  annotated
            new = frozenset(kind for kind, cast_before in before.items() if cast_before is None)
            seats.append(Seat(government, [kind in before for kind in Kind], new))
        return Turnout(seats)
    lists = edition.lists.in_order().with_entry_counts()
    counted = [Tally.objects.get_or_compute(each).roster if each.total else [] for each in lists]
    rosters = [{row["id"]: row["cast"] for row in roster} for roster in counted]
    seated = governments.filter(pk__in={key for roster in rosters for key in roster})
    return Turnout([Seat(each, [roster.get(each.pk, False) for roster in rosters]) for each in seated])
