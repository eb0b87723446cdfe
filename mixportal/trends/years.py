from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models.fields.json import KeyTransform

from members.models import Government, Viewer
from mixportal.ballots.models import Ballot, BallotQuerySet
from mixportal.ballots.order import standing
from mixportal.comparison.cohorts import Cohort, cohorts_of_insiders, public_cohorts
from mixportal.consensus.words import place_words
from mixportal.editions.models import AnnualList, Edition, Entry, Kind
from mixportal.results.models import Tally, TallyQuerySet
from mixportal.results.splits import Part
from mixportal.tables.values import grouped

Standing = tuple[int, bool]


@dataclass(frozen=True)
class Place:
    place: int | None = None
    joint: bool = False
    why: str = ""

    @property
    def words(self) -> str:
        return place_words(self.place, self.joint) if self.place is not None else self.why

    @property
    def short(self) -> str:
        if self.place is not None:
            return f"{self.place}{'=' if self.joint else ''}"
        return {"listed, not ranked": "listed", "not on the ballot": "none"}.get(self.why, self.why)


class StoredOrder(NamedTuple):
    year: int
    slugs: list[str]
    places: list[int]
    joint: list[bool]
    used: int
    governments: list[int]
    given: list[list[int | None]]

    @property
    def standings(self) -> dict[str, Standing]:
        return dict(zip(self.slugs, zip(self.places, self.joint, strict=True), strict=True))

    def place_of(self, entry: Entry) -> Place:
        return Place(*self.standings[entry.slug])

    def given_to(self, slugs: Sequence[str]) -> dict[int, list[int | None]]:
        columns = [self.slugs.index(slug) for slug in slugs]
        return {pk: [row[at] for at in columns] for pk, row in zip(self.governments, self.given, strict=True)}


def stored_orders(tallies: TallyQuerySet) -> dict[int, StoredOrder]:
    """Return the last count of each year, the earliest year first."""
    year = "annual_list__edition__year"
    public = [f"public__{name}" for name in ("alternatives", "place", "joint", "used")]
    columns = (year, *public, "comparison__governments", "comparison__places")
    found = [StoredOrder(*row) for row in tallies.order_by(year, "number").values_list(*columns)]
    return {order.year: order for order in found}


@dataclass(frozen=True)
class Year:
    edition: Edition
    entries: list[Entry]
    standings: Mapping[int, Standing] = field(default_factory=dict)
    why: str = ""
    ballots: int = 0

    @property
    def has_places(self) -> bool:
        return not self.why

    @property
    def m(self) -> int:
        return len(self.entries)

    def place_of(self, key: int) -> Place:
        if self.why:
            return Place(why=self.why)
        return Place(*self.standings[key]) if key in self.standings else Place(why="not on the ballot")


class ListHistory:
    def __init__(self, kind: Kind, user: Viewer) -> None:
        self.kind, self.user = kind, user
        self.is_insider = user.is_authenticated and user.is_insider
        shown = [
            edition
            for edition in Edition.objects.visible_to(user).order_by("year")
            if edition.results_visible_to(user) or (edition.is_published and not edition.was_ranked)
        ]
        lists = AnnualList.objects.filter(edition__in=shown, kind=kind).select_related("edition")
        self.lists = {annual_list.edition_id: annual_list for annual_list in lists}
        edition_of = {annual_list.pk: annual_list.edition_id for annual_list in self.lists.values()}
        entries = Entry.objects.filter(annual_list__in=edition_of).order_by("position")
        self.entries = grouped((edition_of[entry.annual_list_id], entry) for entry in entries)
        self.shown: list[Edition] = [edition for edition in shown if edition.pk in self.entries]
        self.ranked = [edition for edition in self.shown if edition.was_ranked]
        self.orders = self._read_orders()

    def _read_orders(self) -> dict[int, StoredOrder]:
        found = stored_orders(self._tallies())
        missing = [edition for edition in self.ranked if edition.year not in found]
        for edition in missing:
            Tally.objects.get_or_compute(self.lists[edition.pk])
        return stored_orders(self._tallies()) if missing else found

    def _tallies(self) -> TallyQuerySet:
        return Tally.objects.filter(annual_list__in=[self.lists[edition.pk] for edition in self.ranked])

    def _ballots_of_ranked(self) -> BallotQuerySet:
        ranked = [self.lists[edition.pk] for edition in self.ranked]
        return Ballot.objects.visible_to(self.user).cast().filter(annual_list__in=ranked)

    def governments(self) -> list[Government]:
        if not (self.user.is_authenticated and (self.is_insider or self.user.is_leader)):
            return []
        ballots = self._ballots_of_ranked()
        return list(Government.objects.filter(pk__in=ballots.values("government")).order_by("name", "state"))

    def cohorts(self) -> dict[int, dict[str, Cohort]]:
        stored = KeyTransform("cohorts", "comparison" if self.is_insider else "public")
        rows = dict(self._tallies().order_by("number").values_list("annual_list__edition", stored))
        read = cohorts_of_insiders if self.is_insider else public_cohorts
        return {pk: {cohort.part.key: cohort for cohort in read(found)} for pk, found in rows.items()}

    def years(
        self, government: Government | None, part: Part | None, cohorts: Mapping[int, Mapping[str, Cohort]]
    ) -> list[Year]:
        ballots = self._ballots(government) if government else {}
        found = []
        for edition in self.shown:
            entries = self.entries[edition.pk]
            if not edition.was_ranked:
                found.append(Year(edition, entries, why="listed, not ranked"))
                continue
            order = self.orders[edition.year]
            if government:
                found.append(_of_government(edition, entries, ballots.get(edition.pk, {})))
            elif part:
                found.append(_of_cohort(edition, entries, order.slugs, cohorts[edition.pk].get(part.key)))
            elif not order.used:
                found.append(Year(edition, entries, why="no ballot"))
            else:
                places = order.standings
                standings = {entry.pk: places[entry.slug] for entry in entries}
                found.append(Year(edition, entries, standings, ballots=order.used))
        return found

    def _ballots(self, government: Government) -> dict[int, dict[int, int]]:
        counted = {"annual_list__tallies__roster__contains": [{"id": government.pk, "cast": True}]}
        ballots = self._ballots_of_ranked().filter(government=government, **counted)
        rows = ballots.filter(placements__cast_place__isnull=False)
        named = ("annual_list__edition", "placements__entry", "placements__cast_place")
        places = grouped((edition, (entry, place)) for edition, entry, place in rows.values_list(*named))
        return {edition: dict(of_edition) for edition, of_edition in places.items()}


def _of_government(edition: Edition, entries: list[Entry], own: Mapping[int, int]) -> Year:
    if not own:
        return Year(edition, entries, why="no ballot")
    if len(own) == len(entries) and len(set(own.values())) == 1:
        return Year(edition, entries, why="all level")
    keys = {str(key): place for key, place in own.items()}
    found = {key: standing(keys, str(key)) for key in own}
    return Year(edition, entries, {key: each for key, each in found.items() if each}, ballots=1)


def _of_cohort(edition: Edition, entries: list[Entry], slugs: Sequence[str], cohort: Cohort | None) -> Year:
    if cohort is None or not cohort.standings:
        return Year(edition, entries, why="not shown")
    keys = {entry.slug: entry.pk for entry in entries}
    standings = {keys[slug]: each for slug, each in zip(slugs, cohort.standings, strict=True)}
    return Year(edition, entries, standings, ballots=cohort.size)
