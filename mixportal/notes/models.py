"""What each kind's notes share. The concrete models add their own foreign keys."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject, Length, Now
from django.urls import reverse

from members.models import Government
from mixportal.editions import kinds
from mixportal.editions.models import database_now
from mixportal.notes import news
from mixportal.notes.markdown import mentioned_in, plain_text, to_html
from mixportal.notes.triggers import TOO_LATE_FOR_CURATORS
from mixportal.notes.visibility import SEALED, Audience, readable_by

LONGEST = 4_000  # characters of one note
LANGUAGE = "english"  # of the search: how words are cut to their stems

models.TextField.register_lookup(Length)


class Stale(Exception):
    """Somebody else of the government changed the note since; `note` is what is stored now. Nothing was written."""

    def __init__(self, note: Any) -> None:
        super().__init__("The note has changed since this page was loaded.")
        self.note = note


class NoteQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        return self.filter(readable_by(user))

    def standing(self) -> Self:
        """Neither withdrawn nor hidden by a curator: what is found, counted and told."""
        return self.filter(withdrawn_at__isnull=True, hidden_at__isnull=True)

    def with_people(self) -> Self:
        return self.select_related("government", "author", "hidden_by")

    def with_mentioned(self) -> Self:
        """With `mentioned`, slug and name of each government that it names."""
        named = self.model.mentions.rel.related_model.objects.filter(note=OuterRef("pk")).order_by("pk")
        said = JSONObject(slug="government__slug", name="government__name")
        return self.annotate(mentioned=ArraySubquery(named.values_list(said)))

    def with_same(self, user: Any) -> Self:
        """With `same_count`, the governments that say the same, and `is_mine_too`, whether the user's does."""
        same = self.model.sames.rel.related_model.objects.filter(note=OuterRef("pk"))
        count = same.order_by().values("note").annotate(count=Count("pk")).values("count")
        own = user.government_id if user.is_authenticated else None
        return self.annotate(
            same_count=Coalesce(Subquery(count), 0),
            is_mine_too=Exists(same.filter(government=own)) if own else Value(False),
        )

    def earlier_reason(self, entry: Any, government: Any) -> Any:
        """The newest reason that the government gave for what `entry` continues; None without one."""
        earlier = entry.continues.values("earlier")
        reasons = self.standing().filter(kind=SEALED, government=government, entry__in=earlier)
        return reasons.select_related("entry__edition").order_by("-entry__edition__year").first()


class Note(models.Model):
    """What a government writes on an entry. Concrete models add `entry`, related as `notes`, and `reply_to`, as
    `replies`; also their `sames` and `mentions`."""

    class Kind(models.TextChoices):
        REASON = "reason", "reason"
        PRACTICE = "practice", "practice"
        QUESTION = "question", "question"
        NOTE = "note", "note"

    government = models.ForeignKey(Government, models.PROTECT, related_name="%(class)ss")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    body = models.TextField(blank=True)
    audience = models.CharField(max_length=10, choices=Audience.choices, default=Audience.MEMBERS)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    edited_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    hidden_at = models.DateTimeField(null=True, blank=True, editable=False)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    hidden_reason = models.CharField(max_length=300, blank=True)
    search = models.GeneratedField(
        expression=SearchVector("body", config=LANGUAGE), output_field=SearchVectorField(), db_persist=True
    )

    objects: ClassVar[Any] = NoteQuerySet.as_manager()

    class Meta:
        abstract = True
        indexes: ClassVar = [GinIndex(fields=["search"], name="%(class)s_words")]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "government"],
                condition=Q(kind="reason", withdrawn_at__isnull=True),
                name="%(app_label)s_%(class)s_one_reason",
                violation_error_message="Your government has given its reason already: change that one.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_words_until_withdrawn",
                condition=Q(withdrawn_at__isnull=True, body__length__range=(1, LONGEST))
                | Q(withdrawn_at__isnull=False, body=""),
                violation_error_message=f"A note has 1 to {LONGEST:,} characters.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_codes_known",
                condition=Q(
                    kind__in=["reason", "practice", "question", "note"],
                    audience__in=["government", "curators", "members", "public"],
                ),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_answers_are_practices_or_notes",
                condition=Q(reply_to__isnull=True) | Q(kind__in=["practice", "note"]),
                violation_error_message="An answer is a note or a practice.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_hidden_by_someone_for_a_reason",
                condition=Q(hidden_at__isnull=True, hidden_by__isnull=True, hidden_reason="")
                | Q(hidden_at__isnull=False, hidden_by__isnull=False) & ~Q(hidden_reason=""),
                violation_error_message="Give a reason: the author and all other readers see it.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.government} on {self.entry}"

    def get_absolute_url(self) -> str:
        """Where it stands on its entry's page."""
        entry = reverse(f"{self.listed_in.key}:entry", args=[self.entry.edition.year, self.entry.slug])
        return f"{entry}?note={self.pk}#note-{self.pk}"

    @property
    def listed_in(self) -> kinds.Kind:
        return next(kind for kind in kinds.registered() if kind.note is type(self))

    @property
    def is_reason(self) -> bool:
        return self.kind == self.Kind.REASON

    @property
    def is_standing(self) -> bool:
        return self.withdrawn_at is None and self.hidden_at is None

    @property
    def html(self) -> str:
        """The body as a page may show it, the governments that it names linked; read `with_mentioned`."""
        return to_html(self.body, tuple((each["slug"], each["name"]) for each in self.mentioned))

    @property
    def plain(self) -> str:
        return plain_text(self.body)

    def is_own_of(self, user: Any) -> bool:
        return user.is_authenticated and user.is_voter and user.government_id == self.government_id

    # What people do

    @classmethod
    @transaction.atomic
    def write(cls, *, entry: Any, user: Any, kind: str, body: str, audience: str, reply_to: Any = None) -> Self:
        """A new note of the user's government; tells whom it concerns. Raises ValidationError."""
        note = cls(
            entry=entry, government=user.government, author=user, kind=kind, body=body, audience=audience,
            reply_to=reply_to,
        )  # fmt: skip
        note._check_audience(audience)
        note._check()
        note.save()
        note.refresh_from_db(fields=["created_at"])
        note._note_mentions()
        news.tell(note)
        return note

    @transaction.atomic
    def edit(self, user: Any, *, body: str, audience: str, version: int) -> Self:
        """The note with new words or readers. Raises PermissionDenied, Stale or ValidationError, and writes nothing."""
        note = self._locked(user)
        if (note.body, note.audience) == (body, audience):
            return note  # a repeat, whatever version it saw
        if note.version != version:
            raise Stale(note)
        readers_change = note.audience != audience
        if readers_change:
            note._check_audience(audience)
        if note.body != body:
            note.edited_at = database_now()
        note.body, note.audience = body, audience
        note.version += 1
        note._check()
        note.save(update_fields=["body", "audience", "version", "edited_at"])
        note._note_mentions()
        news.tell(note, causes=news.CAUSES if readers_change else (news.MENTION,))
        return note

    @transaction.atomic
    def withdraw(self, user: Any) -> None:
        """Takes the words away; the history keeps them, and where there are answers a gap stays."""
        note = self._locked(user)
        note.withdrawn_at, note.body = database_now(), ""
        note.save(update_fields=["withdrawn_at", "body"])
        note.mentions.all().delete()
        note.sames.all().delete()

    @transaction.atomic
    def hide(self, curator: Any, reason: str) -> None:
        """Takes it from all readers but its government and the curators; everyone is told that and why."""
        note = type(self).objects.select_for_update().get(pk=self.pk)
        note.hidden_at, note.hidden_by, note.hidden_reason = database_now(), curator, " ".join(reason.split())
        note.full_clean(exclude=["search"])
        note.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
        news.tell_hidden(note)

    @transaction.atomic
    def show(self) -> None:
        note = type(self).objects.select_for_update().get(pk=self.pk)
        note.hidden_at, note.hidden_by, note.hidden_reason = None, None, ""
        note.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])

    @transaction.atomic
    def say_same(self, user: Any, says_so: bool) -> None:
        """Whether the user's government says the same. Raises PermissionDenied for the own note."""
        if self.government_id == user.government_id or not self.is_standing:
            raise PermissionDenied
        if says_so:
            same = self.sames.model
            same.objects.bulk_create([same(note=self, government=user.government, said_by=user)], ignore_conflicts=True)
        else:
            self.sames.filter(government=user.government_id).delete()

    def _locked(self, user: Any) -> Self:
        note = type(self).objects.select_for_update(of=("self",)).select_related("entry__edition").get(pk=self.pk)
        if not note.is_own_of(user) or note.withdrawn_at is not None:
            raise PermissionDenied
        return note

    def _check(self) -> None:
        self.full_clean(exclude=["search"])
        if self.reply_to is not None and self.audience not in Audience(self.reply_to.audience).no_wider:
            raise ValidationError({"audience": "An answer is for no more readers than what it answers."})
        if self.pk is None and self.is_reason and (self.entry.edition.is_drafting or not self.entry.edition.was_ranked):
            raise ValidationError({"kind": "A reason is given once the ballots have opened."})
        if self.pk is None and self.reply_to is not None and self.reply_to.withdrawn_at is not None:
            raise ValidationError("What you answer has been withdrawn meanwhile.")

    def _check_audience(self, audience: str) -> None:
        if audience == Audience.CURATORS and not (self.entry.edition.is_drafting or self.entry.edition.is_open):
            raise ValidationError({"audience": TOO_LATE_FOR_CURATORS})

    def _note_mentions(self) -> None:
        named = Government.objects.filter(slug__in=mentioned_in(self.body)).exclude(pk=self.government_id)
        mention = self.mentions.model
        self.mentions.exclude(government__in=named).delete()
        mention.objects.bulk_create(
            [mention(note=self, government=government) for government in named], ignore_conflicts=True
        )


class Same(models.Model):
    """A government says the same as a note. Concrete models add `note`, related as `sames`."""

    government = models.ForeignKey(Government, models.PROTECT, related_name="+")
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    said_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["note", "government"], name="%(app_label)s_%(class)s_once")]

    def __str__(self) -> str:
        return f"{self.government} says the same"


class Mention(models.Model):
    """A government that a note names. Concrete models add `note`, related as `mentions`."""

    government = models.ForeignKey(Government, models.PROTECT, related_name="+")

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["note", "government"], name="%(app_label)s_%(class)s_once")]

    def __str__(self) -> str:
        return f"names {self.government}"
