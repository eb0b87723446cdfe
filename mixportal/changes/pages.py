from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Model

from members.models import Government, User
from mixportal.changes.events import PAGE_SIZE, HistoryEvents, HistoryFilter
from mixportal.changes.history import History


class HistoryFilterForm(forms.Form):
    what = forms.ChoiceField(label="What", required=False, widget=forms.Select({"class": "in"}))
    who = forms.CharField(
        label="Who (part of a name)", max_length=80, required=False, widget=forms.TextInput({"class": "in"})
    )
    since = forms.DateField(label="From", required=False, widget=forms.DateInput({"class": "in", "type": "date"}))
    until = forms.DateField(label="To", required=False, widget=forms.DateInput({"class": "in", "type": "date"}))

    def __init__(self, *args: Any, histories: list[History], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(history.key, history.title) for history in histories]
        what = self.fields["what"]
        assert isinstance(what, forms.ChoiceField)
        what.choices = [("", "Everything"), *choices]


class HistoryPage:
    def __init__(
        self,
        query: Mapping[str, str],
        user: User,
        histories: Iterable[History],
        *,
        government: Government | None = None,
        obj: Model | None = None,
    ) -> None:
        shown = [history for history in histories if government is None or history.for_government]
        bound = HistoryFilterForm(query, histories=shown)
        self.ignored = [str(bound[name].label) for name in bound.errors]
        found = {name: value for name, value in bound.cleaned_data.items() if value}
        self.filters = HistoryFilterForm(initial=found, histories=shown, auto_id="filter-%s")
        self.query = {name: str(value) for name, value in found.items()}
        events = HistoryEvents(user, shown, government=government, obj=obj, filters=HistoryFilter(**found))
        number = query.get("page", "")
        self.number = int(number) if re.fullmatch(r"[1-9][0-9]{0,5}", number, re.ASCII) else 1
        self.entries, self.has_older = events.page(self.number)
        self.total = len(events)

    @property
    def newer(self) -> str:
        return self._address(self.number - 1) if self.number > 1 else ""

    @property
    def older(self) -> str:
        return self._address(self.number + 1) if self.has_older else ""

    @property
    def first(self) -> int:
        return (self.number - 1) * PAGE_SIZE + 1

    @property
    def last(self) -> int:
        return self.first + len(self.entries) - 1

    def _address(self, number: int) -> str:
        return f"?{urlencode({**self.query, 'page': number})}"
