from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pghistory
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import ExpressionWrapper, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat, Lower, Now
from django.urls import reverse
from django.utils import timezone
from psycopg2.errors import CheckViolation

from members.mails import notify_of_voter
from mixportal.mail.models import Mail, MailQuerySet

if TYPE_CHECKING:
    from members.models import Government, User

VALIDITY = timedelta(days=14)
TOKEN_BYTES = 32
NOT_TO_BE_INVITED = "This address cannot be invited from here. Ask a curator of MIX."


class UnusableInvitationError(Exception):
    pass


class NoVoteForCuratorError(UnusableInvitationError):
    """The invitation can be used once no ballots are open."""


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def live(self) -> InvitationQuerySet:
        """Include expired ones."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True)

    def usable(self) -> InvitationQuerySet:
        return self.filter(_may_be_used())

    def with_state(self) -> InvitationQuerySet:
        parts = (Value("invitation:"), OuterRef("pk"), Value(":"), OuterRef("times_sent"))
        given_up = Mail.objects.given_up().filter(cause=Concat(*parts, output_field=models.CharField()))
        state = {
            "may_be_used": ExpressionWrapper(_may_be_used(), output_field=models.BooleanField()),
            "undelivered": Subquery(given_up.values("trouble")[:1]),
        }
        return self.select_related("government", "invited_by").annotate(**state)

    def get_by_token(self, token: str) -> Invitation:
        usable = self.usable().select_related("government", "invited_by")
        found = usable.filter(token_sha256=_digest(token)).first()
        if found is None or not found.admits(found.holder):
            raise UnusableInvitationError
        return found

    def invite(
        self,
        government: Government,
        role: str,
        email: str,
        *,
        by: User,
        name: str = "",
        reason: str = "",
    ) -> Invitation:
        """Send an invitation. Raises PermissionDenied or ValidationError.

        To members, errors say nothing about people of other governments.
        """
        with transaction.atomic(), pghistory.context(reason=reason or f"invited as {role}"):
            government = type(government).objects.select_for_update().get(pk=government.pk)
            self.refuse(government, role, email, by)
            in_the_way = Q(email__iexact=email)
            if role == Invitation.Role.MEMBER:
                in_the_way |= Q(role=role)
            live = self.live().filter(in_the_way, government=government)
            live.filter(expires_at__lte=Now()).update(revoked_at=timezone.now())
            invitation = Invitation(government=government, role=role, email=email, name=name)
            try:
                with transaction.atomic():
                    invitation._send(by)
            except IntegrityError as refusal:
                raise ValidationError(
                    f"{email} already has an invitation. Send it again, or withdraw it first."
                    if self.live().filter(government=government, email__iexact=email).exists()
                    else f"Somebody else is invited as the member of {government}: withdraw that invitation first."
                ) from refusal
        return invitation

    def refuse(self, government: Government, role: str, email: str, by: User) -> None:
        if not by.may_invite(government, role):
            raise PermissionDenied
        if government.seat is None:
            raise ValidationError(f"{government} holds no seat. Give it one before you invite people.")
        holder = get_user_model().objects.filter(email__iexact=email).first()
        if holder is not None and holder.is_active and holder.government_id == government.pk:
            raise ValidationError(f"{holder} is already there, as {holder.get_role_display().lower()}.")
        member = government.current_member
        if role == Invitation.Role.MEMBER and member is not None:
            raise ValidationError(f"{government} has a member, {member}. For a new CIO, hand over instead.")
        if Invitation(government=government, role=role, email=email, invited_by=by).admits(holder):
            return
        assert holder is not None
        if not by.is_curator:
            raise ValidationError(NOT_TO_BE_INVITED)
        if holder.is_active:
            raise ValidationError(
                f"{holder} already speaks for {holder.government}, and can speak for only one government."
            )
        raise ValidationError(f"{holder} was a curator and is deactivated. A superuser can reactivate the account.")

    def accept(self, token: str, *, name: str = "") -> User:
        """Create or reuse the account of the address. Raises UnusableInvitationError."""
        with transaction.atomic():
            locked = self.usable().select_for_update(of=("self",)).filter(token_sha256=_digest(token)).first()
            if locked is None:
                raise UnusableInvitationError
            with pghistory.context(reason=f"accepted the invitation as {locked.role}"):
                try:
                    with transaction.atomic():
                        user = locked._create_or_update_user(name)
                except IntegrityError as refusal:
                    by_the_trigger = isinstance(refusal.__cause__, CheckViolation)
                    raise (NoVoteForCuratorError if by_the_trigger else UnusableInvitationError) from refusal
                locked.accepted_at, locked.accepted_by = timezone.now(), user
                locked.save(update_fields=["accepted_at", "accepted_by"])
        return user


def _may_be_used() -> Q:
    own_member = Q(
        invited_by__role="member",
        invited_by__government=F("government"),
        role__in=Invitation.BY_MEMBERS,
    )
    sender = Q(invited_by__is_active=True) & (Q(invited_by__is_staff=True) | own_member)
    waiting = Q(accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=Now())
    to_curate = Q(invited_by__isnull=True) | Q(invited_by__is_active=True, invited_by__is_superuser=True)
    return waiting & (Q(role="curator") & to_curate | sender & Q(government__seat__isnull=False))


@pghistory.track(exclude=["token_sha256"])
class Invitation(models.Model):
    class Role(models.TextChoices):
        MEMBER = "member", "Member"
        DELEGATE = "delegate", "Delegate"
        LEADER = "leader", "Leader"
        CURATOR = "curator", "Curator"

    BY_MEMBERS = (Role.DELEGATE, Role.LEADER)

    government = models.ForeignKey(
        "members.Government", models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    role = models.CharField(max_length=10, choices=Role.choices)
    email = models.EmailField("e-mail address")
    name = models.CharField(max_length=120, blank=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="invitations_sent",
    )
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField(editable=False)
    times_sent = models.PositiveSmallIntegerField(default=0, editable=False)
    expires_at = models.DateTimeField(editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="invitations_accepted",
    )
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    may_be_used: bool  # by with_state, like the next
    undelivered: str | None

    class Meta:
        ordering = ("-sent_at",)
        constraints = [
            models.UniqueConstraint(
                "government",
                Lower("email"),
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="invitation_one_live_per_government_and_address",
                violation_error_message="This address already has an invitation.",
            ),
            models.UniqueConstraint(
                fields=["government"],
                condition=Q(role="member", accepted_at__isnull=True, revoked_at__isnull=True),
                name="invitation_one_live_member_per_government",
                violation_error_message="This government already has an invitation for a member.",
            ),
            models.CheckConstraint(
                name="invitation_role_goes_with_a_government",
                condition=Q(role="curator", government__isnull=True)
                | Q(role__in=["member", "delegate", "leader"], government__isnull=False),
            ),
            models.CheckConstraint(
                name="invitation_accepted_or_revoked",
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True),
            ),
            models.CheckConstraint(
                name="invitation_accepted_by_somebody",
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="invitation_expires_after_it_was_sent",
                condition=Q(expires_at__gt=F("sent_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}, {self.get_role_display().lower()}"

    @staticmethod
    def refuse_account(email: str) -> None:
        if holder := get_user_model().objects.filter(email__iexact=email).first():
            raise ValidationError(f"{holder} already has an account. A superuser can make it a curator on its page.")

    def invite_curator(self, *, by: User) -> None:
        self.role = self.Role.CURATOR
        if not by.may_invite(None, self.role):
            raise PermissionDenied
        self.refuse_account(self.email)
        older = Invitation.objects.live().filter(role=self.role, email__iexact=self.email)
        with transaction.atomic(), pghistory.context(reason="invited as curator"):
            older.update(revoked_at=timezone.now())
            self._send(by)

    @property
    def state(self) -> str:
        if self.accepted_at is not None:
            return "accepted"
        if self.revoked_at is not None:
            return "withdrawn"
        return "waiting" if self.may_be_used else "lapsed"

    @property
    def holder(self) -> User | None:
        return get_user_model().objects.filter(email__iexact=self.email).first()

    def admits(self, holder: User | None) -> bool:
        """Return whether accepting may use the account that has this address, if any.

        No invitation moves a user between governments. A member's neither reactivates an account
        nor changes a curator's. Only a superuser can reactivate a former curator.
        """
        if self.role == self.Role.CURATOR:
            return holder is None if self.invited_by else holder is not None and holder.is_curator
        if holder is None:
            return True
        powerful = holder.is_staff or holder.is_superuser
        if not holder.is_active:
            return not powerful and self._by_curator
        if holder.government_id == self.government_id:
            return self.role in (holder.role, self.Role.MEMBER)
        return holder.government_id is None and (self._by_curator or not powerful)

    @property
    def elsewhere(self) -> Invitation | None:
        of_address = Invitation.objects.usable().filter(email__iexact=self.email, government__isnull=False)
        return of_address.exclude(government=self.government).select_related("government").first()

    @property
    def _by_curator(self) -> bool:
        return self.invited_by is not None and self.invited_by.is_curator

    def _create_or_update_user(self, name: str) -> User:
        users = get_user_model().objects
        user = users.select_for_update(of=("self",)).filter(email__iexact=self.email).first()
        if not self.admits(user):
            raise UnusableInvitationError
        is_new_voter = user is None or not user.is_voter or user.role != self.role
        if user is None:
            is_staff = self.role == self.Role.CURATOR
            user = users.create_user(self.email, name=name or self.name or self.email, is_staff=is_staff)
            if is_staff:
                user.join_curators()
        if self.government is None:
            return user
        user.is_active, user.role, user.government = True, self.role, self.government
        user.save(update_fields=["is_active", "role", "government"])
        if user.is_voter and self.invited_by and self.invited_by.is_member_of(self.government):
            user.let_in(self.invited_by, seeing_from=self.invited_by.sees_since)
        if is_new_voter:
            notify_of_voter(user, "accepted", by=self.invited_by)
        return user

    def resend(self, *, by: User) -> None:
        with transaction.atomic(), pghistory.context(reason="sent again"):
            locked = self._locked()
            if locked.invited_by_id is None or not by.may_invite(locked.government, locked.role):
                raise PermissionDenied
            locked._send(by)

    def revoke(self, *, reason: str = "withdrawn") -> None:
        with transaction.atomic(), pghistory.context(reason=reason):
            locked = self._locked()
            locked.revoked_at = timezone.now()
            locked.save(update_fields=["revoked_at"])
            locked._mails.filter(sent_at__isnull=True).delete()

    def _locked(self) -> Invitation:
        locked = Invitation.objects.live().select_for_update().filter(pk=self.pk).first()
        if locked is None:
            raise ValidationError("This invitation was already accepted or withdrawn.")
        return locked

    def _send(self, by: User) -> None:
        token = self.renew(by)
        self._mails.filter(sent_at__isnull=True).delete()
        Mail.objects.enqueue(
            "invitation",
            self.email,
            cause=f"invitation:{self.pk}:{self.times_sent}",
            context={"invitation": self, "link": self.link(token)},
        )

    def renew(self, by: User | None, validity: timedelta = VALIDITY) -> str:
        """Return the new token, which is stored only as a hash."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        self.token_sha256, self.invited_by = _digest(token), by
        self.sent_at = timezone.now()
        self.expires_at = self.sent_at + validity
        self.times_sent += 1
        self.save()
        return token

    @staticmethod
    def link(token: str) -> str:
        return settings.PORTAL_URL + reverse("invitation", args=[token])

    @property
    def _mails(self) -> MailQuerySet:
        return Mail.objects.filter(cause__startswith=f"invitation:{self.pk}:")


def create_one_time_link(user: User, validity: timedelta) -> tuple[str, datetime]:
    """Return a sign-in link and its expiry, and revoke older links."""
    Invitation.objects.live().filter(role=Invitation.Role.CURATOR, email__iexact=user.email).update(
        revoked_at=timezone.now()
    )
    invitation = Invitation(role=Invitation.Role.CURATOR, email=user.email, name=user.name)
    token = invitation.renew(by=None, validity=validity)
    return invitation.link(token), invitation.expires_at
