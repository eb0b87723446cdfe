from typing import Any

from django import forms

from members.forms import OneLineField
from mixportal.editions.models import Kind
from mixportal.proposals.models import MAX_REASON, MAX_TEXT

SUPPORT, TAKE_BACK = "support", "take-back"
SAVE, WITHDRAW = "save", "withdraw"


def _text(label: str, rows: int, **options: Any) -> forms.CharField:
    widget = forms.Textarea({"class": "in", "rows": rows})
    return forms.CharField(label=label, max_length=MAX_TEXT, widget=widget, **options)


class ProposalWordingForm(forms.Form):
    title = OneLineField(
        label="Title",
        max_length=120,
        widget=forms.TextInput({"class": "in", "autocomplete": "off"}),
        error_messages={"required": "Give it a title."},
    )
    description = _text("What it means", 4, error_messages={"required": "Say in a sentence or two what it means."})
    why = _text("Why it belongs on the list", 3, required=False)


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
