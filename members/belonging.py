"""What is done with a person's part in MIX: leaving, a new address, becoming a curator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pghistory
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction

from mixportal.mail.models import Mail

if TYPE_CHECKING:
    from members.models import Government

CURATORS = "Curators"  # the group whose people may do what the admin offers (members/signin.py)


class Belongs:
    """The verbs of a User."""

    pk: Any
    email: str
    name: str
    role: str
    government: Any
    sessions: Any
    groups: Any

    def may_invite(self, government: Government, role: str) -> bool:
        """Curators anybody to any government; a member delegates and leaders to the own one."""
        if self.is_curator:  # type: ignore[attr-defined]
            return role in ("member", "delegate", "leader")
        return self.is_member_of(government) and role in ("delegate", "leader")

    def is_member_of(self, government: Government) -> bool:
        is_member = self.is_active and self.role == "member"  # type: ignore[attr-defined]
        return is_member and self.government_id == government.pk  # type: ignore[attr-defined]

    def leave(self, *, reason: str) -> None:
        """Becomes a former member: stays in the record, speaks for nobody, and is signed out everywhere."""
        with transaction.atomic(), pghistory.context(reason=reason):
            self.role, self.government = "none", None
            self.save(update_fields=["role", "government"])  # type: ignore[attr-defined]
            self.sessions.all().delete()

    def bind_to(self, email: str, *, checked: str) -> None:
        """Whoever lost an address gets back in at a new one: the old one is told, and what it could open is shut.

        `checked` is how somebody made sure that this is the person; the history keeps it as the reason. Sessions,
        passkeys, app and recovery codes end: they are set up anew.
        """
        users = type(self).objects  # type: ignore[attr-defined]
        before, email = self.email, email.strip()
        if email.lower() == before.lower():
            raise ValidationError("This is the address already.")
        with transaction.atomic(), pghistory.context(reason=f"bound to a new address; checked: {checked}"):
            if holder := users.filter(email__iexact=email).exclude(pk=self.pk).first():
                raise ValidationError(f"{holder} has this e-mail address already.")
            self.email = email
            self.save(update_fields=["email"])  # type: ignore[attr-defined]
            self.shut_out()
            changes = self.events.count()  # type: ignore[attr-defined]
            cause = f"address:{self.pk}:{changes}"
            context = {"person": self, "before": before, "contact": settings.SECURITY_CONTACT.removeprefix("mailto:")}
            Mail.objects.enqueue("address_left", before, cause=cause, context=context)
            Mail.objects.enqueue("address_bound", email, cause=cause, context=context)

    def shut_out(self) -> None:
        """Ends every session, and takes away every second factor."""
        self.sessions.all().delete()
        Authenticator.objects.filter(user=self).delete()

    def join_curators(self) -> None:
        self.groups.add(Group.objects.get_or_create(name=CURATORS)[0])

    def leave_curators(self) -> None:
        self.groups.remove(*Group.objects.filter(name=CURATORS))
