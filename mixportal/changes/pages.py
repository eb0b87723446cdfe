from collections.abc import Iterable, Mapping

from django import forms
from django.core.paginator import Paginator
from django.db.models import Model

from members.models import Government, User
from mixportal.changes.events import actions_of, find_events, read_actions
from mixportal.changes.histories import History
from mixportal.changes.undo import mark_undoable
from mixportal.tables.values import set_choices

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
        set_choices(self, "what", [("", "Everything"), *((history.key, history.title) for history in histories)])


class HistoryPage:
    def __init__(
        self,
        query: Mapping[str, str],
        user: User,
        histories: Iterable[History],
        *,
        government: Government | None = None,
        obj: Model | None = None,
        offers_undo: bool = False,
    ) -> None:
        shown = [history for history in histories if government is None or history.government]
        form = HistoryFilterForm(shown, query)
        self.ignored = [str(form[name].label) for name in form.errors]
        found = {name: value for name, value in form.cleaned_data.items() if value}
        self.filters = HistoryFilterForm(shown, initial=found)
        events = find_events(user, shown, government=government, obj=obj, **found)
        self.page = Paginator(actions_of(events), PAGE_SIZE).get_page(query.get("page"))
        self.actions = read_actions(self.page, user)
        if offers_undo:
            mark_undoable(self.actions, user)
