"""What every page of the curators' admin shares: refusals in words, and no filters but the page's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, ClassVar

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected as delete_after_confirmation
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db import DatabaseError, DataError, IntegrityError, connection, models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

NOTHING_SAVED = (
    "The database refused this, and nothing was saved: "
    "somebody changed the same thing meanwhile, or something still refers to it."
)
# what Django's own filters add to the name of their field
FILTER_SUFFIXES = ("", "__exact", "__isnull", "__id__exact")


def words_of(refusal: DatabaseError) -> str:
    """What a refusal of the database means: a constraint's own message, a trigger's words, else NOTHING_SAVED."""
    diagnosis = getattr(refusal.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None)
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name and constraint.violation_error_message:
                return f"Nothing was saved: {constraint.get_violation_error_message()}"
    if getattr(diagnosis, "sqlstate", None) == "23514" and name is None:  # check_violation, raised by a trigger
        return f"Nothing was saved: {diagnosis.message_primary}"  # type: ignore[union-attr]
    return NOTHING_SAVED


def _says_refusals(back_to_list: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Turns what the database refuses on a POST into a message and a redirect back."""

    def wrap(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def answering(self: CuratedAdmin, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return view(self, request, *args, **kwargs)
            except (IntegrityError, DataError) as refusal:
                if request.method != "POST":
                    raise
                self.message_user(request, words_of(refusal), messages.ERROR)
                return redirect(self.list_url if back_to_list else request.get_full_path())

        return answering

    return wrap


class CuratedAdmin(admin.ModelAdmin):
    """Base of every ModelAdmin of the portal."""

    actions: ClassVar[Any] = ["delete_selected"]
    formfield_overrides: ClassVar[Any] = {
        models.URLField: {"assume_scheme": "https"},
        models.DateField: {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")},
    }

    @property
    def list_url(self) -> str:
        return reverse(f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def why_kept(self, objects: Iterable[Any]) -> list[str]:
        """A sentence for each of `objects` that nobody deletes; deleting them together is the question."""
        return []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj is not None and self.why_kept([obj]))

    @admin.action(permissions=["delete"], description="Delete the selected %(verbose_name_plural)s")
    def delete_selected(self, request: HttpRequest, queryset: models.QuerySet) -> HttpResponse | None:
        """As Django's, but what stays is said before anything that refers to it is listed."""
        if reasons := self.why_kept(queryset):
            self.message_user(request, f"Nothing was deleted. {' '.join(reasons)}", messages.ERROR)
            return None
        with transaction.atomic():  # what is not deleted is not logged as deleted either
            return delete_after_confirmation(self, request, queryset)

    @_says_refusals()
    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if any("\x00" in value for values in request.GET.lists() for value in values[1]):
            return redirect(f"{request.path}?e=1")  # as Django answers a filter that makes no sense
        return super().changelist_view(request, extra_context)

    @_says_refusals()
    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return super().changeform_view(request, object_id, form_url, extra_context)

    @_says_refusals(back_to_list=True)
    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return super().delete_view(request, object_id, extra_context)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        connection.check_constraints()  # those left for the commit, before a message says that all went well
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        connection.check_constraints()
        return super().response_change(request, obj)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:
        connection.check_constraints()
        return super().response_delete(request, obj_display, obj_id)

    def response_action(self, request: HttpRequest, queryset: models.QuerySet) -> HttpResponse | None:
        try:
            for chosen in request.POST.getlist(ACTION_CHECKBOX_NAME):
                self.opts.pk.clean(chosen, None)
        except ValidationError:
            self.message_user(request, "Choose from the rows of this list.", messages.ERROR)
            return None
        return super().response_action(request, queryset)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Only the page's own filters: a free lookup could ask for what is sealed, or for a password's hash."""
        for each in self.get_list_filter(request):
            field = each[0] if isinstance(each, tuple) else each
            if isinstance(field, str):
                if lookup.startswith(field) and lookup.removeprefix(field) in FILTER_SUFFIXES:
                    return True
            elif lookup == field.parameter_name:
                return True
        return False

    def get_search_results(self, request: HttpRequest, queryset: models.QuerySet, search_term: str) -> tuple[Any, bool]:
        if "\x00" in search_term:
            return queryset.none(), False
        return super().get_search_results(request, queryset, search_term)
