import re

from django import forms
from django.core.validators import RegexValidator
from django.db import transaction
from django.forms.models import model_to_dict
from django.http import QueryDict

from members.models import User
from members.preferences import AT_ONCE, OFF, MailPreference
from members.seals import read_seal
from mixportal.mail.kinds import MAIL_KINDS, MailKind
from mixportal.tables.text import without_invisible

INVITED_ROLES = (
    (User.Role.DELEGATE, "Delegate", "works on the ballots and notes with you"),
    (
        User.Role.LEADER,
        "Leader",
        "reads the summaries and your government’s brief, and changes nothing",
    ),
)
PHONE = RegexValidator(
    r"\A(?=(?:[^0-9]*[0-9]){7})[0-9+(][0-9 ().,/+x;ext-]{5,39}\Z",
    "Write a number that can be dialed, such as 919-555-0100 ext. 12.",
    flags=re.ASCII | re.IGNORECASE,
)
ON_OR_OFF = [(AT_ONCE, "On"), (OFF, "Off")]
TEXT = {"class": "in", "autocomplete": "off"}


class OneLineField(forms.CharField):
    def to_python(self, value: object) -> str:
        return " ".join(without_invisible(super().to_python(value) or "").split())


class LongTextField(forms.CharField):
    widget = forms.Textarea

    def to_python(self, value: object) -> str:
        return without_invisible(super().to_python(value) or "")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, object]:
        return {"data-longest": self.max_length}


class InviteForm(forms.Form):
    role = forms.ChoiceField(
        choices=[(role, label) for role, label, _ in INVITED_ROLES],
        error_messages={
            "required": "Choose delegate or leader.",
            "invalid_choice": "Choose delegate or leader.",
        },
    )
    name = OneLineField(max_length=120)
    email = forms.EmailField(label="E-mail address", max_length=254)


class ProfileForm(forms.Form):
    name = OneLineField(label="Name", max_length=120, widget=forms.TextInput(TEXT | {"autocomplete": "name"}))
    title = OneLineField(
        label="Title",
        max_length=120,
        required=False,
        widget=forms.TextInput(TEXT | {"autocomplete": "organization-title"}),
    )
    phone = forms.CharField(
        label="Telephone",
        max_length=40,
        required=False,
        validators=[PHONE],
        widget=forms.TextInput(TEXT | {"type": "tel", "autocomplete": "tel"}),
    )
    shows_email = forms.BooleanField(label="Show my e-mail address", required=False)

    own_fields = ("name", "title", "phone", "shows_email")

    def __init__(self, data: QueryDict | None = None, *, user: User) -> None:
        super().__init__(
            data,
            initial=model_to_dict(user, self.own_fields)
            | {f"mail-{key}": how for key, how in user.mail_preferences_of_all().items()},
        )
        self.user = user
        self.kinds = [kind for kind in MAIL_KINDS.values() if user.is_insider or not kind.insiders]
        for kind in self.kinds:
            if kind.can_be_off:
                self.fields[f"mail-{kind.key}"] = forms.ChoiceField(
                    label=kind.title,
                    choices=MailPreference.HOW if kind.digest else ON_OR_OFF,
                    widget=forms.Select(TEXT),
                )

    @property
    def mails(self) -> list[tuple[MailKind, forms.BoundField | None]]:
        return [(kind, self[f"mail-{kind.key}"] if kind.can_be_off else None) for kind in self.kinds]

    @transaction.atomic
    def save(self) -> None:
        for name in self.own_fields:
            setattr(self.user, name, self.cleaned_data[name])
        self.user.save(update_fields=self.own_fields)
        for kind in self.kinds:
            if kind.can_be_off:
                MailPreference.objects.set(self.user, kind, self.cleaned_data[f"mail-{kind.key}"])


class SealForm(forms.Form):
    file = forms.FileField(
        widget=forms.FileInput({"class": "in", "accept": "image/png,image/jpeg"}),
        error_messages={"required": "Choose a file first.", "empty": "The file is empty."},
    )

    def clean_file(self) -> bytes:
        return read_seal(self.cleaned_data["file"])


class NameForm(forms.Form):
    name = OneLineField(max_length=120)
