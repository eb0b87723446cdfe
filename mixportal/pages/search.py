import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, TypeAlias
from urllib.parse import urlencode

from django import forms
from django.contrib.postgres.search import (
    CombinedSearchQuery,
    SearchHeadline,
    SearchQuery,
    SearchRank,
    SearchVector,
)
from django.db.models import CharField, Count, F, FloatField, Q, QuerySet, Value, Window
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from members.models import Government, Viewer
from mixportal.editions.models import ENTRY_VECTOR, Edition, Entry, Kind
from mixportal.notes.models import Note, NoteQuerySet
from mixportal.tables.search_text import SEARCH_LANGUAGE, joined, search_vector
from mixportal.tables.text import without_accents
from mixportal.tables.values import set_choices
from priorities.models import Investment

PAGE_SIZE = 20
NOTE, ENTRY, INVESTMENT = "note", "entry", "investment"
MAX_QUERY_LENGTH = 200
MAX_NAMED = 3
START, STOP = "\x02", "\x03"  # notes cannot contain control characters
MARKDOWN_MARKS = re.compile(r"[*`|]|^\s*[#>]+\s|\]\([^)\s]*\)|\[(?=\w)", re.M)
Row: TypeAlias = Any  # annotated Note, Entry or Investment
Rows: TypeAlias = "QuerySet[Row]"

BETWEEN_WORDS = re.compile(r"(?<=\w)[-‐‑/](?=\w)")
PLAIN_WORDS = re.compile(r"[^\w\s]*(?:\w+|[\w ]+)[^\w\s]*")
LAST_WORD = re.compile(r"(?:^|(?<=\s))(\w{2,})$")


def query_for(text: str) -> SearchQuery | CombinedSearchQuery:
    """Also find words without accents, and joined or apart: wi-fi finds wifi and wi fi."""
    bare = without_accents(text)
    query = _words_query(bare)
    for other in {joined(bare), BETWEEN_WORDS.sub(" ", bare)} - {bare}:
        query = query | _words_query(other)
    if PLAIN_WORDS.fullmatch(bare):  # such as IT, which English leaves out
        query = query | SearchQuery(bare, config="simple")
    return query


def _words_query(text: str) -> SearchQuery | CombinedSearchQuery:
    """The last word may be a prefix."""
    whole = SearchQuery(text, config=SEARCH_LANGUAGE, search_type="websearch")
    last = LAST_WORD.search(text)
    head = text[: last.start()].strip() if last else ""
    if last is None or text.count('"') % 2 or last[1].lower() == "or" or head.lower().endswith((" or", "-")):
        return whole
    prefix = SearchQuery(f"'{last[1]}':*", config=SEARCH_LANGUAGE, search_type="raw")
    return SearchQuery(head, config=SEARCH_LANGUAGE, search_type="websearch") & prefix if head else prefix | whole


def snippet(headline: str) -> list[tuple[str, bool]]:
    """Return unescaped pieces, and whether each is a match."""
    pieces = re.findall(f"{START}([^{STOP}]*)|([^{START}{STOP}]+)", MARKDOWN_MARKS.sub("", headline))
    return [(hit or plain, bool(hit)) for hit, plain in pieces]


@dataclass(frozen=True)
class SearchSource:
    type: str
    visible: Rows
    fields: tuple[str, ...]
    entry: str
    vector: F | SearchVector | CombinedExpression

    def matching(
        self,
        filters: Mapping[str, str],
        query: SearchQuery | CombinedSearchQuery | None,
        named: Collection[int],
    ) -> Q:
        wanted = Q(vector=query) if query is not None else Q()
        if named and self.type != ENTRY:
            wanted |= Q(government__in=named)
        for name, field in (("kind", "annual_list__kind"), ("year", "annual_list__edition__year")):
            if filters.get(name):
                wanted &= Q(**{f"{self.entry}{field}": filters[name]})
        if filters.get("government"):
            wanted &= Q(government__slug=filters["government"]) if self.type != ENTRY else Q(pk__in=[])
        if filters.get("type"):
            if self.type == NOTE:
                wanted &= Q(kind=filters["type"])
            elif filters["type"] != self.type:
                wanted &= Q(pk__in=[])
        return wanted


def sources_for(user: Viewer) -> list[SearchSource]:
    return [
        SearchSource(NOTE, Note.objects.visible_to(user).active(), ("body",), "entry__", F("search")),
        SearchSource(
            ENTRY,
            Entry.objects.visible_to(user),
            Entry.WORDING,
            "",
            ENTRY_VECTOR,
        ),
        SearchSource(
            INVESTMENT,
            Investment.objects.visible_to(user),
            ("summary",),
            "priority__",
            search_vector("summary"),
        ),
    ]


def _choice(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", "Any")], required=False, widget=forms.Select({"class": "in"}))


class SearchForm(forms.Form):
    q = forms.CharField(
        label="Words",
        max_length=MAX_QUERY_LENGTH,
        required=False,
        widget=forms.TextInput({"class": "in", "type": "search", "autocomplete": "off"}),
    )
    type = _choice("What")
    kind = _choice("List")
    government = _choice("Government")
    year = _choice("Year")

    def __init__(self, choices: Mapping[str, Iterable[tuple[str, str]]], data: Mapping[str, str]) -> None:
        super().__init__(data, auto_id="filter-%s")
        for name, own in choices.items():
            set_choices(self, name, [("", "Any"), *own])


class Search:
    def __init__(self, asked: Mapping[str, str], user: Viewer, last_visit: datetime | None = None) -> None:
        self.user, self.last_visit = user, last_visit
        self.is_insider = user.is_authenticated and user.is_insider
        self.sources = sources_for(user)
        asked = {name: "".join(c for c in value if c.isprintable()) for name, value in asked.items()}
        self.filters = SearchForm(self._choices, asked)
        self.ignored = [str(self.filters[name].label) for name in self.filters.errors]
        self.asked: dict[str, str] = {name: value for name, value in self.filters.cleaned_data.items() if value}
        self.only_new = asked.get("show") == "new" and self.is_insider
        number = asked.get("page", "")
        self.page = max(1, int(number)) if number.isdecimal() and len(number) < 5 else 1

    @cached_property
    def _choices(self) -> dict[str, list[tuple[str, str]]]:
        years = Edition.objects.visible_to(self.user).latest_first().values_list("year", flat=True)
        types = [(ENTRY, "Entries of the lists"), (INVESTMENT, "Investments")]
        return {
            "type": [(kind, f"{kind}s".capitalize()) for kind in Note.KINDS] + types,
            "kind": [(kind.value, kind.heading) for kind in Kind],
            "government": list(Government.objects.seated().by_name().values_list("slug", "name")),
            "year": [(str(year), str(year)) for year in years],
        }

    @property
    def q(self) -> str:
        return self.asked.get("q", "").strip()

    @cached_property
    def query(self) -> SearchQuery | CombinedSearchQuery | None:
        return query_for(self.q) if self.q else None

    @cached_property
    def _named(self) -> list[int]:
        found = list(Government.objects.filtered(q=self.q).values_list("pk", flat=True)) if self.q else []
        return found if len(found) <= MAX_NAMED else []

    @cached_property
    def _searched(self) -> list[SearchSource]:
        if not self.only_new and (self.q or self.asked.get("type") not in (None, *Note.KINDS)):
            return self.sources
        return self.sources[:1]

    def _rows(self, source: SearchSource) -> Rows:
        rows: Rows = source.visible.order_by().alias(vector=source.vector)
        if self.only_new:
            new = Note.objects.of_others(self.user).new_for(self.user, self.last_visit)
            rows = rows.filter(pk__in=new.order_by().values("pk"))
        return rows

    @cached_property
    def note_counts(self) -> dict[str, int]:
        notes = self.sources[0]
        matching = notes.matching(self.asked, self.query, self._named)
        return self._rows(notes).aggregate(all=Count("pk"), found=Count("pk", filter=matching))

    @property
    def rest_found(self) -> int:
        return sum(rows[0].total for source, rows in self._best if source.type != NOTE and rows)

    @property
    def pages(self) -> int:
        return max(1, -(-(self.note_counts["found"] + self.rest_found) // PAGE_SIZE))

    @cached_property
    def found(self) -> list[dict[str, object]]:
        last = PAGE_SIZE * self.page
        best = [(source, row) for source, rows in self._best for row in rows]
        best.sort(key=lambda each: _sort_key(each[1]), reverse=True)
        return [self._result(source, row) for source, row in best[last - PAGE_SIZE : last]]

    @cached_property
    def _best(self) -> list[tuple[SearchSource, list[Row]]]:
        return [(source, list(self._best_rows(source)[: PAGE_SIZE * self.page])) for source in self._searched]

    def _best_rows(self, source: SearchSource) -> Rows:
        """Limit the rows before the database joins and builds headlines."""
        rank = SearchRank(F("vector"), self.query) if self.query is not None else Cast(Value(0.0), FloatField())
        made = F("created_at") if source.type == NOTE else F(f"{source.entry}annual_list__edition__opens_at")
        order = F("rank").desc(), F("made").desc(nulls_last=True), "pk"
        matching = self._rows(source).filter(source.matching(self.asked, self.query, self._named))
        rows: Rows = matching.annotate(rank=rank, made=made).order_by(*order)
        if source.type == NOTE:
            best = rows.values("pk")[: PAGE_SIZE * self.page]
            shown = Note.objects.filter(pk__in=best).alias(vector=source.vector)
            rows = shown.annotate(rank=rank, made=made).order_by(*order)
        rows = rows.select_related(f"{source.entry}annual_list__edition")
        if source.type != ENTRY:
            rows = rows.select_related("government")
        rows = rows.select_related("author") if source.type == NOTE else rows.annotate(total=Window(Count("pk")))
        if isinstance(rows, NoteQuerySet):
            rows = rows.with_mentioned().defer("search")
            rows = rows.with_orders(self.user) if self.user.is_authenticated and self.is_insider else rows
        if self.query is not None:
            text = F(source.fields[0]) if len(source.fields) == 1 else _joined(source.fields)
            headline = SearchHeadline(
                text,
                self.query,
                start_sel=START,
                stop_sel=STOP,
                max_words=45,
                min_words=20,
                config=SEARCH_LANGUAGE,
            )
            rows = rows.annotate(headline=headline)
        return rows

    def _result(self, source: SearchSource, row: Row) -> dict[str, object]:
        return {
            "type": source.type,
            "row": row,
            "entry": row if source.type == ENTRY else row.priority if source.type == INVESTMENT else row.entry,
            "pieces": snippet(row.headline) if self.query is not None else [(_excerpt(row, source), False)],
            "is_own": source.type == NOTE and row.is_own_of(self.user),
        }

    def address(self, **changes: object) -> str:
        asked = {**({"show": "new"} if self.only_new else {}), **self.asked, **changes}
        return reverse("search") + (f"?{urlencode(asked)}" if asked else "")

    @property
    def earlier_page(self) -> str:
        return self.address(page=min(self.page - 1, self.pages)) if self.page > 1 else ""

    @property
    def later_page(self) -> str:
        return self.address(page=self.page + 1) if self.page < self.pages else ""


def _sort_key(row: Row) -> tuple[object, ...]:
    return row.rank, row.made is not None, row.made or 0, -row.pk


def _joined(fields: tuple[str, ...]) -> Concat:
    spaced = [part for name in fields for part in (F(name), Value(" "))]
    return Concat(*spaced, output_field=CharField())


def _excerpt(row: Row, source: SearchSource) -> str:
    text = row.plain if source.type == NOTE else getattr(row, source.fields[-1]) or ""
    return text if len(text) <= 280 else f"{text[:279].rsplit(' ', 1)[0]}…"
