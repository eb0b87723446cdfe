from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import Exists, OuterRef
from django.http import HttpRequest

from challenges.models import Challenge
from mixportal.desk.base import CuratedAdmin, Field, ForeignKey, ModelChoiceField, ModelForm
from mixportal.desk.forms import EntryForm
from mixportal.editions.models import AnnualList, Edition, Entry, Kind
from mixportal.tables.values import grouped
from priorities.models import Priority


def is_drafted(entry: Entry) -> bool:
    return getattr(entry, "is_drafted", True)  # a new one has no annotation


class EntryAdmin(CuratedAdmin[Entry]):
    kind: Kind

    change_form_template = "desk/change_entry.html"
    delete_confirmation_template = "desk/delete_entry.html"
    delete_selected_confirmation_template = "desk/delete_entries.html"
    form = EntryForm
    list_display = ("title", "year", "position", "has_plain_words", "has_text_for_leaders")
    list_filter = (("annual_list__edition", admin.RelatedOnlyFieldListFilter),)
    search_fields = ("title", "description", "in_plain_words")
    ordering = ("-annual_list__edition__year", "position")
    prepopulated_fields = {"slug": ("title",)}
    fieldsets = (
        (None, {"fields": ("annual_list", "title", "slug")}),
        ("What it means", {"fields": ("description", "short")}),
        ("For leaders", {"fields": ("in_plain_words", "for_leaders")}),
    )

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Entry]:
        drafts = Edition.objects.drafting().filter(lists=OuterRef("annual_list"))
        return super().get_queryset(request).select_related("annual_list__edition").annotate(is_drafted=Exists(drafts))

    def get_readonly_fields(self, request: HttpRequest, obj: Entry | None = None) -> tuple[str, ...]:
        return ("annual_list",) if obj is not None else ()

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: object) -> forms.Field | None:
        if db_field.name == "for_leaders":
            kwargs["label"] = self.kind.for_leaders_heading
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: object
    ) -> ModelChoiceField | None:
        if db_field.name == "annual_list":
            drafted = AnnualList.objects.filter(kind=self.kind, edition__in=Edition.objects.drafting().values("pk"))
            kwargs["queryset"] = drafted.select_related("edition").order_by("-edition__year")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        drafted = Edition.objects.drafting().first()
        return {
            "annual_list": drafted.list_of(self.kind) if drafted else None,
            **super().get_changeform_initial_data(request),
        }

    def has_change_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or is_drafted(obj))

    def save_model(self, request: HttpRequest, obj: Entry, form: ModelForm, change: bool) -> None:
        if not change:
            obj.position = obj.annual_list.next_position()
        super().save_model(request, obj, form, change)

    def reasons_to_keep(self, objects: Iterable[Entry]) -> list[str]:
        by_list = grouped((entry.annual_list, entry) for entry in objects)
        reasons = []
        for annual_list, entries in by_list.items():
            edition = annual_list.edition
            if not is_drafted(entries[0]):
                reasons.append(f"The list of {edition} has opened, so its entries cannot change.")
            elif edition.opens_at and not annual_list.entries.exclude(pk__in=[each.pk for each in entries]).exists():
                reasons.append(f"The list of {edition} has a date on which it opens: it cannot become empty.")
        return reasons

    def view_on_site(self, obj: Entry) -> str:
        return obj.get_absolute_url()

    @admin.display(description="edition", ordering="annual_list__edition__year")
    def year(self, entry: Entry) -> str:
        return str(entry.edition)

    @admin.display(description="plain words", boolean=True)
    def has_plain_words(self, entry: Entry) -> bool:
        return bool(entry.in_plain_words)

    @admin.display(description="more for leaders", boolean=True)
    def has_text_for_leaders(self, entry: Entry) -> bool:
        return bool(entry.for_leaders)


@admin.register(Priority)
class PriorityAdmin(EntryAdmin):
    kind = Kind.PRIORITIES


@admin.register(Challenge)
class ChallengeAdmin(EntryAdmin):
    kind = Kind.CHALLENGES
