"""From draft to published: an edition's phase by the database's clock, its verbs, and what stands in their way."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

import pghistory
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction

from mixportal.editions import kinds

if TYPE_CHECKING:
    from mixportal.editions.models import Edition

# how long ago an opening may lie when it is given: a form takes a while to fill in
OPENING_LAG = timedelta(hours=1)
MAIL_UNREAD = "Nobody has read the mail that tells of the opening: read it first, as it will be sent."


class Phase(enum.StrEnum):
    DRAFTING = "drafting"
    OPEN = "open"
    CLOSED = "closed"
    PUBLISHED = "published"


class WindowClosed(Exception):
    """A ballot came before the opening or after the close; `edition` says when those are."""

    def __init__(self, edition: Any) -> None:
        super().__init__(f"The ballots of {edition.year} are not open.")
        self.edition = edition


def database_now() -> datetime:
    """The database's clock, which alone decides what is open."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


@dataclass(frozen=True)
class Missing:
    """What an edition still lacks. Without what `stops` it the next step is refused; the rest is advice."""

    what: str
    stops: bool
    page: str  # where it is mended: the name of a page of the desk, with the kind's key behind a colon


class Lifecycle:
    """What an edition does over its year. Mixed into Edition, which holds the fields."""

    if TYPE_CHECKING:
        pk: Any
        year: int
        opens_at: datetime | None
        closes_at: datetime | None
        published_at: datetime | None
        mail_previewed_at: datetime | None
        close_moved_because: str
        objects: ClassVar[Any]
        time_zone: str
        save: Any
        full_clean: Any
        is_published: Any
        was_ranked: Any
        is_open: Any
        is_closed: Any

    def phase_at(self, moment: datetime) -> Phase:
        if self.published_at is not None:
            return Phase.PUBLISHED
        if self.opens_at is None or self.closes_at is None or moment < self.opens_at:
            return Phase.DRAFTING
        return Phase.OPEN if moment < self.closes_at else Phase.CLOSED

    @property
    def phase(self) -> Phase:
        """By the database's clock when this edition was read."""
        return self.phase_at(getattr(self, "read_at", None) or database_now())

    # What is missing

    def clean(self) -> None:
        """Says at the field what the triggers refuse, and what nobody could take back (DESIGN rule 4)."""
        stored = type(self).objects.filter(pk=self.pk).first() if self.pk else None
        now = stored.read_at if stored else database_now()
        phase = stored.phase if stored else Phase.DRAFTING
        problems: dict[str, str] = {}
        if stored is not None and stored.year != self.year:
            problems |= self._year_problems(phase)
        if stored is not None and phase is not Phase.DRAFTING:
            if self.opens_at != stored.opens_at:
                problems["opens_at"] = "Once the ballots have opened or the edition is published, the opening stays."
            if self.closes_at != stored.closes_at:
                problems |= self._close_problems(stored, phase, now)
        elif self.opens_at is not None:
            window_moves = stored is None or (self.opens_at, self.closes_at) != (stored.opens_at, stored.closes_at)
            stops = [missing.what for missing in self._stops()] if window_moves else []
            if self.opens_at < now - OPENING_LAG:
                problems["opens_at"] = "An opening cannot be dated back: give this moment to open at once."
            elif stops:
                problems["opens_at"] = " ".join(stops)
            if self.closes_at is not None and self.opens_at < self.closes_at <= now:
                problems["closes_at"] = "This close has passed already: nobody could rank, and nothing reopens."
        if problems:
            raise ValidationError(problems)

    def _year_problems(self, phase: Phase) -> dict[str, str]:
        if phase is not Phase.DRAFTING:
            return {"year": "Once the ballots have opened or the edition is published, its year stays."}
        for kind in kinds.registered():
            mine = models.Q(later__edition=self.pk, earlier__edition__year__gte=self.year)
            theirs = models.Q(earlier__edition=self.pk, later__edition__year__lte=self.year)
            if kind.lineage.objects.filter(mine | theirs).exists():
                return {
                    "year": f"Lineage of its {kind.plural} would run backward in that year: remove the links first."
                }
        return {}

    def _close_problems(self, stored: Any, phase: Phase, now: datetime) -> dict[str, str]:
        if phase is not Phase.OPEN:
            return {"closes_at": "The ballots have closed: the close does not move any more."}
        if self.closes_at is None:
            return {}
        if self.closes_at < now:
            return {"closes_at": "A close cannot be dated back: close the ballots now instead."}
        if self.closes_at < stored.closes_at:
            return {"closes_at": "A close moves earlier only by closing the ballots now."}
        if not self.close_moved_because:
            return {"closes_at": "Say why the close moves: members read the reason."}
        return {}

    def _has_entries(self, kind: kinds.Kind) -> bool:
        return self.pk is not None and kind.entry.objects.filter(edition=self).exists()

    def _stops(self) -> list[Missing]:
        """What a window cannot be set without."""
        missing = [
            Missing(f"The list of {kind.plural} is empty: there is nothing to rank.", True, "list")
            for kind in kinds.registered()
            if not self._has_entries(kind)
        ]
        if self.mail_previewed_at is None:
            missing.append(Missing(MAIL_UNREAD, True, "mail"))
        return missing

    def missing(self) -> list[Missing]:
        """Before the next step; nothing once the ballots are open."""
        if self.phase is not Phase.DRAFTING:
            return []
        has_earlier = type(self).objects.filter(year__lt=self.year).exists()
        advice = []
        for kind in kinds.registered():
            counts = kind.entry.objects.filter(edition=self).aggregate(
                total=models.Count("pk", distinct=True),
                without_words=models.Count("pk", filter=models.Q(in_plain_words=""), distinct=True),
                linked=models.Count("pk", filter=models.Q(continues__isnull=False), distinct=True),
            )
            if counts["total"] == 0:
                advice.append(Missing(f"The list of {kind.plural} is empty: there is nothing to rank.", True, "list"))
                continue
            if count := counts["without_words"]:
                what = f"{count} of {counts['total']} {kind.plural} have no plain words for leaders."
                advice.append(Missing(what, False, f"entries:{kind.key}"))
            if has_earlier and (count := counts["total"] - counts["linked"]):
                what = f"{count} of {counts['total']} {kind.plural} continue nothing earlier: right if they are new."
                advice.append(Missing(what, False, f"lineage:{kind.key}"))
        if self.mail_previewed_at is None:
            advice.append(Missing(MAIL_UNREAD, True, "mail"))
        if self.opens_at is None:
            advice.append(Missing("No date is set on which the ballots open and close.", False, "window"))
        return advice

    # Verbs

    def hold(self) -> None:
        """Locks this edition's row FOR SHARE until the transaction ends: its calendar cannot move meanwhile."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT opens_at, closes_at FROM editions_edition WHERE id = %s FOR SHARE", [self.pk])
            self.opens_at, self.closes_at = cursor.fetchone()

    def require_open(self) -> None:
        """Raises WindowClosed unless ballots may be saved at this very moment. Call hold() first."""
        if self.phase_at(database_now()) is not Phase.OPEN:
            raise WindowClosed(self)

    @transaction.atomic
    def mark_mail_read(self) -> None:
        """A curator has read the mail that tells of the opening. Once is enough."""
        locked = self._locked()
        if locked.mail_previewed_at is None:
            locked._write(mail_previewed_at=database_now())
        self.mail_previewed_at = locked.mail_previewed_at

    @transaction.atomic
    def set_window(self, *, opens_at: datetime | None, closes_at: datetime | None) -> None:
        """Gives a drafted edition its opening and close, or none. Raises ValidationError for what cannot be."""
        locked = self._locked()
        if locked.phase is not Phase.DRAFTING:
            raise ValidationError("Once the ballots have opened, only their close moves.")
        locked.opens_at, locked.closes_at = opens_at, closes_at
        locked.full_clean()
        locked._write(opens_at=opens_at, closes_at=closes_at)
        self.opens_at, self.closes_at = opens_at, closes_at

    @transaction.atomic
    def open_now(self, *, closes_at: datetime) -> None:
        """Opens a drafted edition at this moment.

        Raises ValidationError in another phase, over an empty list, and before somebody has read the mail about it.
        """
        locked = self._locked()
        if locked.phase is not Phase.DRAFTING:
            raise ValidationError("Only an edition that is still drafted can be opened.")
        if stops := locked._stops():
            raise ValidationError([missing.what for missing in stops])
        locked.opens_at, locked.closes_at = database_now(), closes_at
        locked.full_clean()
        locked._write(opens_at=locked.opens_at, closes_at=closes_at)
        self.opens_at, self.closes_at = locked.opens_at, locked.closes_at

    @transaction.atomic
    def move_close(self, to: datetime, *, reason: str) -> None:
        """Moves an open edition's close later; members read the reason. Raises ValidationError otherwise."""
        locked = self._locked()
        if not locked.is_open:
            raise ValidationError("Only the close of ballots that are open moves.")
        if not reason.strip():
            raise ValidationError("Say why the close moves: members read the reason.")
        if to <= cast(datetime, locked.closes_at):
            raise ValidationError("A close moves later. To close earlier, close the ballots now.")
        locked.closes_at, locked.close_moved_because = to, reason.strip()
        locked.full_clean()
        with pghistory.context(reason=reason.strip()):
            locked._write(closes_at=to, close_moved_because=locked.close_moved_because)
        self.closes_at, self.close_moved_because = to, locked.close_moved_because

    @transaction.atomic
    def close_now(self) -> None:
        """Ends the window at this moment, after saves in flight. Raises ValidationError unless it is open."""
        locked = self._locked()
        if not locked.is_open:
            raise ValidationError("Only an open edition can be closed.")
        locked._write(closes_at=database_now())
        self.closes_at = locked.closes_at

    @transaction.atomic
    def publish(self) -> None:
        """Makes a closed or never-ranked edition public, for good, its tallies computed before.

        Raises ValidationError in another phase.
        """
        locked = self._locked()
        if refused := locked.why_not_published():
            raise ValidationError(refused)
        if locked.was_ranked:
            for kind in kinds.registered():
                if self._has_entries(kind):
                    kind.tally.objects.of(locked)
                    kind.comparison.objects.of(locked)
        locked._write(published_at=database_now())
        self.published_at = locked.published_at

    def why_not_published(self) -> str:
        """What stands in the way of publishing; empty when nothing does."""
        if self.is_published:
            return "This edition is published already."
        if self.was_ranked:
            return "" if self.is_closed else "An edition with ballots is published after its close."
        if not any(self._has_entries(kind) for kind in kinds.registered()):
            return "Both lists are empty: there is nothing to publish."
        return ""

    def _write(self, **values: Any) -> None:
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=list(values))

    def _locked(self) -> Self:
        """This edition read anew under FOR UPDATE, so after every save in flight."""
        type(self).objects.select_for_update().get(pk=self.pk)
        return type(self).objects.get(pk=self.pk)

    @transaction.atomic
    def begin_next(self) -> Edition:
        """Next year's edition in drafting: the same entries, each linked to the one it continues.

        Raises ValidationError when there is an edition of that year already.
        """
        locked = self._locked()
        year = locked.year + 1
        if type(self).objects.filter(year=year).exists():
            raise ValidationError(f"There is an edition of {year} already.")
        edition: Any = cast(Any, type(self))(year=year, time_zone=locked.time_zone)
        edition.full_clean()
        edition.save()
        for kind in kinds.registered():
            earlier = list(kind.entry.objects.of(locked))
            kept = ("title", "slug", "description", "in_plain_words", "position", kind.more_field)
            later = kind.entry.objects.bulk_create(
                kind.entry(edition=edition, **{field: getattr(entry, field) for field in kept}) for entry in earlier
            )
            kind.lineage.objects.bulk_create(
                kind.lineage(later=new, earlier=old) for new, old in zip(later, earlier, strict=True)
            )
        return type(self).objects.get(pk=edition.pk)
