from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from members.geography import Region
from members.models import Government, PopulationBand, User
from mixportal.ballots.mails import VOTING
from mixportal.ballots.models import Ballot
from mixportal.editions.models import Edition, Kind
from mixportal.results.models import Tally
from mixportal.tables.values import value_at


@dataclass(frozen=True)
class TurnoutSplit:
    title: str
    names: list[tuple[str, str]]
    attribute: str

    def part_of(self, government: Government) -> str:
        return getattr(government, self.attribute) or ""


SPLITS = (
    TurnoutSplit("Kind", list(Government.Kind.choices), "kind"),
    TurnoutSplit("Population", list(PopulationBand.choices), "population_band"),
    TurnoutSplit("Form of government", list(Government.Form.choices), "form_of_government"),
    TurnoutSplit("Region", [(region.value, region.label) for region in Region], "region"),
    TurnoutSplit("IT structure", list(Government.ITStructure.choices), "it_structure"),
)


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
            for row in getattr(self.government, "new_voters")  # noqa: B009  annotated
        ]

    @property
    def is_complete(self) -> bool:
        return all(self.cast)


@dataclass(frozen=True)
class TurnoutGroup:
    name: str
    of: int
    cast: list[int]  # by Kind


@dataclass(frozen=True)
class Turnout:
    seats: list[Seat]

    @property
    def kinds(self) -> list[Kind]:
        return list(Kind)

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

    @property
    def splits(self) -> list[tuple[str, list[TurnoutGroup]]]:
        found = []
        for split in SPLITS:
            parts = []
            for key, name in [*split.names, ("", "Not known")]:
                seats = [seat for seat in self.seats if split.part_of(seat.government) == key]
                if seats:
                    cast = [sum(seat.cast[n] for seat in seats) for n in range(len(Kind))]
                    parts.append(TurnoutGroup(name, len(seats), cast))
            found.append((split.title, parts))
        return found


def turnout_of(edition: Edition, *, with_members: bool = False, since: datetime | None = None) -> Turnout | None:
    """Count the governments seated now or, after the close, those seated then."""
    if not edition.was_ranked or edition.is_drafting:
        return None
    if edition.is_open:
        cast = Ballot.objects.cast().filter(annual_list__edition=edition, government=OuterRef("pk"))
        before = value_at(Ballot.pgh_event_model, "cast_at", since) if since else "cast_at"
        ballots = {"ballots_cast": ArraySubquery(cast.values(row=JSONObject(kind="annual_list__kind", before=before)))}
        seated = Government.objects.seated().by_name().annotate(**ballots, **_new_voters(edition))
        if with_members:
            seated = seated.with_member()
        seats = []
        for government in seated:
            ballots_cast = getattr(government, "ballots_cast")  # noqa: B009  annotated
            before_by_kind = {row["kind"]: row["before"] for row in ballots_cast}
            new = frozenset(kind for kind, before in before_by_kind.items() if before is None)
            seats.append(Seat(government, [kind in before_by_kind for kind in Kind], new))
        return Turnout(seats)
    rosters: list[dict[int, bool]] = []
    for annual_list in edition.lists.in_order().with_entry_counts():
        roster = Tally.objects.get_or_compute(annual_list).roster if annual_list.total else []
        rosters.append({row["id"]: row["cast"] for row in roster})
    seated = Government.objects.filter(pk__in={key for roster in rosters for key in roster})
    seated = seated.by_name().annotate(**_new_voters(edition))
    if with_members:
        seated = seated.with_member()
    return Turnout([Seat(each, [roster.get(each.pk, False) for roster in rosters]) for each in seated])


def _new_voters(edition: Edition) -> dict[str, ArraySubquery]:
    voters = User.objects.filter(government=OuterRef("pk"), is_active=True, role__in=VOTING)
    during = voters.filter(voter_since__gte=edition.opens_at, voter_since__lt=edition.closes_at)
    row = JSONObject(name="name", role="role", since="voter_since")
    return {"new_voters": ArraySubquery(during.order_by("voter_since").values(row=row))}
