from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from members.invitations import Invitation
from members.models import MAX_SEATS, Government, User
from members.requests import UserRequest
from mixportal.desk.base import CleanedData, ModelAdmin
from mixportal.desk.verbs import RowReasonForm, RowVerb, RowVerbsAdmin
from mixportal.tables.values import moment_in_words


class SeatForm(RowReasonForm):
    number = forms.IntegerField(
        label="Seat", required=False, min_value=1, max_value=MAX_SEATS, help_text="Blank takes the lowest free one."
    )
    field_order = ("number", "reason")


class SuccessorForm(RowReasonForm):
    name = forms.CharField(max_length=120)
    email = forms.EmailField(
        label="E-mail address", help_text="A delegate or leader of this government becomes the member at once."
    )
    field_order = ("name", "email", "reason")


class InviteForm(forms.Form):
    role = forms.ChoiceField(choices=[choice for choice in Invitation.Role.choices if choice[0] != "curator"])
    name = forms.CharField(max_length=120)
    email = forms.EmailField(label="E-mail address", help_text="Their own: the link and later the codes go there.")
    required_css_class = "required"


class AddressForm(forms.Form):
    email = forms.EmailField(label="New e-mail address")
    checked = forms.CharField(
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        label="What was checked",
        help_text="How you made sure that this is the person, such as a call back on a number known before. "
        "Kept in the history, with your name.",
    )
    required_css_class = "required"


def _give_seat(request: UserRequest, government: Government, given: CleanedData) -> str:
    seat = government.give_seat(given["number"], reason=given["reason"])
    return f"{government} holds seat {seat}. Now invite its member."


def _release_seat(request: UserRequest, government: Government, given: CleanedData) -> str:
    seat = government.seat
    government.release_seat(reason=given["reason"])
    return f"Seat {seat} is free. The people of {government} are former members, and signed out."


def _hand_over(request: UserRequest, government: Government, given: CleanedData) -> str:
    leaving = government.current_member
    invitation = government.hand_over(given["email"], name=given["name"], by=request.user, reason=given["reason"])
    next_one = f"{given['email']} is invited as" if invitation else f"{government.current_member} is"
    return f"{leaving} is a former member, and signed out. {next_one} the member of {government}."


def _invite(request: UserRequest, government: Government, given: CleanedData) -> str:
    Invitation.objects.invite(government, given["role"], given["email"], by=request.user, name=given["name"])
    return f"An invitation is on its way to {given['email']}."


def _resend(request: UserRequest, invitation: Invitation, given: CleanedData) -> str:
    invitation.resend(by=request.user)
    return f"A new link is on its way to {invitation.email}."


def _revoke(request: UserRequest, invitation: Invitation, given: CleanedData) -> str:
    invitation.revoke(reason=given["reason"])
    return f"The link that {invitation.email} has opens nothing any more."


def _bind(request: UserRequest, person: User, given: CleanedData) -> str:
    before = person.email
    person.bind_to(given["email"], checked=given["checked"])
    return f"{person} signs in with {person.email} from now on. {before} was told."


def _has_seat(government: Government) -> bool:
    return government.seat is not None


def _has_no_seat(government: Government) -> bool:
    return government.seat is None


def _has_seat_and_member(government: Government) -> bool:
    return government.seat is not None and government.current_member is not None


def _is_anyone(person: User) -> bool:
    return True


def _is_pending(invitation: Invitation) -> bool:
    return invitation.state in ("waiting", "lapsed")


def _can_be_resent(invitation: Invitation) -> bool:
    return _is_pending(invitation) and invitation.government_id is not None


GOVERNMENT_VERBS = (
    RowVerb(
        "invite",
        "Invite somebody",
        "They get a mail with a link that is good for 14 days, once, for that address alone; accepting it is their "
        "first sign-in.",
        InviteForm,
        _invite,
        is_offered=_has_seat,
    ),
    RowVerb(
        "give-seat",
        "Give a seat",
        "With a seat, a government ranks the lists once it has a member. "
        "It counts for every edition whose ballots close while it holds the seat.",
        SeatForm,
        _give_seat,
        is_offered=_has_no_seat,
    ),
    RowVerb(
        "release-seat",
        "Release the seat",
        "The government leaves MIX: its member, delegates and leaders become former members and are signed out, and "
        "its invitations open nothing any more. Ballots and notes stay in the record; a ballot of an edition that is "
        "still open is not counted.",
        RowReasonForm,
        _release_seat,
        is_offered=_has_seat,
    ),
    RowVerb(
        "hand-over",
        "Hand over to a new CIO",
        "The present member becomes a former member and is signed out at once. The government keeps its seat, ballots "
        "and notes, and its delegates and leaders; the new CIO is invited by mail and finds everything in place.",
        SuccessorForm,
        _hand_over,
        is_offered=_has_seat_and_member,
    ),
)
USER_VERBS = (
    RowVerb(
        "bind",
        "Bind to a new address",
        "For somebody who has lost the address that codes are mailed to. Be sure who is asking: whoever holds the new "
        "address is this person to the portal. Both addresses are told; every session ends, and passkeys and "
        "authenticator apps are set up anew.",
        AddressForm,
        _bind,
        is_offered=_is_anyone,
    ),
)
INVITATION_VERBS = (
    RowVerb(
        "resend",
        "Send again",
        "With a new link, good for another 14 days. The older link opens nothing any more.",
        forms.Form,
        _resend,
        is_offered=_can_be_resent,
    ),
    RowVerb(
        "withdraw",
        "Withdraw",
        "The link opens nothing any more; whoever was invited is not told.",
        RowReasonForm,
        _revoke,
        is_offered=_is_pending,
    ),
)


class InvitationStateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        return [("waiting", "Waiting"), ("lapsed", "Lapsed"), ("accepted", "Accepted"), ("withdrawn", "Withdrawn")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "waiting":
                return queryset.filter(may_be_used=True)
            case "lapsed":
                return queryset.live().filter(may_be_used=False)
            case "accepted":
                return queryset.filter(accepted_at__isnull=False)
            case "withdrawn":
                return queryset.filter(revoked_at__isnull=False)
        return queryset


class InvitationAdmin(RowVerbsAdmin):
    verbs = INVITATION_VERBS
    list_display = ("email", "role", "government", "how_it_stands", "sender", "expires")
    list_filter = (InvitationStateFilter, "role")
    search_fields = ("email", "name", "government__name")
    fields = (
        "email", "name", "role", "government", "how_it_stands", "sender", "sent", "times_sent", "expires",
        "accepted", "accepted_by", "withdrawn",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Invitation]:
        return Invitation.objects.with_state().select_related("accepted_by").order_by("-sent_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    has_delete_permission = has_change_permission

    def can_use_verbs(self, request: HttpRequest, row: models.Model) -> bool:
        return request.user.has_perm("members.change_invitation")

    @admin.display(description="state")
    def how_it_stands(self, invitation: Invitation) -> str:
        return invitation.state

    @admin.display(description="invited by", ordering="invited_by__name")
    def sender(self, invitation: Invitation) -> str:
        return str(invitation.invited_by or "the operator")

    @admin.display(description="sent", ordering="sent_at")
    def sent(self, invitation: Invitation) -> str:
        return moment_in_words(invitation.sent_at)

    @admin.display(description="good until", ordering="expires_at")
    def expires(self, invitation: Invitation) -> str:
        return moment_in_words(invitation.expires_at)

    @admin.display(description="accepted")
    def accepted(self, invitation: Invitation) -> str:
        return moment_in_words(invitation.accepted_at)

    @admin.display(description="withdrawn")
    def withdrawn(self, invitation: Invitation) -> str:
        return moment_in_words(invitation.revoked_at)
