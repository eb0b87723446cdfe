from __future__ import annotations

import enum
import zoneinfo
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.utils.dateformat import format as date_format

from members.models import Viewer
from mixportal.editions.kinds import Kind
from mixportal.editions.triggers import (
    EDITION_HAS_BOTH_LISTS,
    EDITION_NEVER_REOPENS,
    ERRATUM_NEVER_CHANGES,
    WINDOW_OVER_FULL_LISTS,
    YEAR_KEEPS_LINEAGE,
)
from mixportal.tables.addresses import address

if TYPE_CHECKING:
    from mixportal.editions.models.lists import AnnualList

MAX_OPENING_LAG = timedelta(hours=1)
MAX_WINDOW = timedelta(days=366)
# django-stubs refuses annotate(name=...) for a declared name.
READ_AT = {"read_at": Now()}


class Phase(enum.StrEnum):
    DRAFTING = "drafting"
    OPEN = "open"
    CLOSED = "closed"
    PUBLISHED = "published"


class WindowClosedError(Exception):
    def __init__(self, edition: Edition) -> None:
        super().__init__(f"The ballots of {edition.year} are not open.")
        self.edition = edition


def database_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


@dataclass(frozen=True)
class ReadinessIssue:
    name: str
    page: str
    kind: Kind | None = None
    count: int = 0
    total: int = 0
    is_blocking: bool = False
    titles: tuple[str, ...] = ()

    @property
    def what(self) -> str:
        return " ".join(render_to_string("editions/_readiness_issue.html", {"issue": self}).split())


MAIL_UNREAD = ReadinessIssue("mail", "mail", is_blocking=True)


def _list_is_empty(kind: Kind) -> ReadinessIssue:
    return ReadinessIssue("empty", "list", kind, is_blocking=True)


def _known_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(f"{name} is not a time zone; an example is America/Phoenix.")


def _same_clock_time(at: datetime, weeks: int) -> datetime:
    if at.second or at.microsecond:  # set by a button
        at = (at + timedelta(minutes=30)).replace(minute=0, second=0, microsecond=0)
    at += timedelta(weeks=weeks)
    if at.replace(fold=0).utcoffset() != at.replace(fold=1).utcoffset():  # the hour in which the clocks change
        at += timedelta(hours=1)
    return at


def is_visible_to(user: Viewer, edition: str = "") -> Q:
    if user.is_authenticated and user.is_insider:
        return Q()
    is_published = Q(**{f"{edition}published_at__isnull": False})
    if user.is_authenticated and user.is_leader:
        return is_published | Q(**{f"{edition}opens_at__lte": Now()})
    return is_published


class EditionQuerySet(models.QuerySet["Edition"]):
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

    def visible_to(self, user: Viewer) -> EditionQuerySet:
        return self.filter(is_visible_to(user))


EditionManagerBase = models.Manager.from_queryset(EditionQuerySet)


class EditionManager(EditionManagerBase["Edition"]):
    """Read each edition with the database time, which decides its phase."""

    def get_queryset(self) -> EditionQuerySet:
        return EditionQuerySet(self.model, using=self._db).annotate(**READ_AT)


class VotingWindow(models.Func):
    function = "tstzrange"
    output_field = DateTimeRangeField()


@pghistory.track()
class Edition(models.Model):
    year = models.PositiveSmallIntegerField(unique=True)
    title = models.CharField(max_length=160, blank=True)
    introduction = models.TextField(
        blank=True,
        help_text="Opens the edition's page. Plain text; blank lines separate paragraphs.",
    )
    conference_place = models.CharField(max_length=120, blank=True)
    conference_from = models.DateField(null=True, blank=True)
    conference_to = models.DateField(null=True, blank=True)
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    time_zone = models.CharField(max_length=64, default="America/New_York", validators=[_known_time_zone])
    mail_previewed_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="When a curator read the mail about the opening.",
    )
    close_moved_because = models.CharField(max_length=300, blank=True, editable=False)

    objects: ClassVar[EditionManager] = EditionManager()

    read_at: datetime
    page_version: int | None  # by PAGE_VERSION of mixportal.pages.models
    totals: dict[str, int]  # by home pages, like the next two
    proposals: dict[str, int]
    corrected: list[dict[str, object]] | None

    class Meta:
        ordering = ("-year",)
        triggers: ClassVar = [
            EDITION_HAS_BOTH_LISTS,
            EDITION_NEVER_REOPENS,
            WINDOW_OVER_FULL_LISTS,
            YEAR_KEEPS_LINEAGE,
        ]
        constraints = [
            models.CheckConstraint(
                name="edition_year_plausible",
                condition=Q(year__range=(1966, 2200)),
                violation_error_message="Give a year from 1966 to 2200. MIX has met since the 1960s.",
            ),
            models.CheckConstraint(
                name="edition_window_whole_and_in_order",
                condition=Q(opens_at__isnull=True, closes_at__isnull=True)
                | Q(opens_at__isnull=False, closes_at__isnull=False, closes_at__gt=F("opens_at")),
                violation_error_message="Give both the opening and the close. The close must come after the opening.",
            ),
            models.CheckConstraint(
                name="edition_window_at_most_a_year",
                condition=Q(opens_at__isnull=True) | Q(closes_at__lte=F("opens_at") + MAX_WINDOW),
                violation_error_message="Ballots are open for 366 days at most.",
            ),
            models.CheckConstraint(
                name="edition_published_after_close",
                condition=Q(published_at__isnull=True)
                | Q(closes_at__isnull=True)
                | Q(published_at__gte=F("closes_at")),
                violation_error_message="A ranked edition can be published only after its ballots close.",
            ),
            models.CheckConstraint(
                name="edition_conference_in_order",
                condition=Q(conference_to__isnull=True)
                | Q(conference_from__isnull=False, conference_to__gte=F("conference_from")),
                violation_error_message="The conference ends before it begins.",
            ),
            models.CheckConstraint(
                name="edition_opens_after_its_mail_was_read",
                condition=Q(opens_at__isnull=True) | Q(mail_previewed_at__isnull=False),
                violation_error_message="Read the mail about the opening first, on the edition’s desk.",
            ),
            # Range types have && in GiST without an extension.
            ExclusionConstraint(
                name="edition_windows_never_overlap",
                expressions=[(VotingWindow("opens_at", "closes_at"), RangeOperators.OVERLAPS)],
                condition=Q(opens_at__isnull=False),
                violation_error_message="Another edition’s ballots are open during that time. Choose a window that "
                "begins after they close or ends before they open.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)

    def get_absolute_url(self) -> str:
        return address("edition", self.year)

    def phase_at(self, moment: datetime) -> Phase:
        if self.published_at is not None:
            return Phase.PUBLISHED
        if self.opens_at is None or self.closes_at is None or moment < self.opens_at:
            return Phase.DRAFTING
        return Phase.OPEN if moment < self.closes_at else Phase.CLOSED

    @property
    def phase(self) -> Phase:
        return self.phase_at(self._moment)

    @property
    def _moment(self) -> datetime:
        return getattr(self, "read_at", None) or database_now()

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
        """Return False for 2018, when editors chose the order."""
        return self.opens_at is not None

    @property
    def has_results(self) -> bool:
        return self.was_ranked and self.phase in (Phase.CLOSED, Phase.PUBLISHED)

    def results_visible_to(self, user: Viewer) -> bool:
        if not self.has_results:
            return False
        return self.is_published or (user.is_authenticated and (user.is_insider or user.is_leader))

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def calendar(self) -> list[tuple[datetime | date, str, bool]]:
        moment = self._moment
        today = moment.astimezone(self.zone).date()
        moments = ((self.opens_at, "opening"), (self.closes_at, "close"), (self.published_at, "publication"))
        steps: list[tuple[date, datetime | date, str, bool]] = [
            (at.astimezone(self.zone).date(), at, what, at <= moment) for at, what in moments if at is not None
        ]
        if self.conference_from is not None:
            steps.append((self.conference_from, self.conference_from, "conference", self.conference_from < today))
        return [(at, what, is_past) for _, at, what, is_past in sorted(steps, key=lambda step: step[0])]

    def list_of(self, kind: str) -> AnnualList:
        return next(annual_list for annual_list in self.lists.all() if annual_list.kind == kind)

    def clean(self) -> None:
        """Report at the field what triggers would refuse, and dates that could not be taken back."""
        stored = Edition.objects.filter(pk=self.pk).first() if self.pk else None
        now = stored.read_at if stored else database_now()
        phase = stored.phase if stored else Phase.DRAFTING
        problems = self._window_problems()
        if stored is not None and stored.year != self.year:
            problems |= self._year_problems(phase)
        if stored is not None and phase is not Phase.DRAFTING:
            if self.opens_at != stored.opens_at:
                problems["opens_at"] = "Once the ballots have opened or the edition is published, the opening stays."
            if self.closes_at != stored.closes_at:
                problems |= self._close_problems(stored, phase, now)
        elif self.opens_at is not None:
            window_moves = stored is None or (self.opens_at, self.closes_at) != (
                stored.opens_at,
                stored.closes_at,
            )
            stops = [issue.what for issue in self._blocking_issues()] if window_moves else []
            if self.opens_at < now - MAX_OPENING_LAG:
                problems["opens_at"] = "An opening cannot be dated back: give this moment to open at once."
            elif stops:
                problems["opens_at"] = " ".join(stops)
            if self.closes_at is not None and self.opens_at < self.closes_at <= now:
                problems["closes_at"] = "This close has passed already. Choose a later one: voting cannot reopen."
        if problems:
            raise ValidationError(problems)

    def _window_problems(self) -> dict[str, str]:
        if self.opens_at is None or self.closes_at is None:
            return {}
        if self.closes_at <= self.opens_at:
            return {"closes_at": "The close must come after the opening."}
        latest = self.opens_at + MAX_WINDOW
        if self.closes_at <= latest:
            return {}
        given, last = (date_format(at.astimezone(self.zone), r"g:i a \o\n F j, Y") for at in (self.closes_at, latest))
        return {"closes_at": f"You gave {given}. Ballots are open for 366 days at most: until {last}."}

    def _year_problems(self, phase: Phase) -> dict[str, str]:
        if phase is not Phase.DRAFTING:
            return {"year": "Once the ballots have opened or the edition is published, its year stays."}
        from_later = Q(entries__came_from__earlier__annual_list__edition__year__gte=self.year)
        into_earlier = Q(entries__went_into__later__annual_list__edition__year__lte=self.year)
        backward = self.lists.filter(from_later | into_earlier).first()
        if backward is None:
            return {}
        return {"year": f"Links of its {backward.words.plural} would lead to an earlier year. Remove them first."}

    def _close_problems(self, stored: Edition, phase: Phase, now: datetime) -> dict[str, str]:
        if phase is not Phase.OPEN:
            return {"closes_at": "The ballots have closed, so the close can no longer move."}
        if self.closes_at is None or stored.closes_at is None:
            return {}
        if self.closes_at < now:
            return {"closes_at": "A close cannot be dated back: close the ballots now instead."}
        if self.closes_at < stored.closes_at:
            return {"closes_at": "The close cannot move earlier, except by closing the ballots now."}
        if not self.close_moved_because:
            return {"closes_at": "Say why the close moves. Members read the reason."}
        return {}

    def _kinds_with_entries(self) -> set[Kind]:
        if self.pk is None:
            return set()
        return {Kind(kind) for kind in self.lists.filter(entries__isnull=False).values_list("kind", flat=True)}

    def _blocking_issues(self) -> list[ReadinessIssue]:
        filled = self._kinds_with_entries()
        issues = [_list_is_empty(kind) for kind in Kind if kind not in filled]
        return issues if self.mail_previewed_at else [*issues, MAIL_UNREAD]

    def readiness_issues(self) -> list[ReadinessIssue]:
        if self.phase is not Phase.DRAFTING:
            return []
        has_earlier = Edition.objects.filter(year__lt=self.year).exists()
        advice = []
        for annual_list in self.lists.in_order().with_entry_counts():
            words = annual_list.words
            if annual_list.total == 0:
                advice.append(_list_is_empty(words))
                continue
            new = annual_list.total - annual_list.continuing if has_earlier else 0
            for name, page, count in (
                ("meaning", "entries", annual_list.without_meaning),
                ("plain words", "entries", annual_list.without_plain_words),
                ("new", "lineage", new),
            ):
                if count:
                    advice.append(ReadinessIssue(name, page, words, count, annual_list.total))
            if titles := annual_list.with_outdated_texts:
                advice.append(ReadinessIssue("outdated", "entries", words, titles=tuple(titles)))
        if self.mail_previewed_at is None:
            advice.append(MAIL_UNREAD)
        if self.opens_at is None:
            advice.append(ReadinessIssue("window", "window"))
        return advice

    def lists_without_a_past(self) -> list[ReadinessIssue]:
        if not Edition.objects.filter(year__lt=self.year).exists():
            return []
        return [
            ReadinessIssue("no past", "lineage", each.words, each.total, each.total)
            for each in self.lists.in_order().with_entry_counts()
            if each.total and not each.continuing
        ]

    def lock_for_share(self) -> None:
        """Lock this row, so that its window cannot change, and read the window."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT opens_at, closes_at FROM editions_edition WHERE id = %s FOR SHARE",
                [self.pk],
            )
            self.opens_at, self.closes_at = cursor.fetchone()

    def require_open(self) -> datetime:
        """Return the time. Raises WindowClosedError unless ballots are open. Lock first."""
        now = database_now()
        if self.phase_at(now) is not Phase.OPEN:
            raise WindowClosedError(self)
        return now

    def lock_for_update(self) -> Edition:
        """Wait for saves in progress, lock this row, and return it as it is then."""
        Edition.objects.select_for_update().get(pk=self.pk)
        return Edition.objects.get(pk=self.pk)

    @transaction.atomic
    def mark_mail_read(self) -> None:
        locked = self.lock_for_update()
        if locked.mail_previewed_at is None:
            locked._write(mail_previewed_at=database_now())
        self.mail_previewed_at = locked.mail_previewed_at

    @transaction.atomic
    def set_window(self, *, opens_at: datetime | None, closes_at: datetime | None) -> None:
        locked = self.lock_for_update()
        if locked.phase is not Phase.DRAFTING:
            raise ValidationError("After the ballots have opened, only their close can move.")
        locked.opens_at, locked.closes_at = opens_at, closes_at
        locked.full_clean()
        locked._write(opens_at=opens_at, closes_at=closes_at)
        self.opens_at, self.closes_at = opens_at, closes_at

    @transaction.atomic
    def open_now(self, *, closes_at: datetime) -> None:
        self.lock_for_update()
        self.set_window(opens_at=database_now(), closes_at=closes_at)

    def require_later_close(self, to: datetime) -> None:
        if self.closes_at is None or to <= self.closes_at:
            raise ValidationError("Give a later close. To close earlier, close the ballots now.")

    @transaction.atomic
    def move_close(self, to: datetime, *, reason: str) -> None:
        locked = self.lock_for_update()
        if not locked.is_open:
            raise ValidationError("The close can move only while ballots are open.")
        locked.require_later_close(to)
        locked.closes_at, locked.close_moved_because = to, reason.strip()
        locked.full_clean()
        with pghistory.context(reason=reason.strip()):
            locked._write(closes_at=to, close_moved_because=locked.close_moved_because)
        self.closes_at, self.close_moved_because = to, locked.close_moved_because

    @transaction.atomic
    def close_now(self) -> None:
        locked = self.lock_for_update()
        if not locked.is_open:
            raise ValidationError("Only an open edition can be closed.")
        locked._write(closes_at=database_now())
        self.closes_at = locked.closes_at

    def mark_published(self) -> None:
        """Set the time. Call results.publishing.publish, which also counts."""
        self._write(published_at=database_now())

    def why_not_published(self) -> str:
        if self.is_published:
            return "This edition is published already."
        if self.was_ranked:
            return "" if self.is_closed else "An edition with ballots is published after its close."
        if not self._kinds_with_entries():
            return "Both lists are empty: there is nothing to publish."
        return ""

    @transaction.atomic
    def begin_next(self) -> Edition:
        """Create next year's draft, with the same entries on the same lines."""
        locked = self.lock_for_update()
        if locked.is_drafting:
            raise ValidationError("Next year’s edition begins only once the ballots have opened, or it is published.")
        if Edition.objects.filter(year=locked.year + 1).exists():
            raise ValidationError(f"There already is an edition of {locked.year + 1}.")
        new = Edition(year=locked.year + 1, time_zone=locked.time_zone)
        new.title, new.introduction = (
            text.replace(str(locked.year), str(new.year)) for text in (locked.title, locked.introduction)
        )
        new.full_clean()
        new.save()
        for annual_list in new.lists.all():
            annual_list.copy_entries_of(locked.list_of(annual_list.kind))
        return Edition.objects.get(pk=new.pk)

    def proposed_window(self) -> dict[str, object]:
        earlier = Edition.objects.filter(year__lt=self.year, opens_at__isnull=False).order_by("-year").first()
        if earlier is None or earlier.opens_at is None or earlier.closes_at is None:
            return {}
        weeks = 52 * (self.year - earlier.year)
        opens_at, closes_at = (
            _same_clock_time(at.astimezone(self.zone), weeks) for at in (earlier.opens_at, earlier.closes_at)
        )
        return {"opens_at": opens_at, "closes_at": closes_at} if opens_at > database_now() else {}

    def lists_to_take_over(self) -> list[AnnualList]:
        if self.phase is not Phase.DRAFTING:
            return []
        empty = self.lists.in_order().filter(entries__isnull=True)
        return [earlier for annual_list in empty if (earlier := annual_list.earlier_filled_list())]

    @transaction.atomic
    def take_over_lists(self) -> None:
        """Give each empty list the entries of the newest earlier one, on the same lines."""
        earlier_lists = self.lock_for_update().lists_to_take_over()
        if not earlier_lists:
            raise ValidationError("Only an empty list of a draft can begin with an earlier list.")
        for earlier in earlier_lists:
            self.list_of(earlier.kind).copy_entries_of(earlier)

    def _write(self, **values: datetime | str | None) -> None:
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=list(values))


@pghistory.track()
class Erratum(models.Model):
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="errata")
    about = models.CharField(
        max_length=160,
        blank=True,
        help_text="What it puts right: an entry, a figure, the introduction.",
    )
    body = models.TextField("what is right", max_length=2_000)
    added_at = models.DateTimeField(db_default=Now(), editable=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    class Meta:
        ordering = ("added_at", "pk")
        verbose_name_plural = "errata"
        triggers: ClassVar = [ERRATUM_NEVER_CHANGES]
        constraints = [
            models.CheckConstraint(
                name="erratum_says_something",
                condition=~Q(body=""),
                violation_error_message="Say what is right.",
            )
        ]

    def __str__(self) -> str:
        return f"Erratum of {self.edition}{f': {self.about}' if self.about else ''}"

    def clean(self) -> None:
        if not self.edition.is_published:
            raise ValidationError(
                "Only a published edition can have an erratum. Before that, correct the wording itself."
            )
