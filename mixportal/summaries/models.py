from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

import pghistory
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import ExpressionWrapper, F, Q
from django.db.models.functions import Now
from django.urls import reverse

from members.models import Government, User, Viewer
from mixportal.editions.models import Edition, database_now
from mixportal.mail.models import Mail

TOKEN_BYTES = 32
DEFAULT_DAYS, MAX_DAYS = 30, 365
MAX_MAILS_PER_DAY = 10
MIN_CHECK_INTERVAL, MAX_CHECK_INTERVAL = timedelta(minutes=5), timedelta(hours=1)  # of a PDF file


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _opens() -> Q:
    waiting = Q(revoked_at__isnull=True, expires_at__gt=Now(), edition__closes_at__lte=Now())
    maker = Q(
        created_by__is_active=True,
        created_by__role__in=["member", "delegate"],
        created_by__government=F("government"),
    )
    return waiting & maker & Q(government__seat__isnull=False)


class ShareLinkQuerySet(models.QuerySet["ShareLink"]):
    def visible_to(self, user: Viewer) -> ShareLinkQuerySet:
        if user.is_authenticated and user.is_voter:
            return self.filter(government=user.government_id)
        return self.none()

    def with_state(self) -> ShareLinkQuerySet:
        opens = ExpressionWrapper(_opens(), output_field=models.BooleanField())
        is_past = ExpressionWrapper(Q(expires_at__lte=Now()), output_field=models.BooleanField())
        found = self.select_related("edition", "created_by", "government").annotate(opens=opens, is_past=is_past)
        return found.order_by("-created_at", "-pk")

    def use_token(self, token: str) -> ShareLink | None:
        link = self.filter(_opens(), token_sha256=_digest(token)).select_related("government", "created_by").first()
        if link is not None:
            self.filter(pk=link.pk).update(last_used_at=Now())
        return link

    @transaction.atomic
    def make(
        self, government: Government, edition: Edition, *, by: User, label: str, days: int
    ) -> tuple[ShareLink, str]:
        """Return a new link and its token. Raises PermissionDenied, ValidationError."""
        if not (by.is_voter and by.government_id == government.pk):
            raise PermissionDenied
        if not edition.has_results:
            raise ValidationError("A brief can be shared once its ballots have closed.")
        if government.seat is None:
            raise ValidationError(f"{government} holds no seat, so its links would not open.")
        token = secrets.token_urlsafe(TOKEN_BYTES)
        link = self.create(
            government=government,
            edition=edition,
            token_sha256=_digest(token),
            label=label,
            created_by=by,
            expires_at=database_now() + timedelta(days=days),
        )
        return link, token

    @transaction.atomic
    def send(self, government: Government, edition: Edition, *, by: User, to: str, line: str, days: int) -> ShareLink:
        """Mail a new link. Raises as `make` does, also above the daily limit."""
        Government.objects.select_for_update().get(pk=government.pk)  # makes the count exact
        since = database_now() - timedelta(days=1)
        sent = Mail.objects.filter(kind="brief", cause__startswith=f"brief:{government.pk}:", created_at__gt=since)
        if sent.count() >= MAX_MAILS_PER_DAY:
            raise ValidationError(f"{MAX_MAILS_PER_DAY} briefs were mailed within a day. Try again tomorrow.")
        link, token = self.make(government, edition, by=by, label=f"Mailed to {to}"[:80], days=days)
        context = {
            "link": link,
            "address": settings.PORTAL_URL + link.path(token),
            "line": line,
            "sender": by,
        }
        Mail.objects.enqueue("brief", to, cause=f"brief:{government.pk}:{link.pk}", context=context)
        return link


@pghistory.track(exclude=["token_sha256", "last_used_at"])
class ShareLink(models.Model):
    """A link that shows a brief without sign-in until it expires.

    It works while its maker speaks for the government and the government holds a seat.
    """

    government = models.ForeignKey(Government, models.PROTECT, related_name="share_links")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="share_links")
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    label = models.CharField(max_length=80, help_text="Who it is for.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ShareLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="share_link_has_a_label", condition=~Q(label="")),
            models.CheckConstraint(
                name="share_link_token_is_a_digest",
                condition=Q(token_sha256__regex=r"^[0-9a-f]{64}$"),  # noqa: S106  not a password
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.government}, {self.edition}"

    @staticmethod
    def path(token: str) -> str:
        return reverse("shared-brief", args=[token])

    def revoke(self) -> None:
        if not type(self).objects.filter(pk=self.pk, revoked_at__isnull=True).update(revoked_at=Now()):
            raise ValidationError("This link has already been ended.")


class Paper(models.TextChoices):
    LETTER = "Letter"
    A4 = "A4"


class StoredPdfQuerySet(models.QuerySet["StoredPdf"]):
    def checked(self, page_version: int) -> StoredPdfQuerySet:
        is_new = Q(checked_at__gt=Now() - MIN_CHECK_INTERVAL)
        is_unchanged = Q(page_version=page_version, checked_at__gt=Now() - MAX_CHECK_INTERVAL)
        return self.filter(is_new | is_unchanged)

    def claim(self, wanted: StoredPdf) -> StoredPdf:
        """Mark the row as checked, so that no other worker makes the same file."""
        key = ["edition", "government", "paper"]
        self.bulk_create(
            [wanted],
            update_conflicts=True,
            unique_fields=key,
            update_fields=["page_version", "checked_at"],
        )
        stored = self.get(edition=wanted.edition, government=wanted.government, paper=wanted.paper)
        stored.edition, stored.government = wanted.edition, wanted.government  # with `read_at`
        return stored

    def body_of(self, edition: Edition, government: Government | None, paper: str) -> bytes | None:
        found = self.filter(edition=edition, government=government, paper=paper).values_list("body", flat=True).first()
        return bytes(found) if found else None


class StoredPdf(models.Model):
    """`version` is a digest of its sources. `body` is null if it could not be made."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="pdfs")
    government = models.ForeignKey(Government, models.CASCADE, null=True, related_name="pdfs")
    paper = models.CharField(max_length=6, choices=Paper, default=Paper.LETTER)
    version = models.CharField(max_length=64, default="")
    body = models.BinaryField(null=True)
    page_version = models.BigIntegerField(help_text="The version of public pages at the last check.")
    checked_at = models.DateTimeField(default=Now())

    objects = StoredPdfQuerySet.as_manager()

    class Meta:
        db_table = "portal_pdfs"
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "government", "paper"],
                nulls_distinct=False,
                name="one_pdf_of_a_page_and_paper",
            )
        ]

    def __str__(self) -> str:
        return f"{self.edition}, {self.government or 'summary'}, {self.paper}"
