"""An edition is one year's list and its calendar; Entry and Lineage are what both kinds of list share."""

from __future__ import annotations

import zoneinfo
from datetime import date, datetime
from typing import Any, ClassVar

import pghistory
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.text import slugify

from mixportal.editions.errata import Erratum as Erratum
from mixportal.editions.lifecycle import Lifecycle, Phase, database_now
from mixportal.editions.lifecycle import WindowClosed as WindowClosed
from mixportal.editions.reshaping import Reshaped, arrange, with_corrections
from mixportal.editions.triggers import (
    EDITION_NEVER_REOPENS,
    ENTRY_STANDS_ONCE_OPEN,
    LIST_NEVER_EMPTY,
    WINDOW_OVER_FULL_LISTS,
    YEAR_KEEPS_LINEAGE,
)

# These words follow /<year>/<kind>/ in addresses of their own.
RESERVED_SLUGS = ("ballot", "compare", "map", "notes", "proposals")


def _known_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(f"{name} is not a time zone; an example is America/Phoenix.")


class EditionQuerySet(models.QuerySet["Edition"]):
    """Each edition read carries `read_at`, the database's time of reading, from which its phase is derived."""

    def drafting(self) -> EditionQuerySet:
        return self.filter(Q(opens_at__isnull=True) | Q(opens_at__gt=Now()), published_at__isnull=True)

    def open(self) -> EditionQuerySet:
        return self.filter(opens_at__lte=Now(), closes_at__gt=Now())

    def closed(self) -> EditionQuerySet:
        return self.filter(closes_at__lte=Now(), published_at__isnull=True)

    def published(self) -> EditionQuerySet:
        return self.filter(published_at__isnull=False)

    def latest_first(self) -> EditionQuerySet:
        return self.order_by("-year")

    def visible_to(self, user: Any) -> EditionQuerySet:
        """Visitors see published years; leaders also what has opened; members, delegates and curators all (rule 2)."""
        if user.is_authenticated and user.is_insider:
            return self
        if user.is_authenticated and user.is_leader:
            return self.filter(Q(published_at__isnull=False) | Q(opens_at__lte=Now()))
        return self.published()


class EditionManager(models.Manager.from_queryset(EditionQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> EditionQuerySet:
        return super().get_queryset().annotate(read_at=Now())


@pghistory.track()
class Edition(Lifecycle, models.Model):
    year = models.PositiveSmallIntegerField(unique=True)
    title = models.CharField(max_length=160, blank=True)
    introduction = models.TextField(
        blank=True, help_text="Opens the edition's page; plain text, blank lines part paragraphs."
    )
    conference_place = models.CharField(max_length=120, blank=True)
    conference_from = models.DateField(null=True, blank=True)
    conference_to = models.DateField(null=True, blank=True)
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    time_zone = models.CharField(max_length=64, default="America/New_York", validators=[_known_time_zone])
    mail_previewed_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When a curator read the mail that tells of the opening."
    )
    close_moved_because = models.CharField(max_length=300, blank=True, editable=False)

    objects: ClassVar[Any] = EditionManager()

    class Meta:
        ordering = ("-year",)
        triggers: ClassVar = [EDITION_NEVER_REOPENS, WINDOW_OVER_FULL_LISTS, YEAR_KEEPS_LINEAGE]
        constraints = [
            models.CheckConstraint(
                name="edition_year_plausible",
                condition=Q(year__range=(1966, 2200)),
                violation_error_message="MIX has met since the 1960s: a year from 1966 to 2200.",
            ),
            models.CheckConstraint(
                name="edition_window_whole_and_in_order",
                condition=Q(opens_at__isnull=True, closes_at__isnull=True)
                | Q(opens_at__isnull=False, closes_at__isnull=False, closes_at__gt=models.F("opens_at")),
                violation_error_message="Give both the opening and the close, the close after the opening.",
            ),
            models.CheckConstraint(
                name="edition_published_after_close",
                condition=Q(published_at__isnull=True)
                | Q(closes_at__isnull=True)
                | Q(published_at__gte=models.F("closes_at")),
                violation_error_message="An edition that is ranked is published after its close.",
            ),
            models.CheckConstraint(
                name="edition_conference_in_order",
                condition=Q(conference_to__isnull=True)
                | Q(conference_from__isnull=False, conference_to__gte=models.F("conference_from")),
                violation_error_message="The conference ends before it begins.",
            ),
            models.CheckConstraint(
                name="edition_opens_after_its_mail_was_read",
                condition=Q(opens_at__isnull=True) | Q(mail_previewed_at__isnull=False),
                violation_error_message="Read the mail that tells of the opening first, on the edition’s desk.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)

    def get_absolute_url(self) -> str:
        return reverse("edition", args=[self.year])

    @property
    def is_drafting(self) -> bool:
        return self.phase is Phase.DRAFTING

    @property
    def is_open(self) -> bool:
        return self.phase is Phase.OPEN

    @property
    def is_closed(self) -> bool:
        return self.phase is Phase.CLOSED

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    @property
    def was_ranked(self) -> bool:
        """False for a list published in editorial order, as that of 2018 was."""
        return self.opens_at is not None

    @property
    def has_results(self) -> bool:
        return self.was_ranked and self.phase in (Phase.CLOSED, Phase.PUBLISHED)

    @property
    def calendar(self) -> list[tuple[datetime | date, str, bool]]:
        """What happens when, in order: (when, what, whether it is past)."""
        moment = getattr(self, "read_at", None) or database_now()
        today = moment.astimezone(self.zone).date()
        steps: list[tuple[datetime | date, str, bool]] = []
        for at, what in (
            (self.opens_at, "ballots open"),
            (self.closes_at, "ballots close"),
            (self.published_at, "the list is published"),
        ):
            if at is not None:
                steps.append((at, what, at <= moment))
        if self.conference_from is not None:
            place = f", {self.conference_place}" if self.conference_place else ""
            steps.append((self.conference_from, f"conference{place}", self.conference_from < today))
        return sorted(steps, key=lambda step: self._day_of(step[0]))

    def _day_of(self, when: datetime | date) -> date:
        return when.astimezone(self.zone).date() if isinstance(when, datetime) else when

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    def results_visible_to(self, user: Any) -> bool:
        """Everyone once published; those signed in with a part in it from the close on (rules 1 and 2)."""
        if not self.has_results:
            return False
        return self.is_published or (user.is_authenticated and (user.is_insider or user.is_leader))


class EntryQuerySet(models.QuerySet):
    def of(self, edition: Edition) -> EntryQuerySet:
        """In editorial order, with the edition at hand."""
        return self.filter(edition=edition).order_by("position")

    def visible_to(self, user: Any) -> EntryQuerySet:
        return self.filter(edition__in=Edition.objects.visible_to(user).values("pk"))

    def with_signs(self) -> EntryQuerySet:
        """With `was_corrected`, `was_proposed`, `is_elsewhere`: whether a page need ask for these."""
        events = self.model._meta.get_field("events").related_model.objects
        proposals = self.model.proposals.rel.related_model.objects
        crosswalks = self.model.crosswalks.rel.related_model.objects
        return self.annotate(
            is_elsewhere=Exists(crosswalks.filter(entry=OuterRef("pk"))),
            was_corrected=Exists(events.filter(pgh_obj=OuterRef("pk"), pgh_context__has_key="corrects")),
            was_proposed=Exists(proposals.filter(Q(entry=OuterRef("pk")) | Q(into__entry=OuterRef("pk")))),
        )

    arrange = arrange
    with_corrections = with_corrections


class Entry(Reshaped, models.Model):
    """A priority or a challenge. Concrete models add what only their kind has."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="%(class)s_entries")
    title = models.CharField(max_length=120)
    slug = models.SlugField(max_length=130)
    description = models.TextField()
    in_plain_words = models.TextField(blank=True, help_text="For leaders: what it means, without jargon.")
    position = models.PositiveSmallIntegerField(help_text="The editorial order.")

    more_field: ClassVar[str]  # concrete models name the field that only they have

    objects: ClassVar[Any] = EntryQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ("edition", "position")
        triggers: ClassVar = [ENTRY_STANDS_ONCE_OPEN, LIST_NEVER_EMPTY]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "slug"],
                name="%(app_label)s_%(class)s_slug_once_per_edition",
                violation_error_message="This edition has an entry of that name already.",
            ),
            models.UniqueConstraint(
                fields=["edition", "position"],
                name="%(app_label)s_%(class)s_position_once_per_edition",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message="Two entries of an edition cannot stand at one position.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_slug_not_reserved",
                condition=~Q(slug__in=RESERVED_SLUGS) & ~Q(slug=""),
                violation_error_message=f"These names belong to pages: {', '.join(RESERVED_SLUGS)}.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_position_from_1",
                condition=Q(position__gte=1),
                violation_error_message="Positions count from 1.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def more(self) -> str:
        """The text that only this kind has."""
        return str(getattr(self, self.more_field))

    @property
    def more_lines(self) -> list[str]:
        return [line for line in self.more.splitlines() if line.strip()]

    @property
    def plain(self) -> str:
        """What leaders read; the description where nobody has put it in plain words yet."""
        return self.in_plain_words or self.description

    @staticmethod
    def slug_of(title: str) -> str:
        return slug_for(title)

    @property
    def short(self) -> str:
        """The first sentence of the plain words, for one line under the title."""
        first, _, _ = self.plain.partition(". ")
        return first.rstrip(".")


def slug_for(title: str) -> str:
    """The address of a title: ASCII, at most 130 characters, never one of RESERVED_SLUGS."""
    slug = slugify(title)[:120].strip("-") or "entry"
    return f"{slug}-entry" if slug in RESERVED_SLUGS else slug


class LineageQuerySet(models.QuerySet):
    def of(self, entry: Any, visible: Any) -> LineageQuerySet:
        """What `entry` continues and what continues it, in the editions that are `visible`, the earliest first."""
        from_it = Q(earlier=entry, later__edition__in=visible)
        lines = self.filter(from_it | Q(later=entry, earlier__edition__in=visible))
        return lines.select_related("earlier__edition", "later__edition").order_by(
            "earlier__edition__year", "later__edition__year", "pk"
        )


class Lineage(models.Model):
    """Which entry of an earlier edition a later one continues. Concrete models add `later` and `earlier`."""

    class Type(models.TextChoices):
        CONTINUED = "continued", "continues"
        RENAMED = "renamed", "renamed from"
        MERGED = "merged", "merged from"
        SPLIT = "split", "split from"
        RETURNED = "returned", "returns from"

    type = models.CharField(max_length=10, choices=Type.choices, default=Type.CONTINUED)

    objects: ClassVar[Any] = LineageQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["later", "earlier"], name="%(app_label)s_%(class)s_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()} {self.earlier} ({self.earlier.edition})"
