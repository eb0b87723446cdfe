from __future__ import annotations

from typing import Any

from django import forms

from mixportal.summaries.share_links import DAYS, MOST_DAYS


class ShareForm(forms.Form):
    """Which brief, and for how long."""

    year = forms.TypedChoiceField(coerce=int)
    days = forms.IntegerField(min_value=1, max_value=MOST_DAYS, initial=DAYS)

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, str(year)) for year in years]


class LinkForm(ShareForm):
    label = forms.CharField(max_length=80)


class MailForm(ShareForm):
    to = forms.EmailField(max_length=254)
    line = forms.CharField(max_length=300, required=False)
