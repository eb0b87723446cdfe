"""Who has cast, in all and in each part of the network; never how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from members.geography import Region
from members.models import Government, PopulationBand
from mixportal.ballots.models import Ballot
from mixportal.editions.models import Edition, Kind
from mixportal.results.models import Tally

# The fixed splits of DESIGN rule 3: what each is called, its parts in order, and which part a government belongs to.
SPLITS: tuple[tuple[str, list[tuple[str, str]], Callable[[Government], str]], ...] = (
    ("Kind", list(Government.Kind.choices), lambda government: government.kind),
    ("Population", list(PopulationBand.choices), lambda government: government.population_band or ""),
    ("Form of government", list(Government.Form.choices), lambda government: government.form_of_government),
    ("Region", [(region.value, region.label) for region in Region], lambda government: government.region),
    ("IT structure", list(Government.ITStructure.choices), lambda government: government.it_structure),
)


@dataclass(frozen=True)
class Seat:
    """A government that holds (or at the close held) a seat; `cast` says of each of Kind whether it has cast."""

    government: Government
    cast: list[bool]

    @property
    def is_complete(self) -> bool:
        return all(self.cast)


@dataclass(frozen=True)
class Part:
    """Of a split: how many of its seats have cast, for each kind."""

    name: str
    of: int
    cast: list[int]


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
        """Who has not cast every ballot."""
        return [seat for seat in self.seats if not seat.is_complete]

    @property
    def done(self) -> list[Seat]:
        return [seat for seat in self.seats if seat.is_complete]

    @property
    def splits(self) -> list[tuple[str, list[Part]]]:
        """Each split with its parts that hold a seat; those that are in none stand as “not known”."""
        found = []
        for title, names, part_of in SPLITS:
            parts = []
            for key, name in [*names, ("", "Not known")]:
                seats = [seat for seat in self.seats if part_of(seat.government) == key]
                if seats:
                    cast = [sum(seat.cast[n] for seat in seats) for n in range(len(Kind))]
                    parts.append(Part(name, len(seats), cast))
            found.append((title, parts))
        return found


def turnout_of(edition: Edition) -> Turnout | None:
    """Return the governments that are seated while the ballots are open, after the close those seated then."""
    if not edition.was_ranked or edition.is_drafting:
        return None
    if edition.is_open:
        have_cast = {
            f"cast_{kind.value}": Exists(
                Ballot.objects.cast().filter(
                    annual_list__edition=edition, annual_list__kind=kind, government=OuterRef("pk")
                )
            )
            for kind in Kind  # type: ignore[attr-defined]
        }
        seated = Government.objects.seated().by_name().with_member().annotate(**have_cast)
        return Turnout([Seat(each, [getattr(each, f"cast_{kind.value}") for kind in Kind]) for each in seated])  # type: ignore[attr-defined]
    rosters: list[dict[int, bool]] = []
    for annual_list in edition.lists.in_order().with_entry_counts():
        roster = Tally.objects.get_or_compute(annual_list).roster if annual_list.total else []
        rosters.append({row["id"]: row["cast"] for row in roster})
    seated = Government.objects.filter(pk__in={key for roster in rosters for key in roster}).by_name().with_member()
    return Turnout([Seat(each, [roster.get(each.pk, False) for roster in rosters]) for each in seated])
