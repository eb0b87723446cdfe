from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import BooleanField, Expression, ExpressionWrapper, Q, Value
from django.db.models.fields.json import KeyTransform

from members.models import Government, Viewer
from mixportal.ballots.models import Ballot, BallotQuerySet
from mixportal.ballots.order import standing
from mixportal.comparison.cohorts import Cohort, cohorts_of_insiders, public_cohorts
from mixportal.consensus import Profile, average
from mixportal.consensus.words import place_words
from mixportal.editions.models import AnnualList, Edition, Entry, Kind, Lineage
from mixportal.results.disclosure import MIN_BALLOTS_FOR_FIGURES
from mixportal.results.models import Tally, TallyQuerySet
from mixportal.results.results import range_around
from mixportal.results.splits import Part
from mixportal.tables.values import grouped

# slugs, places, joint, ballots, low, high, if the government counts
TallyFigures = tuple[list[str], list[int], list[bool], int, list[int] | None, list[int] | None, bool]
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


@dataclass(frozen=True)
class Year:
    edition: Edition
    entries: list[Entry]
    standings: Mapping[int, Standing] = field(default_factory=dict)
    why: str = ""
    ballots: int = 0
    ranges: Mapping[int, tuple[int, int]] = field(default_factory=dict)

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
        lists = AnnualList.objects.filter(edition__in=shown, kind=kind)
        self.lists = {annual_list.edition_id: annual_list for annual_list in lists}
        edition_of = {annual_list.pk: annual_list.edition_id for annual_list in self.lists.values()}
        entries = Entry.objects.filter(annual_list__in=edition_of).order_by("position")
        self.entries = grouped((edition_of[entry.annual_list_id], entry) for entry in entries)
        self.shown: list[Edition] = [edition for edition in shown if edition.pk in self.entries]
        self.ranked = [edition for edition in self.shown if edition.was_ranked]

        for edition in self.shown:
            self.lists[edition.pk].edition = edition

    def lineage(self) -> list[tuple[int, int, str]]:
        rows = Lineage.objects.filter(
            later__annual_list__in=self.lists.values(), earlier__annual_list__in=self.lists.values()
        )
        return list(rows.order_by("pk").values_list("later", "earlier", "type"))

    def _tallies_of(self, editions: Sequence[Edition]) -> TallyQuerySet:
        return Tally.objects.filter(annual_list__in=[self.lists[each.pk] for each in editions]).order_by("number")

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
        rows = dict(self._tallies_of(self.ranked).values_list("annual_list__edition", stored))
        for edition in self.ranked:
            if edition.pk not in rows:
                tally = Tally.objects.get_or_compute(self.lists[edition.pk])
                rows[edition.pk] = (tally.comparison if self.is_insider else tally.public)["cohorts"]
        read = cohorts_of_insiders if self.is_insider else public_cohorts
        return {pk: {cohort.part.key: cohort for cohort in read(found)} for pk, found in rows.items()}

    def years(
        self, government: Government | None, part: Part | None, cohorts: Mapping[int, Mapping[str, Cohort]]
    ) -> list[Year]:
        tallies = self._tallies(government)
        ballots = self._ballots(government) if government else {}
        found = []
        for edition in self.shown:
            entries = self.entries[edition.pk]
            if not edition.was_ranked:
                found.append(Year(edition, entries, why="listed, not ranked"))
                continue
            slugs, places, joint, used, low, high, is_counted = tallies[edition.pk]
            keys = {entry.slug: entry.pk for entry in entries}
            if government:
                own = ballots.get(edition.pk, {}) if is_counted else {}
                found.append(_of_government(edition, entries, own))
            elif part:
                found.append(_of_cohort(edition, entries, slugs, cohorts[edition.pk].get(part.key)))
            elif not used:
                found.append(Year(edition, entries, why="no ballot"))
            else:
                standings = {keys[slug]: (places[i], joint[i]) for i, slug in enumerate(slugs)}
                ranges = {}
                if low and high and used >= MIN_BALLOTS_FOR_FIGURES:  # fewer would reveal single ballots
                    ranges = {keys[slug]: range_around(places[i], low[i], high[i]) for i, slug in enumerate(slugs)}
                found.append(Year(edition, entries, standings, ballots=used, ranges=ranges))
        return found

    def _tallies(self, government: Government | None) -> dict[int, TallyFigures]:
        counts: Expression = Value(True)
        if government:
            seated_and_cast = Q(roster__contains=[{"id": government.pk, "cast": True}])
            counts = ExpressionWrapper(seated_and_cast, output_field=BooleanField())
        names = ("alternatives", "place", "joint", "used", "interval_low", "interval_high")
        column = "figures" if self.is_insider else "public"
        figures = [f"{column}__{name}" for name in names]

        def read() -> dict[int, TallyFigures]:
            tallies = self._tallies_of(self.ranked).annotate(counts=counts)
            return {pk: tuple(rest) for pk, *rest in tallies.values_list("annual_list__edition", *figures, "counts")}

        found = read()
        if missing := [edition for edition in self.ranked if edition.pk not in found]:
            for edition in missing:
                Tally.objects.get_or_compute(self.lists[edition.pk])
            found = read()
        return found

    def _ballots(self, government: Government) -> dict[int, dict[int, int]]:
        rows = self._ballots_of_ranked().filter(government=government, placements__cast_place__isnull=False)
        named = ("annual_list__edition", "placements__entry", "placements__cast_place")
        found: dict[int, dict[int, int]] = {}
        for edition, entry, place in rows.values_list(*named):
            found.setdefault(edition, {})[entry] = place
        return found

    def in_both(self, early: Edition, late: Edition) -> "PairedPlaces":
        """Only insiders get places among these governments."""
        figures = KeyTransform("governments", "comparison"), KeyTransform("places", "comparison")
        rows = self._tallies_of([early, late]).values_list("annual_list__edition", *figures)
        stored = {pk: (ids, places) for pk, ids, places in rows}
        both = set(stored[early.pk][0]) & set(stored[late.pk][0])
        if not self.is_insider:
            return PairedPlaces(len(both))
        return PairedPlaces(
            len(both),
            self._among(early, *stored[early.pk], both),
            self._among(late, *stored[late.pk], both),
        )

    def _among(
        self,
        edition: Edition,
        governments: Sequence[int],
        places: Sequence[Sequence[int | None]],
        both: set[int],
    ) -> dict[int, Standing]:
        if not both:
            return {}
        entries = self.entries[edition.pk]
        rows = [row for pk, row in zip(governments, places, strict=True) if pk in both]
        totals = average.doubled_totals(Profile.from_places([entry.slug for entry in entries], rows))
        standings = zip(average.places(totals).tolist(), average.joint(totals), strict=True)
        return {entry.pk: standing for entry, standing in zip(entries, standings, strict=True)}


@dataclass(frozen=True)
class PairedPlaces:
    governments: int
    early: Mapping[int, Standing] = field(default_factory=dict)
    late: Mapping[int, Standing] = field(default_factory=dict)


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
