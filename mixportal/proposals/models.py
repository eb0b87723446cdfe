"""What members propose for a list while it is drafted, and which governments support it.

The concrete models live with their kinds and add the foreign keys: a proposal's `entry` (what it became, or went into)
and `into` (another proposal that it was merged into), a support's `proposal`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar, Concatenate, ParamSpec, Self, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import Q
from django.db.models.functions import Collate, Lower, Now
from django.urls import reverse

from members.models import Government, User
from mixportal.editions import kinds
from mixportal.editions.models import Edition, database_now, slug_for
from mixportal.editions.saving import explain_refusal
from mixportal.mail.models import Mail

MAX_TEXT = 2_000  # characters of a description, of why, of a reason to decline
MAX_REASON = 300  # characters of why a government supports a proposal
DECIDED_MAIL = "proposal_decided"

_Proposal = TypeVar("_Proposal", bound="Proposal")
P = ParamSpec("P")
T = TypeVar("T")

_HOLD = "SELECT opens_at, published_at FROM editions_edition WHERE id = %s FOR SHARE"
_HOLD_ALONE = "SELECT opens_at, published_at FROM editions_edition WHERE id = %s FOR UPDATE"


class NotDrafting(ValidationError):
    """The list has opened or is published: nothing is proposed, supported or decided any more."""

    def __init__(self) -> None:
        super().__init__("The list is not drafted any more: its proposals stand as they are.")


class Settled(ValidationError):
    """The proposal is decided or withdrawn; the message says by whom and how."""


def hold_draft(edition_id: int, *, alone: bool = False) -> None:
    """Locks the edition's row until the transaction ends, against each other with `alone`. Raises NotDrafting."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD_ALONE if alone else _HOLD, [edition_id])
        opens_at, published_at = cursor.fetchone()
    if published_at is not None or (opens_at is not None and opens_at <= database_now()):
        raise NotDrafting


def _while_drafting(verb: Callable[Concatenate[_Proposal, P], T]) -> Callable[Concatenate[_Proposal, P], T]:
    """Run a proposal's verb in a transaction; it raises NotDrafting where the list has opened while it waited."""

    @wraps(verb)
    def run(proposal: _Proposal, *args: P.args, **kwargs: P.kwargs) -> T:
        with explain_refusal(lambda: hold_draft(proposal.edition_id)):
            return verb(proposal, *args, **kwargs)

    return run


class ProposalQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Insiders see each other's proposals, in every phase; nobody sees what is withdrawn (DESIGN rule 2)."""
        if user.is_authenticated and user.is_insider:
            return self.filter(withdrawn_at__isnull=True)
        return self.none()

    def of(self, edition: Edition) -> Self:
        return self.filter(edition=edition)

    def waiting(self) -> Self:
        """Neither decided nor withdrawn."""
        return self.filter(outcome="", withdrawn_at__isnull=True)

    def newest_first(self) -> Self:
        return self.order_by("-proposed_at", "-pk")

    def with_support(self) -> Self:
        """With what pages show: who proposed it, what became of it, and its supports by the government's name."""
        support = self.model.supports.rel.related_model
        return self.select_related(
            "government", "proposed_by", "entry", "into__government", "into__entry"
        ).prefetch_related(models.Prefetch("supports", support.objects.by_government()))

    def credited_with(self, entry: Any) -> Self:
        """Those that became `entry` or went into it, straight or through another proposal; the first one first."""
        return self.filter(Q(entry=entry) | Q(into__entry=entry)).with_support().order_by("proposed_at", "pk")


class Proposal(models.Model):
    """An entry that a government would like to see on the list. It counts as waiting until a curator decides."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", "accepted"
        MERGED = "merged", "merged"
        DECLINED = "declined", "declined"

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="%(class)ss")
    government = models.ForeignKey(Government, models.PROTECT, related_name="%(class)ss")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    description = models.TextField(max_length=MAX_TEXT)
    why = models.TextField(max_length=MAX_TEXT, blank=True)
    proposed_at = models.DateTimeField(db_default=Now(), editable=False)
    edited_at = models.DateTimeField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    declined_because = models.TextField(max_length=MAX_TEXT, blank=True, editable=False)

    objects: ClassVar[Any] = ProposalQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_decided_by_someone",
                condition=Q(outcome="", decided_at__isnull=True, decided_by__isnull=True)
                | Q(outcome__in=["accepted", "merged", "declined"], decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_outcome_fits",
                condition=Q(outcome="", entry__isnull=True, into__isnull=True, declined_because="")
                | Q(outcome="accepted", into__isnull=True, declined_because="")
                | Q(outcome="merged", declined_because="") & (Q(entry__isnull=True) | Q(into__isnull=True))
                | Q(outcome="declined", entry__isnull=True, into__isnull=True) & ~Q(declined_because=""),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_withdrawn_or_decided",
                condition=Q(withdrawn_at__isnull=True) | Q(outcome=""),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_not_into_itself",
                condition=Q(into__isnull=True) | ~Q(into=models.F("id")),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{reverse('proposals', args=[self.edition.year])}#{self.anchor}"

    @property
    def is_waiting(self) -> bool:
        return not self.outcome and self.withdrawn_at is None

    @property
    def kind(self) -> kinds.Kind:
        return next(kind for kind in kinds.registered() if kind.proposal is type(self))

    @property
    def anchor(self) -> str:
        """Its id on the page of proposals."""
        return f"{self.kind.key}-{self.pk}"

    @property
    def became(self) -> Any:
        """The entry that it is on the list as, or went into; None if there is none (any more)."""
        return self.into.entry if self.into else self.entry

    @property
    def entry_url(self) -> str:
        """Where `became` is; empty if there is none."""
        return reverse(f"{self.kind.key}:entry", args=[self.edition.year, self.became.slug]) if self.became else ""

    @property
    def fate(self) -> str:
        """What became of it, in a word or two."""
        if self.withdrawn_at:
            return "withdrawn"
        return {"": "waiting", "accepted": "on the list", "merged": "merged", "declined": "declined"}[self.outcome]

    def may_change(self, user: Any) -> bool:
        """Whether `user` speaks for the government that proposed it."""
        return user.is_voter and user.government_id == self.government_id

    @classmethod
    def propose(cls, *, edition: Edition, user: Any, title: str, description: str, why: str = "") -> Self:
        """Raises NotDrafting."""
        with explain_refusal(lambda: hold_draft(edition.pk)):
            hold_draft(edition.pk)
            return cls.objects.create(
                edition=edition,
                government=user.government,
                proposed_by=user,
                title=title,
                description=description,
                why=why,
            )

    @_while_drafting
    def reword(self, *, title: str, description: str, why: str = "") -> None:
        """Raises NotDrafting or Settled."""
        self._hold_waiting()
        if (self.title, self.description, self.why) == (title, description, why):
            return
        self.title, self.description, self.why, self.edited_at = title, description, why, database_now()
        self.save(update_fields=["title", "description", "why", "edited_at"])

    @_while_drafting
    def withdraw(self) -> None:
        """Raises NotDrafting, Settled, or ValidationError where other proposals were merged into this one."""
        self._hold_waiting()
        if self.merged_in.exists():
            raise ValidationError("Another proposal was merged into this one: ask the curators to withdraw it.")
        self.withdrawn_at = database_now()
        self.save(update_fields=["withdrawn_at"])

    @_while_drafting
    def support(self, user: Any, reason: str = "") -> None:
        """Counts `user`'s government once, however often. A reason replaces the one before; none leaves it.

        Raises NotDrafting, Settled, or ValidationError for the proposing government itself.
        """
        hold_draft(self.edition_id)
        stored = type(self).objects.select_for_update(of=("self",), no_key=True).get(pk=self.pk)
        stored._require_waiting()
        if stored.government_id == user.government_id:
            raise ValidationError("It is your own proposal: it stands there with your government's name already.")
        supports = self.supports.model
        wanted = supports(proposal=self, government=user.government, supported_by=user, reason=reason)
        if reason:
            supports.objects.bulk_create(
                [wanted],
                update_conflicts=True,
                unique_fields=["proposal", "government"],
                update_fields=["reason", "supported_by"],
            )
        else:
            supports.objects.bulk_create([wanted], ignore_conflicts=True)

    @_while_drafting
    def take_back(self, user: Any) -> None:
        """Ends the support of `user`'s government, if there is one. Raises NotDrafting or Settled."""
        self._hold_waiting()
        self.supports.filter(government=user.government_id).delete()

    @_while_drafting
    def accept(self, by: Any) -> Any:
        """Puts it on the list as its last entry, which is returned. Raises NotDrafting, Settled or ValidationError."""
        self._hold_waiting(alone=True)
        entries = self.kind.entry.objects.of(self.edition)
        slug = slug_for(self.title)
        if entries.filter(slug=slug).exists():
            raise ValidationError(f"“{self.title}” is on the list already: merge the proposal into that entry.")
        last = entries.aggregate(last=models.Max("position"))["last"] or 0
        self.entry = entries.create(
            edition=self.edition, title=self.title, slug=slug, description=self.description, position=last + 1
        )
        self._decide("accepted", by)
        return self.entry

    @_while_drafting
    def merge(self, into: Any, by: Any) -> None:
        """Makes it part of an entry or of another proposal of the same list; what was merged into it goes along.

        Raises NotDrafting, Settled, or ValidationError where `into` can take nothing in.
        """
        self._hold_waiting(alone=True)
        if into.edition_id != self.edition_id:
            raise ValidationError("A proposal is merged into something of its own year.")
        if isinstance(into, type(self)):
            into = type(self).objects.select_related("entry").get(pk=into.pk)  # as it is under the lock
            if into.pk == self.pk:
                raise ValidationError("A proposal cannot be merged into itself.")
            if into.is_waiting:
                self.into = into
                self.merged_in.update(into=into)
            elif into.entry is None:
                raise ValidationError(f"“{into}” is {into.fate}: choose another, or the entry it is part of.")
            else:
                self.entry = into.entry
        else:
            self.entry = into
        self._decide("merged", by)

    @_while_drafting
    def decline(self, reason: str, by: Any) -> None:
        """Raises NotDrafting, Settled, or ValidationError without a reason."""
        if not reason.strip():
            raise ValidationError("Say why: the proposers are told.")
        self._hold_waiting(alone=True)
        self.declined_because = reason.strip()
        self._decide("declined", by)

    def _hold_waiting(self, *, alone: bool = False) -> None:
        """Locks the edition and this row, reads the row anew, and raises NotDrafting or Settled."""
        hold_draft(self.edition_id, alone=alone)
        list(type(self).objects.select_for_update(of=("self",)).filter(pk=self.pk))
        self.refresh_from_db()
        self._require_waiting()

    def _require_waiting(self) -> None:
        if self.withdrawn_at:
            raise Settled("This proposal is withdrawn.")
        if self.outcome:
            raise Settled(f"{self.decided_by} has decided already: this proposal is {self.fate}.")

    def _decide(self, outcome: str, by: Any) -> None:
        self.outcome, self.decided_at, self.decided_by = outcome, database_now(), by
        self.save(update_fields=["outcome", "decided_at", "decided_by", "entry", "into", "declined_because"])
        self._tell()

    def _tell(self) -> None:
        """Mails to those who proposed it or what went into it and, where it lives on, to those who support it."""
        behind = Q(government=self.government_id) | Q(government__in=self.merged_in.values("government"))
        voters = Q(role__in=[User.Role.MEMBER, User.Role.DELEGATE], is_active=True)
        proposing = User.objects.filter(behind & voters)
        supporting = User.objects.filter(voters, pk__in=self.supports.values("supported_by"))
        if self.outcome == self.Outcome.DECLINED:
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
                Mail.objects.post(
                    DECIDED_MAIL,
                    user.email,
                    cause=f"proposal:{self._meta.label}:{self.pk}",
                    context=context,
                    unsubscribe=user.unsubscribe_address(DECIDED_MAIL),
                )


class SupportQuerySet(models.QuerySet):
    def by_government(self) -> Self:
        return self.select_related("government").order_by(Collate(Lower("government__name"), "C"))


class Support(models.Model):
    """One government's support of another's proposal. Concrete models add `proposal`, related as `supports`."""

    government = models.ForeignKey(Government, models.PROTECT, related_name="%(class)ss")
    supported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=MAX_REASON, blank=True)
    supported_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[Any] = SupportQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["proposal", "government"], name="%(app_label)s_%(class)s_once"),
        ]

    def __str__(self) -> str:
        return f"{self.government}: {self.proposal}"
