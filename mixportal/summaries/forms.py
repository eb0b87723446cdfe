from django import forms
from django.http import QueryDict

from mixportal.summaries.models import DEFAULT_DAYS, MAX_DAYS
from mixportal.tables.values import set_choices


class ShareForm(forms.Form):
    year = forms.TypedChoiceField(coerce=int)
    days = forms.IntegerField(min_value=1, max_value=MAX_DAYS, initial=DEFAULT_DAYS)

    def __init__(self, data: QueryDict | None = None, *, years: list[int]) -> None:
        super().__init__(data)
        set_choices(self, "year", [(year, str(year)) for year in years])


class LinkForm(ShareForm):
    label = forms.CharField(max_length=80)


class MailForm(ShareForm):
    to = forms.EmailField(max_length=254)
    line = forms.CharField(max_length=300, required=False)
