from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected as delete_after_confirmation
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, DataError, IntegrityError, connection, models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from mixportal.changes.histories import HISTORY_OF
from mixportal.changes.pages import HistoryPage
from mixportal.tables.values import moment_in_words, value_in_words

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    ModelForm = forms.ModelForm[Any]
    ModelChoiceField = forms.ModelChoiceField[Any]
else:
    ModelAdmin = admin.ModelAdmin
    ModelForm = forms.ModelForm
    ModelChoiceField = forms.ModelChoiceField

FormSet: TypeAlias = "forms.BaseFormSet[forms.BaseForm]"
Field: TypeAlias = "models.Field[object, object]"
ForeignKey: TypeAlias = "models.ForeignKey[object, object]"
Row = TypeVar("Row", bound=models.Model)
Context = dict[str, object]
CleanedData = dict[str, Any]
Fieldsets = list[Any]  # Django's own type is private

NOTHING_SAVED = (
    "The database refused this, and nothing was saved: "
    "another person changed it at the same time, or another record still refers to it."
)
FILTER_SUFFIXES = ("", "__exact", "__isnull", "__id__exact")


def refusal_message(refusal: DatabaseError) -> str:
    diagnosis = getattr(refusal.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None)
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name and constraint.violation_error_message:
                return f"Nothing was saved: {constraint.get_violation_error_message()}"
    if getattr(diagnosis, "sqlstate", None) == "23514" and name is None:  # by a trigger
        return f"Nothing was saved: {getattr(diagnosis, 'message_primary', '')}"
    return NOTHING_SAVED


def report_refusals(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def answer(
        model_admin: CuratedAdmin[models.Model],
        request: HttpRequest,
        *args: object,
        **kwargs: object,
    ) -> HttpResponse:
        try:
            return view(model_admin, request, *args, **kwargs)
        except (IntegrityError, DataError) as refusal:
            if request.method != "POST":
                raise
            messages.error(request, refusal_message(refusal))
            is_deleting = view.__name__ == "delete_view"
            return redirect(model_admin.list_url if is_deleting else request.get_full_path())

    return answer


class StaleCheckMixin(forms.BaseForm):
    def show_seen(self) -> None:
        for name in self.fields.keys() & self.initial:
            self.fields[name].show_hidden_initial = True

    def clean(self) -> CleanedData:
        cleaned = super().clean() or self.cleaned_data
        kept = {}
        for bound in (self[name] for name in self.initial if name in self.fields):
            seen, stored = self.data.get(bound.html_initial_name), bound.field.prepare_value(bound.initial)
            if seen is None or seen.split() == str("" if stored is None else stored).split():
                continue
            named = dict(getattr(bound.field, "choices", ())).get(stored, bound.initial)
            words = value_in_words(models.Field(), named) or "nothing"
            self.add_error(bound.name, f"Another person changed this. It is now: {words}")
            kept[bound.html_initial_name] = stored
            if bound.name not in self.changed_data:
                kept[bound.html_name] = bound.initial
        if kept:
            self.add_error(None, "Another person changed this since you opened it. Nothing was saved.")
            self.data = dict(self.data.items()) | kept
        return cleaned


class CuratedForm(StaleCheckMixin, ModelForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.show_seen()


def moment_column(field: str, description: str) -> Callable[[object, models.Model], str]:
    @admin.display(description=description, ordering=field)
    def column(model_admin: object, row: models.Model) -> str:
        return moment_in_words(getattr(row, field))

    return column


class StateFilter(admin.SimpleListFilter):
    states: Mapping[str, tuple[str, models.Q]]

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        return [(key, words) for key, (words, _) in self.states.items()]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Row]) -> models.QuerySet[Row]:
        chosen = self.states.get(self.value() or "")
        return queryset.filter(chosen[1]) if chosen else queryset


class CuratedAdmin(ModelAdmin, Generic[Row]):
    actions: Sequence[str] = ("delete_selected",)
    form: type[ModelForm] = CuratedForm
    formfield_overrides = {
        models.URLField: {"assume_scheme": "https"},
        models.DateField: {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")},
    }

    @property
    def list_url(self) -> str:
        return reverse(f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Row]:
        rows: models.QuerySet[Row] = super().get_queryset(request)
        return rows

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Row | None:
        found: Row | None = super().get_object(request, object_id, from_field or None)  # Django breaks on ?_to_field=
        return found

    def reasons_to_keep(self, objects: Iterable[Row]) -> list[str]:
        """Return a sentence for each object that must stay."""
        return []

    def has_delete_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj is not None and self.reasons_to_keep([obj]))

    @admin.action(permissions=["delete"], description="Delete the selected %(verbose_name_plural)s")
    def delete_selected(self, request: HttpRequest, queryset: models.QuerySet[Row]) -> HttpResponse | None:
        if reasons := self.reasons_to_keep(queryset):
            self.message_user(request, f"Nothing was deleted. {' '.join(reasons)}", messages.ERROR)
            return None
        with transaction.atomic():  # so that nothing is logged as deleted if deleting fails
            return delete_after_confirmation(self, request, queryset)

    @report_refusals
    def changelist_view(self, request: HttpRequest, extra_context: Context | None = None) -> HttpResponse:
        if any("\x00" in value for values in request.GET.lists() for value in values[1]):
            return redirect(f"{request.path}?e=1")
        return super().changelist_view(request, extra_context)

    @report_refusals
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Context | None = None,
    ) -> HttpResponse:
        if request.method != "POST" or object_id is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            if self.has_change_permission(request) and (obj := self.get_object(request, unquote(object_id))):
                self.lock(obj)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def lock(self, obj: Row) -> None:
        models.QuerySet(self.model).select_for_update(no_key=True).filter(pk=obj.pk).first()

    @report_refusals
    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Context | None = None) -> HttpResponse:
        return super().delete_view(request, object_id, extra_context)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Context | None = None) -> HttpResponse:
        obj = self.get_object(request, unquote(object_id))
        history = HISTORY_OF.get(self.model._meta.concrete_model._meta.label)
        if obj is None or history is None:
            return super().history_view(request, object_id, extra_context)
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        assert request.user.is_authenticated
        context = {
            **self.admin_site.each_context(request),
            "title": f"History: {obj}",
            "history_page": HistoryPage(request.GET, request.user, [history], obj=obj, offers_undo=True),
            "object": obj,
            "opts": self.opts,
        }
        return TemplateResponse(request, "desk/history.html", context)

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Sequence[FormSet], change: bool) -> None:
        super().save_related(request, form, formsets, change)
        connection.check_constraints()  # deferred ones too

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        super().delete_model(request, obj)
        connection.check_constraints()

    def response_action(
        self,
        request: HttpRequest,
        queryset: models.QuerySet[models.Model],
        *args: Any,
        **kwargs: Any,
    ) -> HttpResponse | None:
        try:
            for chosen in request.POST.getlist(ACTION_CHECKBOX_NAME):
                self.opts.pk.clean(chosen, None)
        except ValidationError:
            self.message_user(request, "Choose from the rows of this list.", messages.ERROR)
            return None
        return super().response_action(request, queryset, *args, **kwargs)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Refuse other lookups, which could reveal sealed places."""
        for each in self.get_list_filter(request):
            field = each[0] if isinstance(each, tuple) else each
            if isinstance(field, str):
                if lookup.startswith(field) and lookup.removeprefix(field) in FILTER_SUFFIXES:
                    return True
            elif isinstance(field, type) and lookup == getattr(field, "parameter_name", None):
                return True
        return False


class KeptMixin:
    """Neither added nor deleted here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class ReadOnlyMixin(KeptMixin):
    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False
