from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.text import slugify

from mixportal.editions.list_entries import ListError, Problem, quote
from mixportal.editions.models import Entry
from mixportal.trends.models import OutsideItem, OutsideList, OutsideSeries
from mixportal.trends.outside_csv import OutsideRow

SERIES_COLUMNS = ("short_name", "licence")
NEW, CHANGED, SAME = "new", "changed", "unchanged"


@dataclass(frozen=True)
class Change:
    line: int
    thing: models.Model
    what: str
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        said = f"{self.thing._meta.verbose_name:<24}  {self.what:<9}  {self.thing}"
        named = [field.removeprefix("is_").replace("_", " ") for field in self.fields]
        return f"{said} ({', '.join(named)})" if self.what == CHANGED else said


@dataclass(frozen=True)
class ImportPlan:
    changes: tuple[Change, ...]

    @property
    def changes_anything(self) -> bool:
        return any(change.what != SAME for change in self.changes)

    @property
    def writes(self) -> list[Change]:
        return [change for change in self.changes if change.what != SAME]

    @property
    def counts(self) -> str:
        counts = {what: sum(1 for change in self.changes if change.what == what) for what in (NEW, CHANGED, SAME)}
        return ", ".join(f"{count} {what}" for what, count in counts.items() if count)

    def apply(self, *, reason: str) -> None:
        """Write changes in one transaction; new lists stay unpublished. Raises ListError on a concurrent write."""
        try:
            with transaction.atomic(), pghistory.context(reason=reason):
                for change in self.writes:
                    self._write(change)
        except IntegrityError:
            raise ListError([Problem(0, "Somebody changed the same lists meanwhile. Look again.")]) from None

    @staticmethod
    def _write(change: Change) -> None:
        if change.what == CHANGED:
            change.thing.save(update_fields=change.fields)
            return
        for name in ("series", "outside_list"):  # takes the key that the parent has by now
            if hasattr(change.thing, name):
                setattr(change.thing, name, getattr(change.thing, name))
        change.thing.save(force_insert=True)


def plan_import(rows: Sequence[OutsideRow]) -> ImportPlan:
    """Plan the import, leaving unnamed items and columns alone. Raises ListError with every problem."""
    problems: list[Problem] = []
    years = {row.year for row in rows}
    series_of = {(series.body, series.name): series for series in OutsideSeries.objects.all()}
    lists = {
        (found.series.body, found.series.name, found.year): found
        for found in OutsideList.objects.filter(year__in=years).select_related("series")
    }
    items = {
        (found.outside_list_id, found.title.casefold()): found
        for found in OutsideItem.objects.filter(outside_list__year__in=years)
    }
    lines = _lines(rows)
    of_series, given = _series_values(rows, problems), _list_values(rows, problems)
    seen: dict[tuple[str, str, int], OutsideList] = {}
    slugs = {series.slug for series in series_of.values()}
    seen_series: dict[tuple[str, str], OutsideSeries] = {}
    positions: dict[tuple[str, str, int], int] = {}
    changes: list[Change] = []
    for row in rows:
        if row.key not in seen:
            key = row.source, row.name
            if key not in seen_series:
                known = series_of.get(key)
                seen_series[key] = known or _new_series(row, slugs)
                changes.append(_change(row.line, seen_series[key], known is None, of_series[key], problems))
            stored = lists.get(row.key)
            seen[row.key] = stored or OutsideList(series=seen_series[key], year=row.year)
            changes.append(_change(row.line, seen[row.key], stored is None, given[row.key], problems))
        owner = seen[row.key]
        positions[row.key] = positions.get(row.key, 0) + 1
        stored_item = items.get((owner.pk, row.title.casefold())) if owner.pk else None
        item = stored_item or OutsideItem(outside_list=owner, title=row.title)
        values = {**row.values, "title": row.title, "position": positions[row.key]}
        if stored_item and values.get("place") is not None and "percent" not in values:
            values["percent"] = None
        meant = {}
        for means in row.means:
            line = lines.get((means.kind, means.year, means.slug))
            if line is None:
                problems.append(Problem(row.line, f"{means.kind} has no {quote(f'{means.year}/{means.slug}')}."))
                continue
            meant[line] = means.certainty
        if len(meant) > 1:
            problems.append(Problem(row.line, "These entries are on several lines: an item means one thing of ours."))
        elif meant:
            line, certainty = meant.popitem()
            values |= {"line_id": line, "line_certainty": certainty}
        changes.append(_change(row.line, item, stored_item is None, values, problems))
    if problems:
        raise ListError(problems)
    return ImportPlan(tuple(changes))


def _change(line: int, thing: models.Model, is_new: bool, values: dict[str, Any], problems: list[Problem]) -> Change:
    fields = tuple(name for name, value in values.items() if getattr(thing, name) != value)
    for name in fields:
        setattr(thing, name, values[name])
    if is_new or fields:
        try:
            thing.clean_fields(exclude={"series", "outside_list", "line"})
            thing.validate_constraints(exclude={"series", "outside_list", "line"})
        except ValidationError as wrong:
            for name, messages in wrong.message_dict.items():
                head = "" if name == "__all__" else f"{name}: "
                problems.extend(Problem(line, f"{head}{message}") for message in messages)
    return Change(line, thing, NEW if is_new else CHANGED if fields else SAME, fields)


def _list_values(rows: Sequence[OutsideRow], problems: list[Problem]) -> dict[tuple[str, str, int], dict[str, str]]:
    given: dict[tuple[str, str, int], dict[str, str]] = {}
    for row in rows:
        known = given.setdefault(row.key, {})
        for name, value in row.of_list.items():
            if name not in SERIES_COLUMNS and known.setdefault(name, value) != value:
                problems.append(Problem(row.line, f"{name} is another on an earlier row of this list."))
    return given


def _series_values(rows: Sequence[OutsideRow], problems: list[Problem]) -> dict[tuple[str, str], dict[str, str]]:
    given: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows:
        known = given.setdefault((row.source, row.name), {})
        for name in SERIES_COLUMNS:
            value = row.of_list.get(name)
            if value and known.setdefault(name, value) != value:
                problems.append(Problem(row.line, f"{name} is another on an earlier row of this source."))
    return given


def _new_series(row: OutsideRow, slugs: set[str]) -> OutsideSeries:
    plain = slugify(f"{row.source} {row.name}")[:120] or "series"
    slug = next(
        candidate
        for candidate in (plain, *(f"{plain}-{number}" for number in range(2, 1_000)))
        if candidate not in slugs
    )
    slugs.add(slug)
    return OutsideSeries(body=row.source, name=row.name, slug=slug, short_name=row.source[:60])


def _lines(rows: Sequence[OutsideRow]) -> dict[tuple[str, int, str], int]:
    years = {means.year for row in rows for means in row.means}
    named = ("annual_list__kind", "annual_list__edition__year", "slug", "line")
    entries = Entry.objects.filter(annual_list__edition__year__in=years).values_list(*named)
    return {(kind, year, slug): line for kind, year, slug, line in entries}
