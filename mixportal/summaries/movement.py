"""Compare a list with the last ranked one."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.utils.safestring import SafeString

from mixportal.editions.models import Entry
from mixportal.results import charts
from mixportal.results.models import Tally
from mixportal.results.results import Results
from mixportal.tables.values import grouped
from mixportal.trends.lines import stored_lines
from mixportal.trends.moves import Move, Moves, moves_between
from mixportal.trends.years import StoredOrder, stored_orders


@dataclass(frozen=True)
class PlaceChange:
    entry: Entry
    place: int
    place_words: str
    move: Move | None
    is_new: bool
    last_seen: int | None  # the line's last year, if it is back


@dataclass(frozen=True)
class SinceLast:
    earlier: StoredOrder
    moves: Moves
    places: list[PlaceChange]
    left: list[Entry]
    standings: Mapping[int, Mapping[str, tuple[int, bool]]]  # by year and slug

    @property
    def new(self) -> list[PlaceChange]:
        return [each for each in self.places if each.is_new and each.last_seen is None]

    @property
    def back(self) -> list[PlaceChange]:
        return [each for each in self.places if each.last_seen is not None]

    @property
    def reshaped(self) -> list[PlaceChange]:
        return [each for each in self.places if each.move is None and not each.is_new]

    @property
    def picture(self) -> SafeString:
        moved = [(row, each.place, each.move.by) for row, each in enumerate(self.places) if each.move]
        curves = [(row, place + by, abs(by) >= 2) for row, place, by in moved]
        return charts.slope(curves, rows=len(self.places), places_before=len(self.earlier.slugs))


def since_last_list(results: Results) -> SinceLast | None:
    """Return None for the first ranked list of the kind. Needs with_earlier_entries."""
    year, published = "annual_list__edition__year", "annual_list__edition__published_at__isnull"
    before = {"annual_list__kind": results.annual_list.kind, f"{year}__lt": results.edition.year, published: False}
    orders = stored_orders(Tally.objects.filter(Q(pk=results.tally.pk) | Q(**before)))
    now = orders.pop(results.edition.year)
    ranked = [order for order in orders.values() if order.used]
    if not ranked:
        return None
    earlier = ranked[-1]
    entries = Entry.objects.filter(**before, **{f"{year}__gte": earlier.year}).order_by(year, "position")
    columns = [*grouped((entry.annual_list_id, entry) for entry in entries).values(), results.entries]
    lines, last = stored_lines(columns), len(columns) - 1
    line_of = {line.stops[last].pk: line for line in lines if last in line.stops}
    in_order = [(row, line_of[row.entry.pk]) for row in results.rows]
    same = [(line.stops[0], row.entry) for row, line in in_order if line.is_same_from(0, last)]
    moves = moves_between(earlier, now, same)
    move_of = {move.entry.pk: move for move in moves.each}
    places = [
        PlaceChange(
            entry=row.entry,
            place=row.place,
            place_words=row.place_words,
            move=move_of.get(row.entry.pk),
            is_new=is_new,
            last_seen=years[-1] if is_new and years and last - 1 not in line.stops else None,
        )
        for row, line in in_order
        for is_new in [not line.joins and not {0, last - 1} <= line.stops.keys()]
        for years in [[each["year"] for each in row.entry.earlier_entries]]
    ]
    left = [line.stops[0] for line in lines if 0 in line.stops and last not in line.stops and not line.leaves]
    return SinceLast(earlier, moves, places, left, {order.year: order.standings for order in ranked})
