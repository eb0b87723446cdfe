"""Reading a record page by page, as an address asks for it: for governments and in the curators' admin."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms

from members import record


class Filters(forms.Form):
    what = forms.ChoiceField(label="What", required=False, widget=forms.Select({"class": "in"}))
    who = forms.CharField(
        label="Who (part of a name)", max_length=80, required=False, widget=forms.TextInput({"class": "in"})
    )
    since = forms.DateField(label="From", required=False, widget=forms.DateInput({"class": "in", "type": "date"}))
    until = forms.DateField(label="To", required=False, widget=forms.DateInput({"class": "in", "type": "date"}))

    def __init__(self, *args: Any, chapters: list[record.Chapter], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = [
            ("", "Everything"),
            *((chapter.key, chapter.title) for chapter in chapters),
        ]


class Reading:
    """One page of a record as its address asks for it. A filter that makes no sense is left out, and said."""

    def __init__(self, asked: Mapping[str, str], user: Any, chapters: list[record.Chapter], **of: Any) -> None:
        if of.get("government") is not None:
            chapters = [chapter for chapter in chapters if chapter.of_government]
        bound = Filters(asked, chapters=chapters)
        self.ignored = [str(bound[name].label) for name in bound.errors]
        found = {name: value for name, value in bound.cleaned_data.items() if value}
        self.filters = Filters(initial=found, chapters=chapters, auto_id="filter-%s")
        self.record = record.Record(user, chapters, asked=record.Asked(**found), **of)
        self.asked = {name: str(value) for name, value in found.items()}
        number = asked.get("page", "")
        self.number = int(number) if re.fullmatch(r"[1-9][0-9]{0,5}", number, re.ASCII) else 1
        self.deeds, self.has_older = self.record.page(self.number)
        self.total = len(self.record)

    @property
    def newer(self) -> str:
        return self._address(self.number - 1) if self.number > 1 else ""

    @property
    def older(self) -> str:
        return self._address(self.number + 1) if self.has_older else ""

    @property
    def first(self) -> int:
        """The number of the first deed shown, counted from the newest."""
        return (self.number - 1) * record.PAGE + 1

    @property
    def last(self) -> int:
        return self.first + len(self.deeds) - 1

    def _address(self, number: int) -> str:
        return f"?{urlencode({**self.asked, 'page': number})}"
