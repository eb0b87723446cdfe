from django import forms

from members.forms import LongTextField, OneLineField
from mixportal.editions.models import Kind
from mixportal.proposals.models import MAX_REASON, MAX_TEXT

SUPPORT, TAKE_BACK = "support", "take-back"
SAVE, WITHDRAW = "save", "withdraw"


class ProposalWordingForm(forms.Form):
    title = OneLineField(
        label="Title",
        max_length=120,
        widget=forms.TextInput({"class": "in", "autocomplete": "off"}),
        error_messages={"required": "Give it a title."},
    )
    description = LongTextField(
        label="What it means",
        max_length=MAX_TEXT,
        widget=forms.Textarea({"class": "in", "rows": 4}),
        error_messages={"required": "Say in a sentence or two what it means."},
    )
    why = LongTextField(
        label="Why it belongs on the list",
        max_length=MAX_TEXT,
        required=False,
        widget=forms.Textarea({"class": "in", "rows": 3}),
    )


class ProposalForm(ProposalWordingForm):
    kind = forms.ChoiceField(
        label="It is a",
        choices=[(kind.value, kind.singular) for kind in Kind],
        error_messages={"required": "Choose one of the two."},
    )

    field_order = ("kind", "title", "description", "why")


class SupportForm(forms.Form):
    action = forms.ChoiceField(choices=[(SUPPORT, "Support"), (TAKE_BACK, "Take back")])
    reason = forms.CharField(
        max_length=MAX_REASON,
        required=False,
        error_messages={"max_length": f"At most {MAX_REASON} characters, please."},
    )
