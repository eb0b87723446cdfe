from typing import Any

from django import forms

from members.forms import LongTextField
from mixportal.tables.values import set_choices
from priorities.models import Investment

NO_VERSION = "The form did not say which version you changed. Load the page again."


class InvestmentForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    version = forms.IntegerField(
        min_value=0,
        max_value=999_999_999,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), NO_VERSION),
    )

    class Meta:
        model = Investment
        fields = Investment.FACTS
        widgets = {
            "status": forms.RadioSelect,
            "audience": forms.RadioSelect,
            "summary": forms.Textarea(attrs={"class": "in", "rows": 5}),
            **{name: forms.Select(attrs={"class": "in"}) for name in ("cost",)},
            **{
                name: forms.TextInput(attrs={"class": "in", "inputmode": "numeric", "autocomplete": "off"})
                for name in ("staff", "from_year", "to_year")
            },
        }
        labels = {"status": "How far", "summary": "In one paragraph", "from_year": "First year", "to_year": "Last year"}
        field_classes = {"summary": LongTextField}
        error_messages = {"status": {"required": "Choose where it stands."}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "status", Investment.Status.choices)
        set_choices(self, "cost", Investment.Cost.choices)

    def clean_summary(self) -> str:
        return " ".join(self.cleaned_data["summary"].split())

    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean() or {}
        first, last = facts.get("from_year"), facts.get("to_year")
        for name, year in (("from_year", first), ("to_year", last)):
            if year is not None and not 1966 <= year <= 2200:
                self.add_error(name, "Give a year from 1966 to 2200.")
        if first and last and last < first:
            self.add_error("to_year", "The last year comes before the first.")
        if facts.get("staff") is not None and facts["staff"] < 0:
            self.add_error("staff", "Give 0 or more.")
        return facts

    def _post_clean(self) -> None:
        """Skip the constraints of the model, which need a government."""

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in Investment.FACTS}
