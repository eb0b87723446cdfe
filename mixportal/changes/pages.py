from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from django import forms
from django.db.models import Model

from members.models import Government, User
from mixportal.changes.events import entries_of, find_events
from mixportal.changes.histories import History

PAGE_SIZE = 50


class HistoryFilterForm(forms.Form):
    what = forms.ChoiceField(label="What", required=False, widget=forms.Select({"class": "in"}))
    who = forms.CharField(
        label="Who (part of a name)",
        max_length=80,
        required=False,
        widget=forms.TextInput({"class": "in"}),
    )
    since = forms.DateField(label="From", required=False, widget=forms.DateInput({"class": "in", "type": "date"}))
    until = forms.DateField(label="To", required=False, widget=forms.DateInput({"class": "in", "type": "date"}))

    def __init__(
        self,
        histories: Iterable[History],
        data: Mapping[str, str] | None = None,
        initial: dict[str, object] | None = None,
    ) -> None:
        super().__init__(data, initial=initial, auto_id="filter-%s")
        what = self.fields["what"]
        assert isinstance(what, forms.ChoiceField)
        what.choices = [
            ("", "Everything"),
            *((history.key, history.title) for history in histories),
        ]


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
        shown = [history for history in histories if government is None or history.government]
        form = HistoryFilterForm(shown, query)
        self.ignored = [str(form[name].label) for name in form.errors]
        found = {name: value for name, value in form.cleaned_data.items() if value}
        self.filters = HistoryFilterForm(shown, initial=found)
        self.query = {name: str(value) for name, value in found.items()}
        events = find_events(user, shown, government=government, obj=obj, **found)
        number = query.get("page", "")
        self.number = int(number) if re.fullmatch(r"[1-9][0-9]{0,5}", number, re.ASCII) else 1
        self.total = events.count()
        start, end = (self.number - 1) * PAGE_SIZE, self.number * PAGE_SIZE
        self.entries = entries_of(events[start:end], user)
        self.first, self.last = start + 1, start + len(self.entries)
        self.newer = self._address(self.number - 1) if self.number > 1 else ""
        self.older = self._address(self.number + 1) if self.total > end else ""

    def _address(self, number: int) -> str:
        return f"?{urlencode({**self.query, 'page': number})}"
