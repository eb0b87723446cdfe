from __future__ import annotations

from typing import Any

from django import forms

from mixportal.summaries.share_links import DEFAULT_DAYS, MAX_DAYS


class ShareForm(forms.Form):
    year = forms.TypedChoiceField(coerce=int)
    days = forms.IntegerField(min_value=1, max_value=MAX_DAYS, initial=DEFAULT_DAYS)

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["year"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(year, str(year)) for year in years]


class LinkForm(ShareForm):
    label = forms.CharField(max_length=80)


class MailForm(ShareForm):
    to = forms.EmailField(max_length=254)
    line = forms.CharField(max_length=300, required=False)
