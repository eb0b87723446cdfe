"""A member's word to the curators on one entry ("this overlaps with Data"), for nobody else to read."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from members.models import Government, User
from mixportal.editions import kinds
from mixportal.editions.models import Edition, Phase, database_now
from mixportal.editions.private_words.triggers import WORD_ONLY_BEFORE_THE_CLOSE
from mixportal.mail.models import Mail

MAX_WORD = 2_000  # characters, of a word and of its answer
WORD_MAIL = "private_word"  # what one may switch off: the word to the curators, and their answer
ANSWER_MAIL = "private_word_answered"


class TooLate(ValidationError):
    """The ballots have closed, or the list is published: the curators take no more words on it."""

    def __init__(self) -> None:
        super().__init__("The list stands: it is too late for a word on it.")


class PrivateWordQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """On the portal's pages, one's own alone; curators read them in their admin."""
        if user.is_authenticated and user.is_voter:
            return self.filter(written_by=user)
        return self.none()

    def on(self, entry: Any) -> Self:
        """In the order in which they were written."""
        return self.filter(entry=entry).order_by("written_at", "pk")

    def unread_first(self) -> Self:
        return self.order_by(models.F("answered_at").desc(nulls_first=True), "-written_at")


class PrivateWord(models.Model):
    """Concrete models add `entry`. It may leave the list because of the word, so `about` keeps its title."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="%(class)ss")
    government = models.ForeignKey(Government, models.PROTECT, related_name="%(class)ss")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="%(class)ss")
    about = models.CharField(max_length=120)
    body = models.TextField(max_length=MAX_WORD)
    written_at = models.DateTimeField(db_default=Now(), editable=False)
    answer = models.TextField(max_length=MAX_WORD, blank=True)
    answered_at = models.DateTimeField(null=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    objects: ClassVar[Any] = PrivateWordQuerySet.as_manager()

    class Meta:
        abstract = True
        triggers: ClassVar = [WORD_ONLY_BEFORE_THE_CLOSE]
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_answered_by_someone",
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | Q(answered_at__isnull=False, answered_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"On “{self.about}”, from {self.government}"

    @property
    def kind(self) -> kinds.Kind:
        return next(kind for kind in kinds.registered() if kind.word is type(self))

    @classmethod
    def write(cls, *, entry: Any, user: Any, body: str) -> Self:
        """Keeps the word and mails it to the curators who may read it. Raises TooLate.

        What the same person has said on the entry already is not said a second time (a form sent twice).
        """
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM editions_edition WHERE id = %s FOR SHARE", [entry.edition_id])
            edition = Edition.objects.get(pk=entry.edition_id)
            if edition.phase_at(database_now()) not in (Phase.DRAFTING, Phase.OPEN):
                raise TooLate
            word, is_new = cls.objects.get_or_create(
                edition=edition,
                government=user.government,
                written_by=user,
                entry=entry,
                body=body,
                defaults={"about": entry.title},
            )
            if is_new:
                word._tell_curators()
        return word

    @transaction.atomic
    def settle(self, answer: str, by: Any) -> None:
        """Marks it as read and, unless `answer` is blank, mails that to who wrote it.

        Raises ValidationError where another curator did so before.
        """
        stored = type(self).objects.select_for_update(of=("self",)).select_related("answered_by").get(pk=self.pk)
        if stored.answered_at is not None:
            raise ValidationError(f"{stored.answered_by} has answered it already.")
        self.answer, self.answered_at, self.answered_by = answer.strip(), database_now(), by
        self.save(update_fields=["answer", "answered_at", "answered_by"])
        if self.answer and self.written_by.is_active and self.written_by.wants(WORD_MAIL):
            path = reverse("edition", args=[self.edition.year])
            if self.entry:
                path = reverse(f"{self.kind.key}:entry", args=[self.edition.year, self.entry.slug]) + "#private-word"
            context = {"word": self, "url": settings.PORTAL_URL + path}
            Mail.objects.post(
                ANSWER_MAIL,
                self.written_by.email,
                cause=self._cause("answered"),
                context=context,
                unsubscribe=self.written_by.unsubscribe_address(WORD_MAIL),
            )

    def _tell_curators(self) -> None:
        path = reverse(f"admin:{self._meta.app_label}_{self._meta.model_name}_change", args=[self.pk])
        context = {"word": self, "kind": self.kind, "url": settings.PORTAL_URL + path}
        may_read = f"{self._meta.app_label}.view_{self._meta.model_name}"
        for curator in User.objects.filter(is_active=True, is_staff=True).order_by("pk"):
            if curator.has_perm(may_read) and curator.wants(WORD_MAIL):
                Mail.objects.post(
                    WORD_MAIL,
                    curator.email,
                    cause=self._cause("written"),
                    context=context,
                    unsubscribe=curator.unsubscribe_address(WORD_MAIL),
                )

    def _cause(self, what: str) -> str:
        return f"word:{self._meta.label}:{self.pk}:{what}"
