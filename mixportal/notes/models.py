from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Case, F, OuterRef, Q, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject, Length, Now

from members.models import Government, User, UserQuerySet, Viewer
from members.preferences import DIGEST
from mixportal.ballots.models import Placement
from mixportal.ballots.order import standing
from mixportal.ballots.sight import sees_everything
from mixportal.consensus.words import place_words
from mixportal.editions.models import AnnualList, Edition, Entry, database_now
from mixportal.editions.saving import Versioned
from mixportal.mail.models import DigestItem, Mail, render_text
from mixportal.notes.markdown import mentioned_slugs, plain_text, to_html
from mixportal.notes.triggers import (
    NOTE_KEEPS_ITS_PLACE,
    REASON_REMEMBERS_THE_PLACE,
    TOO_LATE_FOR_CURATORS,
)
from mixportal.notes.visibility import SEALED, NoteAudience, own_of, readable_by
from mixportal.tables.search_text import search_vector

MAX_BODY = 4_000
NEWS_PERIOD = timedelta(days=30)
CAUSES = (
    "reply",
    "mention",
    "to_curators",
    "new_note",
)  # the first that applies

# The ORM composes these slowly.
MENTIONED = """
    SELECT COALESCE(jsonb_agg(jsonb_build_object('slug', slug, 'name', name) ORDER BY mention.id), '[]')
    FROM notes_mention mention JOIN members_government ON members_government.id = mention.government_id
    WHERE mention.note_id = notes_note.id
"""
CAST_ORDER = """
    CASE WHEN notes_note.kind = %s THEN (
        SELECT jsonb_agg(jsonb_build_object('entry', placement.entry_id, 'place', placement.cast_place))
        FROM ballots_ballot ballot JOIN ballots_placement placement ON placement.ballot_id = ballot.id
        WHERE ballot.annual_list_id = %s AND ballot.government_id = notes_note.government_id
            AND placement.cast_place IS NOT NULL
    ) END
"""
NAMING = "SELECT note_id FROM notes_mention WHERE government_id = %s"
WRITTEN_ON = """
    SELECT entry_id FROM notes_note WHERE government_id = %s AND withdrawn_at IS NULL AND hidden_at IS NULL
"""
ENDORSED_BY = "ARRAY(SELECT government_id FROM notes_endorsement WHERE note_id = notes_note.id)"

models.TextField.register_lookup(Length)


class NoteQuerySet(models.QuerySet["Note"]):
    def visible_to(self, user: Viewer, edition: Edition | None = None) -> NoteQuerySet:
        """`edition` is that of all these notes, if they have one."""
        return self.filter(readable_by(user, edition))

    def active(self) -> NoteQuerySet:
        return self.filter(withdrawn_at__isnull=True, hidden_at__isnull=True)

    def with_mentioned(self) -> NoteQuerySet:
        annotations = {"mentioned": RawSQL(MENTIONED, [], models.JSONField())}  # noqa: S611
        return self.annotate(**annotations)

    def with_orders(self, user: User, annual_list: AnnualList | None = None) -> NoteQuerySet:
        """Annotate each reason with its government's order, as far as this insider sees it.

        Before the close, only voters who see all of their own ballot see its working order.
        `annual_list` is that of all these notes, if they have one.
        """
        if annual_list is not None and annual_list.edition.has_results:
            cast = {"order": RawSQL(CAST_ORDER, [SEALED, annual_list.pk], models.JSONField())}  # noqa: S611
            return self.annotate(**cast)
        placements = Placement.objects.filter(
            ballot__annual_list=OuterRef("entry__annual_list"), ballot__government=OuterRef("government")
        )
        is_closed = Q(ballot__annual_list__edition__closes_at__lte=Now())
        own = Q(ballot__government=user.government_id) & sees_everything(user, "ballot__annual_list__edition__")
        seen = placements.filter(is_closed | own if user.is_voter else is_closed)
        at = Case(When(is_closed, then="cast_place"), default="place")
        ranked = seen.annotate(at=at).filter(at__isnull=False)
        order = ArraySubquery(ranked.values_list(JSONObject(entry="entry_id", place="at")))
        annotations = {"order": Case(When(kind=SEALED, then=order))}
        return self.annotate(**annotations)

    def for_discussion(self) -> NoteQuerySet:
        annotations = {
            "author_name": F("author__name"),
            "author_title": F("author__title"),
            "endorsed_by": RawSQL(ENDORSED_BY, [], ArrayField(models.BigIntegerField())),  # noqa: S611
        }
        return self.with_mentioned().select_related("government").defer("search").annotate(**annotations)

    def of_others(self, user: Viewer) -> NoteQuerySet:
        return self.visible_to(user).active().exclude(own_of(user))

    def newest_threads(self) -> NoteQuerySet:
        entry = "entry__annual_list__edition__"
        shown = self.filter(reply_to__isnull=True, entry__isnull=False).order_by("-created_at")
        return shown.select_related("government", "entry__annual_list__edition").only(
            "kind", "body", "created_at", "government__name", "entry__title", "entry__slug",
            "entry__annual_list__kind", f"{entry}year", f"{entry}time_zone",
        )  # fmt: skip

    def new_for(self, user: Viewer, last_visit: datetime | None) -> NoteQuerySet:
        """Return the new ones of these notes of others. A sealed reason is new at the close."""
        if not user.is_authenticated:
            return self.none()
        since = last_visit or Now() - NEWS_PERIOD
        concerns = Q(audience=NoteAudience.CURATORS) if user.is_curator else Q(pk__in=[])
        if user.is_voter:
            own = [user.government_id]
            concerns |= Q(reply_to__government=user.government_id)
            concerns |= Q(pk__in=RawSQL(NAMING, own)) | Q(entry__in=RawSQL(WRITTEN_ON, own))  # noqa: S611
        unsealed_since = Q(kind=SEALED, entry__annual_list__edition__closes_at__gt=since)
        return self.filter(concerns, Q(created_at__gt=since) | unsealed_since)

    def earlier_reason(self, entry: Entry, government_id: int | None) -> Note | None:
        earlier = self.active().filter(kind=SEALED, government=government_id, entry__in=entry.earlier_on_line())
        edition = "entry__annual_list__edition"
        return earlier.select_related(edition).order_by(f"-{edition}__year").first()


@pghistory.track(exclude=["search", "place_then", "joint_then"])
class Note(Versioned):
    KINDS = ("reason", "practice", "question", "note")

    entry = models.ForeignKey(
        Entry,
        models.SET_NULL,
        null=True,
        related_name="notes",
        help_text="Empty once a drafted entry is removed.",
    )
    about = models.CharField(max_length=120, editable=False, help_text="The title of the entry when it was written.")
    government = models.ForeignKey(
        Government,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="notes",
        help_text="Empty in a curator’s answer.",
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in KINDS])
    body = models.TextField(blank=True)
    audience = models.CharField(max_length=10, choices=NoteAudience.choices, default=NoteAudience.MEMBERS)
    reply_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replies")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    edited_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    hidden_at = models.DateTimeField(null=True, blank=True, editable=False)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    hidden_reason = models.CharField(max_length=300, blank=True)
    # set by a trigger at the last save of a reason
    place_then = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    joint_then = models.BooleanField(default=False, db_default=False, editable=False)
    search = models.GeneratedField(
        expression=search_vector("body"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = NoteQuerySet.as_manager()

    mentioned: list[dict[str, str]]  # by with_mentioned()
    order: list[dict[str, int]] | None = None  # by with_orders()
    author_name: str  # by for_discussion()
    author_title: str
    endorsed_by: Sequence[int] = ()  # governments, by for_discussion()

    class Meta:
        triggers: ClassVar = [NOTE_KEEPS_ITS_PLACE, REASON_REMEMBERS_THE_PLACE]
        indexes: ClassVar = [GinIndex(fields=["search"], name="note_words")]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "government"],
                condition=Q(kind="reason", withdrawn_at__isnull=True),
                name="note_one_reason",
                violation_error_message="Your government already gave its reason. Change that one.",
            ),
            models.CheckConstraint(
                name="note_words_until_withdrawn",
                condition=Q(withdrawn_at__isnull=True, body__length__range=(1, MAX_BODY))
                | Q(withdrawn_at__isnull=False, body=""),
                violation_error_message=f"Write 1 to {MAX_BODY:,} characters.",
            ),
            models.CheckConstraint(
                name="note_codes_known",
                condition=Q(
                    kind__in=["reason", "practice", "question", "note"],
                    audience__in=["government", "curators", "members", "public"],
                ),
            ),
            models.CheckConstraint(
                name="note_answers_are_practices_or_notes",
                condition=Q(reply_to__isnull=True) | Q(kind__in=["practice", "note"]),
                violation_error_message="An answer is a note or a practice.",
            ),
            models.CheckConstraint(
                name="note_of_a_government_or_a_curators_answer",
                condition=Q(government__isnull=False) | Q(reply_to__isnull=False, audience="curators", kind="note"),
                violation_error_message="A curator writes answers, as notes to the government and the curators.",
            ),
            models.CheckConstraint(
                name="note_hidden_by_someone_for_a_reason",
                condition=Q(hidden_at__isnull=True, hidden_by__isnull=True, hidden_reason="")
                | Q(hidden_at__isnull=False, hidden_by__isnull=False) & ~Q(hidden_reason=""),
                violation_error_message="Give a reason: the author and all other readers see it.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.government or 'a curator'} on {self.about}"

    def get_absolute_url(self) -> str:
        assert self.entry is not None
        return f"{self.entry.get_absolute_url()}?note={self.pk}#note-{self.pk}"

    @property
    def is_reason(self) -> bool:
        return self.kind == SEALED

    @cached_property
    def standing(self) -> tuple[int, bool] | None:
        """Return where the entry is on the ballot now. Needs with_orders."""
        places = {each["entry"]: each["place"] for each in self.order or []}
        return standing(places, self.entry_id) if self.entry_id else None

    @property
    def place(self) -> str:
        if not self.order:
            return ""
        return place_words(*self.standing) if self.standing else "not ranked"

    @property
    def earlier_place(self) -> str:
        """Return where the entry was when the reason was written, for its government only."""
        return place_words(self.place_then, self.joint_then) if self.place_then else ""

    @property
    def has_moved(self) -> bool:
        return bool(self.order) and self.place_then != (self.standing[0] if self.standing else None)

    @property
    def is_active(self) -> bool:
        return self.withdrawn_at is None and self.hidden_at is None

    @property
    def _names(self) -> tuple[tuple[str, str], ...]:
        return tuple((government["slug"], government["name"]) for government in self.mentioned)

    @property
    def html(self) -> str:
        return to_html(self.body, self._names)

    @property
    def plain(self) -> str:
        return plain_text(self.body, self._names)

    def is_own_of(self, user: Viewer) -> bool:
        """A curator's answer belongs to its author."""
        if not user.is_authenticated:
            return False
        if self.government_id is None:
            return user.is_curator and user.pk == self.author_id
        return user.is_voter and user.government_id == self.government_id

    def can_be_answered_by(self, user: Viewer) -> bool:
        if not user.is_authenticated or not self.is_active or self.reply_to_id is not None:
            return False
        is_for_others = self.audience != NoteAudience.CURATORS
        return self.is_answered_as_curator(user) or (user.is_voter and (is_for_others or self.is_own_of(user)))

    def is_answered_as_curator(self, user: User) -> bool:
        return self.audience == NoteAudience.CURATORS and user.is_curator and not self.is_own_of(user)

    @classmethod
    @transaction.atomic
    def write(
        cls,
        *,
        entry: Entry,
        user: User,
        kind: str,
        body: str,
        audience: str,
        reply_to: Note | None = None,
    ) -> Note:
        """Write a note and mail it, or return the same note if it is there already. Raises ValidationError."""
        same = cls.objects.filter(author=user, entry=entry, kind=kind, audience=audience, reply_to=reply_to)
        if repeated := same.filter(body=body, withdrawn_at=None).first():
            return repeated
        note = cls(
            entry=entry,
            about=entry.title,
            government=None if reply_to is not None and reply_to.is_answered_as_curator(user) else user.government,
            author=user,
            kind=kind,
            body=body,
            audience=audience,
            reply_to=reply_to,
            version=1,
        )
        note._validate()
        note.save()
        note.refresh_from_db(fields=["created_at"])
        note._save_mentions()
        note._mail()
        return note

    @transaction.atomic
    def edit(self, user: User, *, body: str, audience: str, version: int) -> Note:
        note = self._lock_own(user)
        if (note.body, note.audience) == (body, audience):  # sent twice, or a reason that holds at a new place
            note.save(update_fields=["body"])
            return note
        note.advance(version)
        if note.body != body:
            note.body, note.edited_at = body, database_now()
            if note.is_reason:
                note.author = user  # a new voter sees the reasons that this voter wrote
        audience_changes = note.audience != audience
        note.audience = audience
        note._validate(audience_changes=audience_changes)
        note.save(update_fields=["author", "body", "audience", "version", "edited_at"])
        note._save_mentions()
        note._mail(CAUSES if audience_changes else ("mention",))
        return note

    @transaction.atomic
    def withdraw(self, user: User) -> None:
        note = self._lock_own(user)
        note.withdrawn_at, note.body = database_now(), ""
        note.save(update_fields=["withdrawn_at", "body"])
        note.mentions.all().delete()
        note.endorsements.all().delete()

    @transaction.atomic
    def hide(self, curator: User, reason: str) -> None:
        """Show the note only to its government and curators."""
        note = Note.objects.select_for_update().get(pk=self.pk)
        note.hidden_at, note.hidden_by, note.hidden_reason = database_now(), curator, " ".join(reason.split())
        note.full_clean(exclude=["search"])
        note.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
        people = User.objects.filter(pk=self.author_id, is_active=True)
        for person in User.objects.voting_for(self.government) if self.government else people:
            note._mail_to(person, "hidden")

    @transaction.atomic
    def show(self) -> None:
        note = Note.objects.select_for_update().get(pk=self.pk)
        note.hidden_at, note.hidden_by, note.hidden_reason = None, None, ""
        note.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])

    @transaction.atomic
    def endorse(self, user: User, *, on: bool = True) -> None:
        if not user.is_voter or self.government_id in (None, user.government_id) or not self.is_active:
            raise PermissionDenied
        if on:
            self.endorsements.get_or_create(government=user.government, defaults={"endorsed_by": user})
        else:
            self.endorsements.filter(government=user.government_id).delete()

    def _lock_own(self, user: User) -> Note:
        notes = Note.objects.select_for_update(of=("self",)).select_related("entry__annual_list__edition")
        note = notes.get(pk=self.pk)
        if not note.is_own_of(user) or note.withdrawn_at is not None:
            raise PermissionDenied
        return note

    def _validate(self, *, audience_changes: bool = True) -> None:
        edition = self.entry.edition if self.entry else None
        accepts_notes_to_curators = edition is not None and (edition.is_drafting or edition.is_open)
        is_to_curators = self.audience == NoteAudience.CURATORS and self.government_id is not None
        if audience_changes and is_to_curators and not accepts_notes_to_curators:
            raise ValidationError({"audience": TOO_LATE_FOR_CURATORS})
        self.full_clean(exclude=["search"])
        if self.reply_to is not None and self.audience not in NoteAudience(self.reply_to.audience).reply_audiences:
            raise ValidationError({"audience": "An answer cannot have more readers than the note it answers."})
        if self.pk is None and self.is_reason and (edition is None or edition.is_drafting or not edition.was_ranked):
            raise ValidationError({"kind": "Reasons can be given after the ballots have opened."})
        if self.pk is None and self.reply_to is not None and self.reply_to.withdrawn_at is not None:
            raise ValidationError("The note you answer was withdrawn in the meantime.")

    def _save_mentions(self) -> None:
        named = Government.objects.filter(slug__in=mentioned_slugs(self.body))
        if self.government_id is not None:
            named = named.exclude(pk=self.government_id)
        self.mentions.exclude(government__in=named).delete()
        Mention.objects.bulk_create([Mention(note=self, government=each) for each in named], ignore_conflicts=True)

    def _mail(self, causes: tuple[str, ...] = CAUSES) -> None:
        """Mail only those who may read the note, and never about a sealed reason."""
        if self.entry is None or (self.is_reason and not self.entry.edition.has_results):
            return
        people = self._recipients(self.entry)
        first_causes = {person: cause for cause in reversed(causes) for person in people[cause]}
        for person, cause in first_causes.items():
            if person.wants(cause):
                self._mail_to(person, cause)

    def _recipients(self, entry: Entry) -> dict[str, UserQuerySet]:
        people = User.objects.filter(is_active=True).exclude(pk=self.author_id).order_by("pk")
        voters = Q(role__in=[User.Role.MEMBER, User.Role.DELEGATE])
        answered = self.reply_to.government_id if self.reply_to else None
        own = voters & Q(government=self.government_id or answered)
        if self.audience == NoteAudience.GOVERNMENT:
            people = people.filter(own)
        if self.audience == NoteAudience.CURATORS:
            people = people.filter(own | Q(is_staff=True))
        others = Note.objects.active().filter(entry=entry).exclude(government=self.government_id)
        if not entry.edition.has_results:
            others = others.exclude(kind=SEALED)
        return {
            "reply": people.filter(voters, government=answered) if answered else people.none(),
            "mention": people.filter(voters, government__in=self.mentions.values("government")),
            "to_curators": people.filter(is_staff=True) if self.audience == NoteAudience.CURATORS else people.none(),
            "new_note": people.filter(voters, government__in=others.values("government")),
        }

    def _mail_to(self, person: User, cause: str) -> None:
        """Send no text of the note, because its audience may change later."""
        dedupe_key = f"{cause if cause == 'hidden' else 'note'}:{self.pk}"
        url = settings.PORTAL_URL + self.get_absolute_url()
        if person.mail_preference(cause) == DIGEST:
            line = render_text("mail/digest_line.txt", {"note": self, "cause": cause})
            DigestItem.objects.collect(person.email, kind=cause, cause=dedupe_key, line=line, url=url)
            return
        Mail.objects.enqueue(
            cause,
            person.email,
            cause=dedupe_key,
            context={
                "note": self,
                "entry": self.entry,
                "person": person,
                "what": self.get_kind_display(),
                "address": url,
            },
            unsubscribe=person.unsubscribe_address(cause),
        )


@pghistory.track()
class Endorsement(models.Model):
    note = models.ForeignKey(Note, models.CASCADE, related_name="endorsements")
    government = models.ForeignKey(Government, models.PROTECT, related_name="+")
    endorsed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    endorsed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["note", "government"], name="endorsement_once")]

    def __str__(self) -> str:
        return f"{self.government} says the same"


class Mention(models.Model):
    note = models.ForeignKey(Note, models.CASCADE, related_name="mentions")
    government = models.ForeignKey(Government, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["note", "government"], name="mention_once")]

    def __str__(self) -> str:
        return f"names {self.government}"
