from collections.abc import Callable

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import Q
from django.http import HttpRequest

from members.access import UserRequest
from members.forms import LongTextField
from members.invitation_import import InvitationImport
from members.invitations import Invitation
from members.models import MAX_SEATS, User
from mixportal.desk.base import ModelForm, ReadOnlyMixin, StateFilter, moment_column
from mixportal.desk.import_page import ImportAdmin
from mixportal.desk.verbs import RowReasonForm, RowVerb
from mixportal.tables.text import counted


class SeatForm(RowReasonForm):
    number = forms.IntegerField(
        label="Seat",
        required=False,
        min_value=1,
        max_value=MAX_SEATS,
        help_text="Blank takes the lowest free one.",
    )
    field_order = ("number", "reason")


class SuccessorForm(RowReasonForm):
    name = forms.CharField(max_length=120)
    email = forms.EmailField(
        label="E-mail address",
        help_text="A delegate or leader of this government becomes the member at once.",
    )
    field_order = ("name", "email", "reason")


class CuratingForm(RowReasonForm):
    successor = forms.ModelChoiceField(
        User.objects.curators(), help_text="Gets all your rights. If none of these fits, invite a new curator first."
    )
    field_order = ("successor", "reason")
    is_impossible = False

    def offer(self, curators: models.QuerySet[User]) -> None:
        field = self.fields["successor"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = curators
        self.is_impossible = not curators.exists()


class InviteForm(forms.Form):
    role = forms.ChoiceField(
        choices=[choice for choice in Invitation.Role.choices if choice[0] != Invitation.Role.CURATOR]
    )
    name = forms.CharField(max_length=120)
    email = forms.EmailField(label="E-mail address", help_text="Their own: the link and later the codes go there.")
    required_css_class = "required"


class CuratorForm(ModelForm):
    name = forms.CharField(max_length=120)

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        Invitation.refuse_account(email)
        return email


class AddressForm(forms.Form):
    email = forms.EmailField(label="New e-mail address")
    checked = LongTextField(
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        label="What was checked",
        help_text="How you made sure that this is the person, such as a call back on a number known before. "
        "Kept in the history, with your name.",
    )
    required_css_class = "required"


GOVERNMENT_VERBS = (
    RowVerb("invite", "Invite a person", InviteForm),
    RowVerb("give-seat", "Give a seat", SeatForm),
    RowVerb("release-seat", "Release the seat", RowReasonForm),
    RowVerb("hand-over", "Hand over to a new CIO", SuccessorForm),
)
HAND_OVER_CURATING = RowVerb("hand-over-curating", "Hand over the curatorship", CuratingForm)
USER_VERBS = (
    HAND_OVER_CURATING,
    RowVerb("bind", "Bind to a new address", AddressForm),
    RowVerb("leave", "Make a former member", RowReasonForm),
    RowVerb("deactivate", "Deactivate", RowReasonForm),
    RowVerb("reactivate", "Reactivate", RowReasonForm),
    RowVerb("anonymize", "Remove name and addresses", RowReasonForm),
)


USABLE = Q(pk__in=Invitation.objects.usable().values("pk"))


class InvitationStateFilter(StateFilter):
    title = "state"
    parameter_name = "state"
    states = {
        "waiting": ("Waiting", USABLE),
        "lapsed": ("Lapsed", Q(accepted_at=None, revoked_at=None) & ~USABLE),
        "accepted": ("Accepted", Q(accepted_at__isnull=False)),
        "withdrawn": ("Withdrawn", Q(revoked_at__isnull=False)),
    }


class InvitationAdmin(ReadOnlyMixin, ImportAdmin[Invitation]):
    import_title = "Invite people"
    import_template = "desk/import_people.html"
    actions = ("send_again", "withdraw")
    form = CuratorForm
    list_display = ("email", "role", "government", "how_it_stands", "sender", "expires")
    list_filter = (InvitationStateFilter, "role")
    search_fields = ("email", "name", "government__name")
    fields = (
        "email", "name", "role", "government", "how_it_stands", "sender", "sent", "times_sent", "undelivered",
        "expires", "accepted", "accepted_by", "withdrawn",
    )  # fmt: skip

    sent = moment_column("sent_at", "sent")
    expires = moment_column("expires_at", "good until")
    accepted = moment_column("accepted_at", "accepted")
    withdrawn = moment_column("revoked_at", "withdrawn")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Invitation]:
        return Invitation.objects.with_state().select_related("accepted_by").order_by("-sent_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def get_fields(self, request: HttpRequest, obj: Invitation | None = None) -> tuple[str, ...]:
        return self.fields if obj else ("email", "name")

    def save_model(self, request: HttpRequest, obj: Invitation, form: ModelForm, change: bool) -> None:
        assert request.user.is_authenticated
        obj.invite_curator(by=request.user)

    def may_import(self, request: HttpRequest) -> bool:
        return request.user.has_perm("members.change_invitation")

    has_import_permission = may_import

    def make_import(self, request: UserRequest, text: str) -> InvitationImport:
        return InvitationImport(text, request.user)

    @admin.action(permissions=["import"], description="Send the selected invitations again")
    def send_again(self, request: UserRequest, queryset: models.QuerySet[Invitation]) -> None:
        self._each(request, queryset, lambda row: row.resend(by=request.user), "sent again")

    @admin.action(permissions=["import"], description="Withdraw the selected invitations")
    def withdraw(self, request: UserRequest, queryset: models.QuerySet[Invitation]) -> None:
        self._each(request, queryset, lambda row: row.revoke(reason="withdrawn in the list"), "withdrawn")

    def _each(
        self,
        request: UserRequest,
        queryset: models.QuerySet[Invitation],
        act: Callable[[Invitation], None],
        done: str,
    ) -> None:
        acted, left = 0, 0
        for row in queryset:
            try:
                act(row)
            except (PermissionDenied, ValidationError):
                left += 1
            else:
                acted += 1
        if acted:
            self.message_user(request, f"{counted(acted, 'invitation', 'invitations')} {done}.", messages.SUCCESS)
        if left:
            said = "cannot be sent or withdrawn, because each was accepted or withdrawn before or made by the operator."
            self.message_user(request, f"{counted(left, 'invitation', 'invitations')} {said}", messages.WARNING)

    @admin.display(description="state")
    def how_it_stands(self, invitation: Invitation) -> str:
        return f"{invitation.state}, undelivered" if invitation.undelivered else invitation.state

    @admin.display(description="why its mail was not delivered")
    def undelivered(self, invitation: Invitation) -> str:
        return invitation.undelivered or "–"

    @admin.display(description="invited by", ordering="invited_by__name")
    def sender(self, invitation: Invitation) -> str:
        return str(invitation.invited_by or "the operator")
