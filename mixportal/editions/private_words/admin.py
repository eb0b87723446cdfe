"""Where curators read members' private words, and answer them. Each kind's own admin binds it to its model."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from members.curation import CuratedAdmin
from members.words import moment_in_words
from mixportal.editions import kinds

SAVING = (
    "Saving marks the word as dealt with. What you write here goes by mail to its author; "
    "leave it blank if nothing need be said."
)


class UnreadFilter(admin.SimpleListFilter):
    title = "answer"
    parameter_name = "answer"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("unread", "Not dealt with"), ("done", "Dealt with")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() in ("unread", "done"):
            return queryset.filter(answered_at__isnull=self.value() == "unread")
        return queryset


class PrivateWordAdmin(CuratedAdmin):
    """Base of each kind's admin of the private words on its entries."""

    kind: kinds.Kind

    list_display = ("about", "year", "government", "written", "state")
    list_filter = (("edition", admin.RelatedOnlyFieldListFilter), UnreadFilter)
    search_fields = ("about", "body", "government__name")
    list_select_related = ("edition", "government")
    formfield_overrides = CuratedAdmin.formfield_overrides | {
        models.TextField: {"widget": forms.Textarea({"rows": 4, "cols": 60})}
    }

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).select_related("edition", "government", "written_by").unread_first()

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return [models.F("answered_at").desc(nulls_first=True), "-written_at"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        description = SAVING if self.has_change_permission(request, obj) else ""
        return [
            ("The word", {"fields": ("about", "edition", "author", "written", "body")}),
            ("Answer", {"fields": ("answer", "answered"), "description": description}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("about", "edition", "author", "written", "body", "answered")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # members write, on the entry's own page

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.answered_at is None)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.settle(form.cleaned_data["answer"], request.user)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ValidationError as refusal:
            self.message_user(request, f"Nothing was sent. {' '.join(refusal.messages)}", messages.ERROR)
            return redirect(request.get_full_path())

    @admin.display(description="edition", ordering="edition__year")
    def year(self, word: Any) -> str:
        return str(word.edition)

    @admin.display(description="from")
    def author(self, word: Any) -> str:
        return f"{word.written_by}, {word.government}"

    @admin.display(description="written", ordering="written_at")
    def written(self, word: Any) -> str:
        return moment_in_words(word.written_at)

    @admin.display(description="state", ordering="answered_at")
    def state(self, word: Any) -> str:
        return "Not dealt with" if word.answered_at is None else "Answered" if word.answer else "Read"

    @admin.display(description="dealt with")
    def answered(self, word: Any) -> str:
        return f"{moment_in_words(word.answered_at)}, by {word.answered_by}" if word.answered_at else "not yet"
