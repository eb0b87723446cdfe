"""What is done with a government's seat. The seat is the government's: people come and go, ballots stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from members.invitations import Invitation

if TYPE_CHECKING:
    from members.models import Government, User


MAX_SEATS = 64


class HoldsSeat:
    """The verbs of a Government. Each says its reason to the history, and raises ValidationError where it cannot be."""

    pk: Any
    seat: int | None
    people: Any
    invitations: Any

    @property
    def current_member(self) -> User | None:
        return self.people.filter(role="member", is_active=True).first()

    def give_seat(self, number: int | None = None, *, reason: str) -> int:
        """Seats the government, on the lowest free seat where none is named; which one it got."""
        with transaction.atomic(), pghistory.context(reason=reason):
            governments = type(self).objects  # type: ignore[attr-defined]
            with connection.cursor() as cursor:  # nobody else seats a government meanwhile, an import included
                cursor.execute(f'LOCK TABLE "{governments.model._meta.db_table}" IN SHARE ROW EXCLUSIVE MODE')
            holders = {each.seat: each for each in governments.seated()}
            held = next((seat for seat, each in holders.items() if each.pk == self.pk), None)
            if held is not None:
                raise ValidationError(f"{self} holds seat {held} already.")
            free = [seat for seat in range(1, MAX_SEATS + 1) if seat not in holders]
            if not free:
                raise ValidationError(f"All {MAX_SEATS} seats are held: one must be released first.")
            if number is not None and number not in free:
                raise ValidationError(
                    f"Seat {number} is held by {holders[number]}."
                    if number in holders
                    else f"MIX has seats 1 to {MAX_SEATS}."
                )
            self.seat = free[0] if number is None else number
            self.save(update_fields=["seat"])  # type: ignore[attr-defined]
        return self.seat

    def release_seat(self, *, reason: str) -> None:
        """The government leaves: its people become former members, and its invitations open nothing any more."""
        with transaction.atomic(), pghistory.context(reason=reason):
            government = self._locked()
            if government.seat is None:
                raise ValidationError(f"{self} holds no seat.")
            for person in government.people.filter(is_active=True):
                person.leave(reason=reason)
            for invitation in Invitation.objects.live().filter(government=government):
                invitation.revoke(reason=reason)
            government.seat = self.seat = None
            government.save(update_fields=["seat"])

    def hand_over(self, email: str, *, by: User, reason: str, name: str = "") -> Invitation | None:
        """To a new CIO: the present member becomes a former member at once; seat, ballots and notes stay.

        A delegate or leader of the government becomes the member at once; anybody else is invited, and that invitation
        is returned.
        """
        with transaction.atomic(), pghistory.context(reason=reason):
            government = self._locked()
            leaving = government.current_member
            if leaving is None:
                raise ValidationError(f"{self} has no member: invite one.")
            if leaving.email.lower() == email.lower():
                raise ValidationError(f"{leaving} is its member already.")
            leaving.leave(reason=reason)
            successor = government.people.filter(email__iexact=email, is_active=True).first()
            if successor is not None:
                successor.role = successor.Role.MEMBER
                successor.save(update_fields=["role"])
                return None
            for invitation in Invitation.objects.live().filter(government=government, email__iexact=email):
                invitation.revoke(reason=reason)
            return Invitation.objects.invite(government, Invitation.Role.MEMBER, email, by=by, name=name, reason=reason)

    def _locked(self) -> Government:
        return type(self).objects.select_for_update().get(pk=self.pk)  # type: ignore[attr-defined]
