import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from django.db import models
from django.utils.text import slugify

from members.names import name_key
from mixportal.editions.kinds import Kind
from mixportal.editions.list_entries import one_line
from mixportal.editions.models import Entry
from mixportal.tables.imports import Change, Import
from mixportal.tables.reader import Column, Row, choice, quote, read_table
from mixportal.trends.models import OutsideItem, OutsideList, OutsideSeries

MAX_ROWS = 2_000
SERIES_COLUMNS = ("short_name", "license")
LIST_COLUMNS = ("url", "how_made")

_YEAR = re.compile(r"((?:19|20|21)\d\d)(?:\.0)?", re.ASCII)
_RANK = re.compile(r"(=|t)?(\d{1,3})(?:\.0)?(=)?", re.ASCII | re.IGNORECASE)
_NUMBER_BEFORE = re.compile(r"\A\d{1,2}[.)]\s+(?=\S)")
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d)?) ?%?", re.ASCII)
_SHARE = re.compile(r"0?\.\d+", re.ASCII)
_MEANING = re.compile(r"(\d{4})/([a-z0-9-]{1,130})(?: \((stated|inferred|unsure)\))?", re.ASCII)
_CERTAINTIES = {"": "stated", "stated": "stated", "inferred": "inferred", "unsure": "unsure"}
_YES = {"yes": True, "no": False, "": False, "1": True, "0": False, "true": True, "false": False}


def _year(cell: str) -> int:
    if not (match := _YEAR.fullmatch(cell)):
        raise ValueError(f"{quote(cell)} is no year; write it like 2018.")
    return int(match[1])


def _rank(cell: str) -> tuple[int | None, bool]:
    match = _RANK.fullmatch(cell)
    if cell and (match is None or int(match[2]) < 1):
        raise ValueError(f"{quote(cell)} is no place; write 2, or 2= where it is shared.")
    return (int(match[2]), bool(match[1] or match[3])) if match else (None, False)


def _percent(cell: str) -> Decimal | None:
    if _SHARE.fullmatch(cell):
        raise ValueError(f"Is {quote(cell)} a share? Write it with a percent sign, like 40% or 0.4%.")
    match = _PERCENT.fullmatch(cell)
    if cell and (match is None or Decimal(match[1]) > 100):
        raise ValueError(f"{quote(cell)} is no percentage; write a number from 0 to 100.")
    return Decimal(match[1]) if match else None


def _meanings(cell: str) -> list[tuple[int, str, str]]:
    found = []
    for part in filter(None, map(str.strip, cell.split(";"))):
        if not (match := _MEANING.fullmatch(part)):
            raise ValueError(f"{quote(part)} names no entry; write it like 2025/cybersecurity (unsure).")
        found.append((int(match[1]), match[2], match[3] or "stated"))
    return found


K = TypeVar("K", bound=Hashable)

COLUMNS = (
    Column("source", one_line, is_required=True),
    Column("year", _year, is_required=True),
    Column("title", lambda cell: _NUMBER_BEFORE.sub("", one_line(cell)), is_required=True),
    *(Column(name, one_line) for name in ("list", *SERIES_COLUMNS, *LIST_COLUMNS, "note")),
    Column("rank", _rank),
    Column("percent", _percent),
    Column("certainty", choice(_CERTAINTIES)),
    Column("disputed", choice(_YES, "yes or no")),
    *(Column(kind.value, _meanings) for kind in Kind),
)


class OutsideImport(Import):
    """Leave unnamed items and columns alone, and new lists unpublished."""

    locked = (OutsideSeries, OutsideList, OutsideItem)
    changes: Sequence[Change[models.Model]] = ()

    def read_changes(self) -> Iterator[Change[models.Model]]:
        rows = read_table(self.text, COLUMNS, self.problems, max_rows=MAX_ROWS)
        years = {row.values["year"] for row in rows}
        series_of = {(_folded(series.body), _folded(series.name)): series for series in OutsideSeries.objects.all()}
        slugs = {series.slug for series in series_of.values()}
        lists = {
            (_folded(found.series.body), _folded(found.series.name), found.year): found
            for found in OutsideList.objects.filter(year__in=years).select_related("series")
        }
        items = {
            (found.outside_list_id, _folded(found.title)): found
            for found in OutsideItem.objects.filter(outside_list__year__in=years)
        }
        lines = _lines(rows)
        of_series = self._common_values(rows, SERIES_COLUMNS, _series_key, "source")
        of_list = self._common_values(rows, LIST_COLUMNS, _list_key, "list")
        positions: Counter[Hashable] = Counter()  # of items, and of rows by series and list
        for row in rows:
            series_key, list_key, title = _series_key(row), _list_key(row), row.values["title"]
            place, is_shared = row.values.get("rank", (None, False))
            if self.is_repeated(row.line, (list_key, _folded(title)), f"title: {quote(title)} of that list") or (
                place
                and not is_shared
                and self.is_repeated(row.line, (list_key, place), f"rank: Place {place} (shared? write {place}=)")
            ):
                continue
            if series_key not in series_of:
                series_of[series_key] = _new_series(row.values["source"], row.values.get("list", ""), slugs)
            if not positions[series_key]:
                yield self.change(row.line, series_of[series_key], of_series[series_key])
            outside_list = lists.setdefault(list_key, OutsideList(series=series_of[series_key], year=list_key[2]))
            if not positions[list_key]:
                yield self.change(row.line, outside_list, of_list[list_key], "series")
            positions.update((series_key, list_key))
            item = items.get((outside_list.pk, _folded(title))) or OutsideItem(outside_list=outside_list, title=title)
            values = {
                "title": title,
                "position": positions[list_key],
                **self._item_values(row, item, lines),
            }
            yield self.change(row.line, item, values, "outside_list", "line")

    def _common_values(
        self, rows: Sequence[Row], names: Sequence[str], key: Callable[[Row], K], whose: str
    ) -> dict[K, dict[str, str]]:
        given: dict[K, dict[str, str]] = {}
        for row in rows:
            known = given.setdefault(key(row), {})
            for name in names:
                value = row.values.get(name)
                if value and known.setdefault(name, value) != value:
                    self.refuse(
                        row.line,
                        f"{name}: an earlier row of this {whose} says {quote(known[name])}.",
                    )
        return given

    def _item_values(self, row: Row, item: OutsideItem, lines: dict[tuple[str, int, str], int]) -> dict[str, Any]:
        cells = row.values
        values: dict[str, Any] = {name: cells[name] for name in ("percent", "certainty", "note") if name in cells}
        if "disputed" in cells:
            values["is_disputed"] = cells["disputed"]
        if "rank" in cells:
            values["place"], values["tied"] = cells["rank"]
            if values["place"] is not None and values.get("percent") is not None:
                self.refuse(row.line, "rank: Give a rank or a percentage, not both.")
            if values["place"] is not None and not item._state.adding:
                values.setdefault("percent", None)
        meant: dict[int, str] = {}
        for kind in Kind.values:
            for year, slug, certainty in cells.get(kind, ()):
                line = lines.get((kind, year, slug))
                if line is None:
                    self.refuse(row.line, f"{kind}: there is no entry {quote(f'{year}/{slug}')}.")
                else:
                    meant[line] = certainty
        if len(meant) > 1:
            self.refuse(row.line, "These entries are on several lines: an item means one thing of ours.")
        elif meant:
            values["line_id"], values["line_certainty"] = meant.popitem()
        return values

    def write(self) -> None:
        for change in self.changes:
            for name in ("series", "outside_list"):  # copies the parent's new key
                if hasattr(change.instance, name):
                    setattr(change.instance, name, getattr(change.instance, name))
            change.save()


def _series_key(row: Row) -> tuple[str, str]:
    return _folded(row.values["source"]), _folded(row.values.get("list", ""))


def _folded(name: str) -> str:
    return name_key(name).replace(" ", "") or name.casefold()


def _list_key(row: Row) -> tuple[str, str, int]:
    return *_series_key(row), row.values["year"]


def _new_series(body: str, name: str, slugs: set[str]) -> OutsideSeries:
    plain = slugify(f"{body} {name}")[:120] or "series"
    candidates = (plain, *(f"{plain}-{number}" for number in range(2, 1_000)))
    slug = next(candidate for candidate in candidates if candidate not in slugs)
    slugs.add(slug)
    return OutsideSeries(body=body, name=name, slug=slug, short_name=body[:60])


def _lines(rows: Sequence[Row]) -> dict[tuple[str, int, str], int]:
    years = {year for row in rows for kind in Kind.values for year, _, _ in row.values.get(kind, ())}
    named = ("annual_list__kind", "annual_list__edition__year", "slug", "line")
    entries = Entry.objects.filter(annual_list__edition__year__in=years).values_list(*named)
    return {(kind, year, slug): line for kind, year, slug, line in entries}
