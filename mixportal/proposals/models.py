from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

import pghistory
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Collate, Lower, Now
from django.urls import reverse

from members.models import Government, User, Viewer
from mixportal.editions.models import AnnualList, Edition, Entry, Kind, database_now, slug_for
from mixportal.editions.saving import explain_refusal
from mixportal.mail.models import Mail
from mixportal.proposals.triggers import PROPOSAL_ONLY_WHILE_DRAFTING, SUPPORT_ONLY_WHILE_DRAFTING

MAX_TEXT = 2_000
MAX_REASON = 300
DECIDED_MAIL = "proposal_decided"


class NotDraftingError(ValidationError):
    pass


def require_draft(edition: Edition) -> None:
    """Raises NotDraftingError."""
    if not edition.is_drafting:
        raise NotDraftingError("The list is not drafted any more: its proposals stay as they are.")


def lock_draft(edition: Edition) -> None:
    """Let one change of its proposals run at a time. Raises NotDraftingError."""
    require_draft(edition.lock_for_update())


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, user: Viewer) -> ProposalQuerySet:
        if user.is_authenticated and user.is_insider:
            return self.filter(withdrawn_at__isnull=True)
        return self.none()

    def for_edition(self, edition: Edition) -> ProposalQuerySet:
        return self.filter(annual_list__edition=edition)

    def waiting(self) -> ProposalQuerySet:
        return self.filter(outcome="", withdrawn_at__isnull=True)

    def with_support(self) -> ProposalQuerySet:
        return self.select_related(
            "annual_list__edition",
            "government",
            "proposed_by",
            "entry",
            "into__annual_list",
            "into__government",
            "into__entry",
        ).prefetch_related(models.Prefetch("supports", supports_by_government()))


def supports_by_government() -> models.QuerySet[Support]:
    return Support.objects.select_related("government").order_by(Collate(Lower("government__name"), "C"))


@pghistory.track()
class Proposal(models.Model):
    OUTCOMES = [
        ("accepted", "accepted"),
        ("merged", "merged"),
        ("declined", "declined"),
    ]

    annual_list = models.ForeignKey(AnnualList, models.PROTECT, related_name="proposals")
    government = models.ForeignKey(Government, models.PROTECT, related_name="proposals")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    description = models.TextField(max_length=MAX_TEXT)
    why = models.TextField(max_length=MAX_TEXT, blank=True)
    proposed_at = models.DateTimeField(db_default=Now(), editable=False)
    edited_at = models.DateTimeField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    outcome = models.CharField(max_length=10, choices=OUTCOMES, blank=True, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    declined_because = models.TextField(max_length=MAX_TEXT, blank=True, editable=False)
    entry = models.ForeignKey(
        Entry,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="proposals",
        help_text="What it became.",
    )
    into = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="merged_in")

    objects = ProposalQuerySet.as_manager()

    class Meta:
        triggers: ClassVar = [PROPOSAL_ONLY_WHILE_DRAFTING]
        constraints = [
            models.CheckConstraint(
                name="proposal_decided_by_someone",
                condition=Q(outcome="", decided_at__isnull=True, decided_by__isnull=True)
                | Q(
                    outcome__in=["accepted", "merged", "declined"],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="proposal_outcome_fits",
                condition=Q(outcome="", entry__isnull=True, into__isnull=True, declined_because="")
                | Q(outcome="accepted", into__isnull=True, declined_because="")
                | Q(outcome="merged", declined_because="") & (Q(entry__isnull=True) | Q(into__isnull=True))
                | Q(outcome="declined", entry__isnull=True, into__isnull=True) & ~Q(declined_because=""),
            ),
            models.CheckConstraint(
                name="proposal_withdrawn_or_decided",
                condition=Q(withdrawn_at__isnull=True) | Q(outcome=""),
            ),
            models.CheckConstraint(
                name="proposal_not_into_itself",
                condition=Q(into__isnull=True) | ~Q(into=models.F("id")),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{reverse('proposals', args=[self.edition.year])}#{self.anchor}"

    @property
    def edition(self) -> Edition:
        return self.annual_list.edition

    @property
    def is_waiting(self) -> bool:
        return not self.outcome and self.withdrawn_at is None

    @property
    def kind(self) -> Kind:
        return self.annual_list.words

    @property
    def anchor(self) -> str:
        return f"{self.annual_list.kind}-{self.pk}"

    @property
    def entry_url(self) -> str:
        entry = self.into.entry if self.into else self.entry
        return reverse("entry", args=[self.edition.year, self.annual_list.kind, entry.slug]) if entry else ""

    @property
    def status(self) -> str:
        if self.withdrawn_at:
            return "withdrawn"
        return {
            "": "waiting",
            "accepted": "on the list" if self.entry_id else "accepted",
            "merged": "merged",
            "declined": "declined",
        }[self.outcome]

    def can_be_changed_by(self, user: User) -> bool:
        return user.is_voter and user.government_id == self.government_id

    @classmethod
    def with_title(cls, annual_list: AnnualList, title: str) -> Entry | Proposal | None:
        waiting = cls.objects.waiting().filter(annual_list=annual_list, title__iexact=title)
        return annual_list.entries.filter(title__iexact=title).first() or waiting.first()

    @classmethod
    def propose(cls, *, annual_list: AnnualList, user: User, title: str, description: str, why: str = "") -> Proposal:
        assert user.government is not None
        with explain_refusal(lambda: require_draft(Edition.objects.get(pk=annual_list.edition_id))):
            lock_draft(annual_list.edition)
            return cls.objects.create(
                annual_list=annual_list,
                government=user.government,
                proposed_by=user,
                title=title,
                description=description,
                why=why,
            )

    def lock_waiting(self) -> None:
        lock_draft(self.edition)
        self.refresh_from_db()
        if self.withdrawn_at:
            raise ValidationError("This proposal is withdrawn.")
        if self.outcome:
            raise ValidationError(f"{self.decided_by} has decided already: this proposal is {self.status}.")

    @contextmanager
    def _while_waiting(self) -> Iterator[None]:
        with explain_refusal(lambda: require_draft(Edition.objects.get(pk=self.edition.pk))):
            self.lock_waiting()
            yield

    def reword(self, *, title: str, description: str, why: str = "") -> None:
        with self._while_waiting():
            if (self.title, self.description, self.why) != (title, description, why):
                self.title, self.description, self.why, self.edited_at = title, description, why, database_now()
                self.save(update_fields=["title", "description", "why", "edited_at"])

    def withdraw(self) -> None:
        with self._while_waiting():
            if self.merged_in.exists():
                raise ValidationError("Another proposal was merged into this one. Ask the curators to withdraw it.")
            self.withdrawn_at = database_now()
            self.save(update_fields=["withdrawn_at"])

    def support(self, user: User, reason: str = "") -> None:
        """An empty reason keeps the earlier one."""
        with self._while_waiting():
            if self.government_id == user.government_id:
                raise PermissionDenied
            support, is_new = self.supports.get_or_create(
                government=user.government, defaults={"supported_by": user, "reason": reason}
            )
            if reason and not is_new:
                support.supported_by, support.reason = user, reason
                support.save(update_fields=["supported_by", "reason"])

    def take_back(self, user: User) -> None:
        with self._while_waiting():
            self.supports.filter(government=user.government_id).delete()

    def accept(self, by: User) -> Entry:
        with self._while_waiting():
            entries = self.annual_list.entries
            slug = slug_for(self.title)
            if entries.filter(Q(slug=slug) | Q(title__iexact=self.title)).exists():
                raise ValidationError(f"“{self.title}” is already on the list. Merge the proposal into that entry.")
            position = self.annual_list.next_position()
            self.entry = entries.create(title=self.title, slug=slug, description=self.description, position=position)
            self._decide("accepted", by)
        return self.entry

    def merge(self, into: Entry | Proposal, by: User) -> None:
        """Merge it and what was merged into it."""
        with self._while_waiting():
            if into.annual_list_id != self.annual_list_id:
                raise ValidationError("A proposal can be merged only into its own list.")
            if into == self:
                raise ValidationError("A proposal cannot be merged into itself.")
            into.refresh_from_db()
            if isinstance(into, Entry):
                self.entry = into
            elif into.is_waiting:
                self.into = into
                self.merged_in.update(into=into)
            elif into.entry is None:
                raise ValidationError(
                    f"“{into}” is {into.status}. Choose another proposal, or the entry that it became part of."
                )
            else:
                self.entry = into.entry
            self._decide("merged", by)

    def decline(self, reason: str, by: User) -> None:
        if not reason.strip():
            raise ValidationError("Say why. The proposers are told.")
        with self._while_waiting():
            self.declined_because = reason.strip()
            self._decide("declined", by)

    def _decide(self, outcome: str, by: User) -> None:
        self.outcome, self.decided_at, self.decided_by = outcome, database_now(), by
        self.save(update_fields=["outcome", "decided_at", "decided_by", "entry", "into", "declined_because"])
        behind = Q(government=self.government_id) | Q(government__in=self.merged_in.values("government"))
        voters = Q(role__in=[User.Role.MEMBER, User.Role.DELEGATE], is_active=True)
        proposing = User.objects.filter(behind & voters)
        supporting = User.objects.filter(voters, pk__in=self.supports.values("supported_by"))
        if outcome == "declined":
            supporting = supporting.none()
        context = {
            "proposal": self,
            "kind": self.kind,
            "url": settings.PORTAL_URL + self.get_absolute_url(),
            "entry_url": settings.PORTAL_URL + self.entry_url if self.entry_url else "",
        }
        for user in (proposing | supporting).distinct().order_by("pk"):
            if user.wants(DECIDED_MAIL):
                context["is_own"] = user.government_id == self.government_id
                Mail.objects.enqueue(
                    DECIDED_MAIL,
                    user.email,
                    cause=f"proposal:{self._meta.label}:{self.pk}",
                    context=context,
                    unsubscribe=user.unsubscribe_address(DECIDED_MAIL),
                )


@pghistory.track()
class Support(models.Model):
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="supports")
    government = models.ForeignKey(Government, models.PROTECT, related_name="supports")
    supported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=MAX_REASON, blank=True)
    supported_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        triggers: ClassVar = [SUPPORT_ONLY_WHILE_DRAFTING]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "government"], name="support_once"),
        ]

    def __str__(self) -> str:
        return f"{self.government}: {self.proposal}"
