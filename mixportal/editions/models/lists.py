from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, ClassVar, Self, TypedDict, TypeVar

import pghistory
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject, Lower
from django.utils.text import slugify

from members.models import Viewer
from mixportal.editions.kinds import Kind
from mixportal.editions.models.edition import READ_AT, Edition, is_visible_to
from mixportal.editions.triggers import (
    ENTRY_FROZEN_ONCE_OPEN,
    ENTRY_KEEPS_ITS_LIST,
    LINE_KEEPS_ITS_KIND,
    LINEAGE_RUNS_FORWARD,
    LIST_NEVER_CHANGES,
    LIST_NEVER_EMPTY,
)
from mixportal.tables.addresses import address
from mixportal.tables.search_text import search_vector
from mixportal.tables.text import full_sentence

# addresses after /<year>/<kind>/
RESERVED_SLUGS = ("ballot", "compare", "map", "notes", "proposals", "list", "results")
TEXTS_FOR_LEADERS = ("in_plain_words", "for_leaders", "short")
WORDING = ("title", "description", *TEXTS_FOR_LEADERS)
ENTRY_VECTOR = search_vector(*WORDING) + SearchVector("title", config="simple")


class ListChangedError(Exception):
    pass


class AnnualListQuerySet(models.QuerySet["AnnualList"]):
    def visible_to(self, user: Viewer) -> AnnualListQuerySet:
        return self.filter(is_visible_to(user, "edition__"))

    def in_order(self) -> AnnualListQuerySet:
        return self.order_by("-kind")

    def for_year(self, year: int, kind: str) -> AnnualList:
        annual_list = self.select_related("edition").annotate(**READ_AT).get(edition__year=year, kind=kind)
        annual_list.edition.read_at = annual_list.read_at
        return annual_list

    def with_entry_counts(self) -> AnnualListQuerySet:
        earlier = Entry.objects.filter(
            line=OuterRef("entries__line"), annual_list__edition__year__lt=OuterRef("edition__year")
        )
        has_earlier = Q(Exists(earlier)) | Q(entries__came_from__isnull=False)
        outdated = Entry.objects.filter(annual_list=OuterRef("pk")).with_outdated_texts().in_order()
        counts = {
            "with_outdated_texts": ArraySubquery(outdated.values("title")),
            "total": Count("entries", distinct=True),
            "without_plain_words": Count("entries", filter=Q(entries__in_plain_words=""), distinct=True),
            "without_meaning": Count("entries", filter=Q(entries__description=""), distinct=True),
            "continuing": Count("entries", filter=has_earlier, distinct=True),
        }
        return self.annotate(**counts)


class AnnualList(models.Model):
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="lists")
    kind = models.CharField(max_length=10, choices=Kind.choices)

    objects = AnnualListQuerySet.as_manager()

    read_at: datetime
    page_version: int | None  # by PAGE_VERSION of mixportal.pages.models
    total: int  # annotated, like the next four, by with_entry_counts()
    without_plain_words: int
    without_meaning: int
    continuing: int
    with_outdated_texts: list[str]

    class Meta:
        triggers: ClassVar = [LIST_NEVER_CHANGES]
        constraints = [
            models.UniqueConstraint(fields=["edition", "kind"], name="annual_list_once"),
            models.CheckConstraint(name="annual_list_kind_known", condition=Q(kind__in=Kind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.words.heading} of {self.edition}"

    def get_absolute_url(self) -> str:
        return address("list", self.edition.year, self.kind)

    @property
    def words(self) -> Kind:
        return Kind(self.kind)

    def add_entries(self, entries: Iterable[Entry]) -> list[Entry]:
        """Insert entries, on new lines if they have none."""
        new = list(entries)
        without = [entry for entry in new if entry.line_id is None]
        lines = Line.objects.bulk_create(Line(kind=self.kind) for _ in without)
        for entry, line in zip(without, lines, strict=True):
            entry.line = line
        for entry in new:
            entry.annual_list = self
        return self.entries.bulk_create(new)

    def earlier_filled_list(self) -> AnnualList | None:
        earlier = AnnualList.objects.filter(kind=self.kind, edition__year__lt=self.edition.year)
        return earlier.filter(entries__isnull=False).select_related("edition").order_by("-edition__year").first()

    def copy_entries_of(self, other: AnnualList) -> None:
        self.add_entries(entry.copy() for entry in other.entries.in_order())

    @transaction.atomic
    def arrange(self, keys: Sequence[int]) -> None:
        """Number the entries of a draft. Raises ListChangedError unless `keys` are theirs."""
        self.require_drafting()
        stored = {entry.pk: entry for entry in self.entries.in_order()}
        if set(keys) != set(stored) or len(keys) != len(stored):
            raise ListChangedError
        moved = []
        for position, key in enumerate(keys, start=1):
            if stored[key].position != position:
                stored[key].position = position
                moved.append(stored[key])
        self.entries.bulk_update(moved, ["position"])

    def next_position(self) -> int:
        last: int | None = self.entries.aggregate(last=models.Max("position"))["last"]
        return (last or 0) + 1

    def require_drafting(self) -> None:
        """Lock the edition. Raises ValidationError unless it is a draft."""
        if not self.edition.lock_for_update().is_drafting:
            raise ValidationError(f"The list of {self.edition} has opened, so its entries cannot change.")


class Line(models.Model):
    """The entries of several years that are the same thing."""

    kind = models.CharField(max_length=10, choices=Kind.choices)

    class Meta:
        triggers: ClassVar = [LINE_KEEPS_ITS_KIND]
        constraints = [models.CheckConstraint(name="line_kind_known", condition=Q(kind__in=Kind.values))]

    def __str__(self) -> str:
        newest = self.entries.order_by("-annual_list__edition__year").first()
        return newest.title if newest else f"line {self.pk}"

    @transaction.atomic
    def join(self, other: Line, *, reason: str) -> None:
        """Move the entries and outside items of `other` here. Raises ValidationError."""
        _require_reason(reason)
        if other.kind != self.kind:
            raise ValidationError("Choose two lines of one kind.")
        with pghistory.context(reason=reason.strip()):
            # An entry cannot come from its own line.
            Lineage.objects.filter(
                Q(later__line=self, earlier__line=other) | Q(later__line=other, earlier__line=self)
            ).delete()
            try:
                with transaction.atomic():
                    other.entries.update(line=self)
                    other.outside_items.update(line=self)
            except IntegrityError:
                raise ValidationError(
                    "One list has an entry on each of these two lines, so they cannot be joined."
                ) from None

    @transaction.atomic
    def separate(self, from_year: int, *, reason: str) -> Line:
        """Move the entries and outside items from a year on to a new line."""
        _require_reason(reason)
        later = self.entries.filter(annual_list__edition__year__gte=from_year)
        if not later.exists() or not self.entries.filter(annual_list__edition__year__lt=from_year).exists():
            raise ValidationError("Choose a year that has entries of this line before it and from it on.")
        new = Line.objects.create(kind=self.kind)
        with pghistory.context(reason=reason.strip()):
            later.update(line=new)
            self.outside_items.filter(outside_list__year__gte=from_year).update(line=new)
        return new


class EarlierEntry(TypedDict):
    year: int
    slug: str


class LineageRow(TypedDict):
    type: str
    earlier: int
    later: int


class TallyOfList(TypedDict):
    alternatives: list[str]
    place: list[int]
    joint: list[bool]
    used: int


E_co = TypeVar("E_co", bound="Entry", covariant=True)


class EntryQuerySet(models.QuerySet[E_co]):
    def in_order(self) -> Self:
        return self.order_by("position")

    def visible_to(self, user: Viewer) -> Self:
        return self.filter(is_visible_to(user, "annual_list__edition__"))

    def with_list(self) -> Self:
        return self.select_related("annual_list__edition")

    def with_earlier_entries(self) -> Self:
        edition = "annual_list__edition__"
        before = {
            f"{edition}year__lt": OuterRef(f"{edition}year"),
            f"{edition}published_at__isnull": False,
        }
        earlier = Entry.objects.filter(line=OuterRef("line"), **before)
        in_order = earlier.order_by(f"{edition}year").values_list(JSONObject(year=f"{edition}year", slug="slug"))
        return self.annotate(earlier_entries=ArraySubquery(in_order))

    def with_outdated_texts(self) -> Self:
        year = "annual_list__edition__year"
        earlier = Entry.objects.filter(line=OuterRef("line"), **{f"{year}__lt": OuterRef(year)}).order_by(f"-{year}")
        before = {name: Subquery(earlier.values(name)[:1]) for name in WORDING}
        same = self.filter(**{name: before[name] for name in TEXTS_FOR_LEADERS})
        return same.exclude(description=before["description"]).exclude(**dict.fromkeys(TEXTS_FOR_LEADERS, ""))


@pghistory.track()
class Entry(models.Model):
    annual_list = models.ForeignKey(AnnualList, models.PROTECT, related_name="entries")
    line = models.ForeignKey(Line, models.PROTECT, related_name="entries")
    title = models.CharField(max_length=120)
    slug = models.SlugField(max_length=130)
    description = models.TextField()
    in_plain_words = models.TextField(blank=True, help_text="For leaders: what it means, without jargon.")
    for_leaders = models.TextField(
        blank=True,
        help_text="What it involves, for a priority. What leaders can do, one thing a line, for a challenge.",
    )
    short = models.CharField(max_length=60, blank=True, help_text="One line of at most 60 characters.")
    position = models.PositiveSmallIntegerField(help_text="The editorial order.")

    WORDING, TEXTS_FOR_LEADERS = WORDING, TEXTS_FOR_LEADERS

    objects = EntryQuerySet["Entry"].as_manager()
    pgh_event_model: ClassVar[Any]

    was_corrected: bool  # set by entry pages, as the next
    is_elsewhere: bool
    own_place: int | None  # set by briefs, as the next two
    own_reason: str | None
    place_then: int | None
    lineage_rows: list[LineageRow]  # by lineages_of, like the next
    list_years: list[int]
    earlier_entries: list[EarlierEntry]  # by with_earlier_entries
    tallied: TallyOfList | None  # by trends.entry_history, like the next

    class Meta:
        ordering = ("annual_list", "position")
        verbose_name_plural = "entries"
        triggers: ClassVar = [ENTRY_KEEPS_ITS_LIST, ENTRY_FROZEN_ONCE_OPEN, LIST_NEVER_EMPTY]
        indexes: ClassVar = [GinIndex(ENTRY_VECTOR, name="entry_words", fastupdate=False)]  # else the planner scans
        constraints = [
            models.UniqueConstraint(
                fields=["annual_list", "slug"],
                name="entry_slug_once",
                violation_error_message="This list already has an entry with this name.",
            ),
            models.UniqueConstraint(
                "annual_list",
                Lower("title"),
                name="entry_title_once",
                violation_error_message="This list already has an entry with this title.",
            ),
            models.UniqueConstraint(
                fields=["annual_list", "line"],
                name="entry_one_of_a_line",
                violation_error_message="This list already has an entry on that line.",
            ),
            models.UniqueConstraint(
                fields=["annual_list", "position"],
                name="entry_position_once",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message="Two entries of a list cannot have one position.",
            ),
            models.CheckConstraint(
                name="entry_slug_not_reserved",
                condition=~Q(slug__in=RESERVED_SLUGS) & ~Q(slug=""),
                violation_error_message=f"Choose another name. These are pages: {', '.join(RESERVED_SLUGS)}.",
            ),
            models.CheckConstraint(
                name="entry_position_from_1",
                condition=Q(position__gte=1),
                violation_error_message="Positions count from 1.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **options: Any) -> None:
        if self.line_id is None:
            self.line = Line.objects.create(kind=self.annual_list.kind)
        super().save(*args, **options)

    def get_absolute_url(self) -> str:
        return address("entry", self.edition.year, self.annual_list.kind, self.slug)

    @property
    def edition(self) -> Edition:
        return self.annual_list.edition

    @property
    def kind(self) -> Kind:
        return self.annual_list.words

    @property
    def for_leaders_lines(self) -> list[str]:
        return [line for line in self.for_leaders.splitlines() if line.strip()]

    @property
    def plain(self) -> str:
        return self.in_plain_words or self.description

    @property
    def one_line(self) -> str:
        first, _, _ = " ".join(self.plain.split()).partition(". ")
        return self.short or first.rstrip(".")

    def copy(self) -> Entry:
        return Entry(**{name: getattr(self, name) for name in ("line", *self.WORDING, "slug", "position")})

    def earlier_on_line(self) -> EntryQuerySet[Entry]:
        earlier = Entry.objects.filter(line=self.line_id, annual_list__edition__year__lt=self.edition.year)
        return earlier.order_by("-annual_list__edition__year")

    @transaction.atomic
    def correct(self, *, reason: str, **wording: str) -> None:
        """Change the wording after the opening; the history keeps the reason."""
        edition = self.edition.lock_for_update()
        if edition.is_drafting:
            raise ValidationError("This list is still a draft, so change the entry itself.")
        if edition.is_published:
            raise ValidationError(
                "This list is published, so its wording cannot change. Add an erratum to the edition."
            )
        if not reason.strip():
            raise ValidationError({"reason": "Say why. The reason is shown with the correction."})
        changed = [name for name, text in wording.items() if getattr(self, name) != text]
        if not changed:
            raise ValidationError("Nothing has changed.")
        for name in changed:
            setattr(self, name, wording[name])
        self.full_clean()
        with pghistory.context(reason=reason.strip(), corrects=self.pk):
            with connection.cursor() as cursor:  # permits this change in the trigger stands_once_open
                cursor.execute("SELECT set_config('mixportal.correction', %s, true)", [str(self.pk)])
            self.save(update_fields=changed)

    @transaction.atomic
    def absorb(self, other: Entry) -> None:
        """Merge another entry of a draft into this one, and delete it. Move its rows first."""
        self.annual_list.require_drafting()
        if other.pk == self.pk or other.annual_list_id != self.annual_list_id:
            raise ValidationError("Choose two entries of one list.")
        texts = ("description", "in_plain_words", "for_leaders")
        for name in texts:
            mine, theirs = getattr(self, name).strip(), getattr(other, name).strip()
            if not mine:
                setattr(self, name, theirs)
            elif theirs.lower() not in mine.lower():
                setattr(self, name, f"{full_sentence(mine)}\n\n{full_sentence(theirs)}")
        self.full_clean()
        self.save(update_fields=texts)
        origins = [origin for origin in other._origins() if origin.line_id != self.line_id]
        merged = [Lineage(later=self, earlier=origin, type=Lineage.Type.MERGED) for origin in origins]
        Lineage.objects.bulk_create(merged, ignore_conflicts=True)
        known = self.went_into.values("later")
        other.went_into.filter(Q(later__line=self.line_id) | Q(later__in=known)).delete()
        other.went_into.update(earlier=self)
        with pghistory.context(reason=f"merged into “{self.title}”"):
            Entry.objects.get(pk=other.pk).delete()

    @transaction.atomic
    def split(self, *, first: dict[str, str], second: dict[str, str]) -> Entry:
        """Split an entry of a draft in two, and return the new one.

        The first keeps the line and the notes; the second gets a new line that split from it.
        """
        self.annual_list.require_drafting()
        for name, text in first.items():
            setattr(self, name, text)
        self.full_clean()
        self.annual_list.entries.filter(position__gt=self.position).update(position=F("position") + 1)
        new = Entry(
            annual_list=self.annual_list,
            line=Line.objects.create(kind=self.annual_list.kind),
            slug=slug_for(second["title"]),
            position=self.position + 1,
            **second,
        )
        self.save(update_fields=list(first))
        new.full_clean()
        new.save()
        split_from = Lineage.Type.SPLIT
        Lineage.objects.bulk_create(Lineage(later=new, earlier=each, type=split_from) for each in self._origins())
        return new

    def _origins(self) -> list[Entry]:
        return [*self.earlier_on_line()[:1], *Entry.objects.filter(went_into__later=self)]


class LineageQuerySet(models.QuerySet["Lineage"]):
    def visible_to(self, user: Viewer) -> LineageQuerySet:
        entries = ("earlier", "later")
        return self.filter(*(is_visible_to(user, f"{entry}__annual_list__edition__") for entry in entries))


@pghistory.track()
class Lineage(models.Model):
    class Type(models.TextChoices):
        MERGED = "merged", "merged from"
        SPLIT = "split", "split from"

    later = models.ForeignKey(Entry, models.CASCADE, related_name="came_from")
    earlier = models.ForeignKey(Entry, models.PROTECT, related_name="went_into")
    type = models.CharField(max_length=10, choices=Type.choices)

    objects = LineageQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "lineage"
        triggers: ClassVar = [LINEAGE_RUNS_FORWARD]
        constraints = [
            models.UniqueConstraint(fields=["later", "earlier"], name="lineage_once"),
            models.CheckConstraint(name="lineage_type_known", condition=Q(type__in=["merged", "split"])),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()} {self.earlier} ({self.earlier.edition})"


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": "Say why. The history keeps the reason."})


def slug_for(title: str) -> str:
    slug = slugify(title)[:120].strip("-") or "entry"
    return f"{slug}-entry" if slug in RESERVED_SLUGS else slug
