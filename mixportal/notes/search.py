"""Search over notes, entries and whatever else a kind hands over: what the reader may see, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank, SearchVector
from django.db.models import CharField, Count, F, FloatField, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.urls import reverse

from members.models import Government
from mixportal.editions import kinds
from mixportal.editions.models import Edition
from mixportal.notes import news
from mixportal.notes.markdown import plain_text
from mixportal.notes.models import LANGUAGE, Note

PAGE = 20
ENTRY = "entry"
LONGEST_QUESTION = 200
START, STOP = "\x02", "\x03"  # around a hit: notes hold no control characters, so nobody can forge them
HEADLINE = {"start_sel": START, "stop_sel": STOP, "max_words": 45, "min_words": 20, "config": LANGUAGE}
MARKS = re.compile(r"[*`|]|^\s*[#>]+\s|\]\([^)\s]*\)|\[(?=\w)", re.M)  # of Markdown, in a snippet
LAST_WORD = re.compile(r"(?:^|(?<=\s))(\w{2,})$")


def query_for(asked: str) -> SearchQuery:
    """Words as people type them into a search box ("in quotes", or, -without); the last may still be unfinished."""
    whole = SearchQuery(asked, config=LANGUAGE, search_type="websearch")
    last = LAST_WORD.search(asked)
    head = asked[: last.start()].strip() if last else ""
    if last is None or asked.count('"') % 2 or last[1].lower() == "or" or head.lower().endswith((" or", "-")):
        return whole
    begun = SearchQuery(f"'{last[1]}':*", config=LANGUAGE, search_type="raw")
    return SearchQuery(head, config=LANGUAGE, search_type="websearch") & begun if head else begun | whole


def snippet(headline: str) -> list[tuple[str, bool]]:
    """The pieces of a headline, each with whether it is a hit; the template escapes them."""
    pieces, is_hit = [], False
    for piece in re.split(f"([{START}{STOP}])", MARKS.sub("", headline)):
        if piece in (START, STOP):
            is_hit = piece == START
        elif piece:
            pieces.append((piece, is_hit))
    return pieces


@dataclass(frozen=True)
class Source:
    """One table that is searched, for one reader. `vector` is stored, or is made of `fields` on the way."""

    key: str
    kind: kinds.Kind
    type: str  # of its results; notes say their own
    seen: QuerySet
    fields: tuple[str, ...]
    entry: str  # leads from a row to its entry: "entry__"; an entry itself is ""
    vector: Any
    has_government: bool = True

    def asked(self, filters: Mapping[str, Any], query: SearchQuery | None) -> Q:
        """What of `seen` the filters and the words leave; matches nothing where a filter makes no sense for it."""
        wanted = Q(vector=query) if query is not None else Q()
        if filters.get("kind") and filters["kind"] != self.kind.key:
            return Q(pk__in=[])
        if filters.get("year"):
            wanted &= Q(**{f"{self.entry}edition__year": filters["year"]})
        if filters.get("government"):
            wanted &= Q(government__slug=filters["government"]) if self.has_government else Q(pk__in=[])
        if filters.get("type"):
            is_note = self.type == Note.Kind.NOTE
            wanted &= Q(kind=filters["type"]) if is_note else Q() if filters["type"] == self.type else Q(pk__in=[])
            if is_note and filters["type"] not in Note.Kind.values:
                return Q(pk__in=[])
        return wanted

    @property
    def searched(self) -> QuerySet:
        return self.seen.order_by().annotate(vector=self.vector)


def sources_for(user: Any) -> list[Source]:
    sources = []
    for kind in kinds.registered():
        notes = kind.note.objects.visible_to(user).standing()
        sources.append(Source(f"{kind.key}-notes", kind, "note", notes, ("body",), "entry__", F("search")))
        of_entry = ("title", "description", "in_plain_words")
        entries = kind.entry.objects.visible_to(user)
        sources.append(Source(f"{kind.key}-entries", kind, ENTRY, entries, of_entry, "", _vector(of_entry), False))
        for more in kind.searched:
            found = more.model.objects.visible_to(user)
            sources.append(
                Source(f"{kind.key}-{more.type}", kind, more.type, found, more.fields, f"{more.entry}__",
                       _vector(more.fields))
            )  # fmt: skip
    return sources


def _vector(fields: tuple[str, ...]) -> SearchVector:
    return SearchVector(*fields, config=LANGUAGE)


@dataclass(frozen=True)
class Found:
    """One result. `pieces` is the passage that fits, hits marked."""

    source: Source
    row: Any
    entry: Any
    pieces: list[tuple[str, bool]]

    @property
    def address(self) -> str:
        return self.row.get_absolute_url() if self.source.type == "note" else self.source.kind.entry_url(self.entry)

    @property
    def what(self) -> str:
        if self.source.type != "note":
            return self.source.type
        return "answer" if self.row.reply_to_id else self.row.get_kind_display()


def _choice(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", "Any")], required=False, widget=forms.Select({"class": "in"}))


class Asked(forms.Form):
    q = forms.CharField(
        label="Words",
        max_length=LONGEST_QUESTION,
        required=False,
        widget=forms.TextInput({"class": "in", "type": "search", "autocomplete": "off"}),
    )
    type = _choice("What")
    kind = _choice("List")
    government = _choice("Government")
    year = _choice("Year")


class Search:
    """The dialogue as somebody may read it, under what the address asks for. At most eleven queries."""

    def __init__(self, asked: Mapping[str, str], user: Any, last_visit: datetime | None = None) -> None:
        self.user, self.last_visit = user, last_visit
        self.sources = sources_for(user)
        asked = {name: "".join(c for c in value if c.isprintable()) for name, value in asked.items()}
        form = self._form(asked)
        form.is_valid()
        self.ignored = [str(form[name].label) for name in form.errors]
        self.asked: dict[str, str] = {name: value for name, value in form.cleaned_data.items() if value}
        self.filters = self._form(None, initial=self.asked)
        self.only_new = asked.get("show") == "new" and user.is_authenticated and user.is_insider
        number = asked.get("page", "")
        self.page = max(1, int(number)) if number.isdecimal() and len(number) < 5 else 1

    def _form(self, data: Mapping[str, str] | None, **options: Any) -> Asked:
        form = Asked(data, auto_id="filter-%s", **options)
        for name, choices in self._choices.items():
            field = form.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "Any"), *choices]
        return form

    @cached_property
    def _choices(self) -> dict[str, list[tuple[str, str]]]:
        years = Edition.objects.visible_to(self.user).latest_first().values_list("year", flat=True)
        types = [(ENTRY, "Entries of the lists")]
        types += [(more.type, more.title) for kind in kinds.registered() for more in kind.searched]
        return {
            "type": [(value, f"{label}s".capitalize()) for value, label in Note.Kind.choices] + types,
            "kind": [(kind.key, kind.title) for kind in kinds.registered()],
            "government": list(Government.objects.seated().by_name().values_list("slug", "name")),
            "year": [(str(year), str(year)) for year in years],
        }

    @property
    def q(self) -> str:
        return self.asked.get("q", "").strip()

    @cached_property
    def query(self) -> SearchQuery | None:
        return query_for(self.q) if self.q else None

    @cached_property
    def _searched(self) -> list[Source]:
        """Entries are found by a word or when asked for by type; else the dialogue alone is shown."""
        if self.only_new:
            return [source for source in self.sources if source.type == "note"]
        if self.q or self.asked.get("type") not in (None, *Note.Kind.values):
            return self.sources
        return [source for source in self.sources if source.type == "note"]

    def _rows(self, source: Source) -> QuerySet:
        rows = source.searched
        if self.only_new:
            new = news.concerning(source.kind, self.user, self.last_visit)
            rows = rows.filter(pk__in=new.order_by().values("pk"))
        return rows

    @cached_property
    def _counts(self) -> dict[str, int]:
        """Of notes: how many are found, and how many there are for this reader; of the rest, how many are found."""
        counted = [
            self._rows(source).values(what=Value(ENTRY if source.type != "note" else "note", CharField()))
            .annotate(all=Count("pk"), found=Count("pk", filter=source.asked(self.asked, self.query)))
            for source in self._searched
        ]  # fmt: skip
        counts = {"all": 0, "notes": 0, "rest": 0}
        for row in counted[0].union(*counted[1:], all=True):
            is_note = row["what"] == "note"
            counts["notes" if is_note else "rest"] += row["found"]
            counts["all"] += row["all"] if is_note else 0
        return counts

    @property
    def notes_found(self) -> int:
        return self._counts["notes"]

    @property
    def notes_in_all(self) -> int:
        return self._counts["all"]

    @property
    def rest_found(self) -> int:
        return self._counts["rest"]

    @property
    def pages(self) -> int:
        return max(1, -(-(self.notes_found + self.rest_found) // PAGE))

    @cached_property
    def found(self) -> list[Found]:
        """One page of results: what fits best first; without a word, the newest."""
        ranked = []
        for source in self._searched:
            rank = SearchRank(F("vector"), self.query) if self.query is not None else Value(0.0, FloatField())
            made = F("created_at") if source.type == "note" else F(f"{source.entry}edition__opens_at")
            rows = self._rows(source).filter(source.asked(self.asked, self.query))
            rows = rows.annotate(source=Value(source.key, CharField()), rank=rank, made=made)
            ranked.append(rows.values_list("source", "pk", "rank", "made"))
        first = PAGE * (self.page - 1)
        union = ranked[0].union(*ranked[1:], all=True).order_by(F("rank").desc(), F("made").desc(nulls_last=True), "pk")
        chosen = [(source, pk) for source, pk, _, _ in union[first : first + PAGE]]
        by_source: dict[str, dict[int, Found]] = {}
        for source in self._searched:
            wanted = [pk for key, pk in chosen if key == source.key]
            if wanted:
                by_source[source.key] = {found.row.pk: found for found in self._read(source, wanted)}
        return [by_source[source][pk] for source, pk in chosen if pk in by_source.get(source, {})]

    def _read(self, source: Source, wanted: list[int]) -> list[Found]:
        related = [f"{source.entry}edition"] + (["government"] if source.has_government else [])
        related += ["author"] if source.type == "note" else []
        rows = source.seen.filter(pk__in=wanted).select_related(*related)
        if self.query is not None:
            text = F(source.fields[0]) if len(source.fields) == 1 else _joined(source.fields)
            rows = rows.annotate(headline=SearchHeadline(text, self.query, **HEADLINE))
        found = []
        for row in rows:
            path = source.entry.removesuffix("__")
            entry = getattr(row, path) if path else row
            pieces = snippet(row.headline) if self.query is not None else [(_beginning(row, source), False)]
            found.append(Found(source, row, entry, pieces))
        return found

    @property
    def is_asked(self) -> bool:
        return bool(self.asked)

    def address(self, **changes: object) -> str:
        """Without what is blank or ignored."""
        asked = {**({"show": "new"} if self.only_new else {}), **self.asked, **changes}
        return reverse("dialogue") + (f"?{urlencode(asked)}" if asked else "")

    @property
    def earlier_page(self) -> str:
        return self.address(page=self.page - 1) if self.page > 1 else ""

    @property
    def later_page(self) -> str:
        return self.address(page=self.page + 1) if self.page < self.pages else ""


def _joined(fields: tuple[str, ...]) -> Any:
    parts: list[Any] = []
    for name in fields:
        parts += [F(name), Value(" ")]
    return Concat(*parts, output_field=CharField())


def _beginning(row: Any, source: Source) -> str:
    text = plain_text(row.body) if source.type == "note" else getattr(row, source.fields[-1]) or ""
    return text if len(text) <= 280 else f"{text[:279].rsplit(' ', 1)[0]}…"
