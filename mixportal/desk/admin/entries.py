from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import ExpressionWrapper, Q
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from challenges.models import Challenge, Hindrance
from mixportal.desk.base import (
    Context,
    CuratedAdmin,
    Field,
    Fieldsets,
    ForeignKey,
    InlineFormSet,
    ModelChoiceField,
    ModelForm,
    ModelFormSet,
    ReadOnlyMixin,
    TabularInline,
)
from mixportal.desk.edition_forms import (
    EntriesFormSet,
    EntryForm,
    EntryPageForm,
    EntryPositionsFormSet,
    LineageFormSet,
    ListField,
    is_list_frozen,
)
from mixportal.desk.pages import desk_url
from mixportal.editions.models import AnnualList, Edition, Entry, Kind, Lineage
from mixportal.tables.values import grouped
from priorities.models import Investment, Priority

MAX_ROWS = 100


def has_passed(field: str) -> Q:
    return Q(**{f"{field}__isnull": False, f"{field}__lte": Now()})


def is_frozen(prefix: str = "") -> ExpressionWrapper[Q]:
    return ExpressionWrapper(
        Q(**{f"{prefix}published_at__isnull": False}) | has_passed(f"{prefix}opens_at"),
        output_field=models.BooleanField(),
    )


class ListInline(TabularInline):
    extra = 1
    max_num = MAX_ROWS

    def get_formset(
        self, request: HttpRequest, obj: Edition | Entry | None = None, **kwargs: object
    ) -> type[InlineFormSet]:
        return super().get_formset(request, obj, **{"absolute_max": MAX_ROWS} | kwargs)

    def has_add_permission(self, request: HttpRequest, obj: Edition | Entry | None = None) -> bool:
        return super().has_add_permission(request, obj) and not (obj is not None and is_list_frozen(obj))

    def has_change_permission(self, request: HttpRequest, obj: Edition | Entry | None = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj is not None and is_list_frozen(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Edition | Entry | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj is not None and is_list_frozen(obj))


class EntriesInline(ListInline):
    form = EntryForm
    fields = ("position", "title", "description", "in_plain_words")
    ordering = ("position",)
    show_change_link = True
    view_on_site = False
    formfield_overrides = {models.TextField: {"widget": forms.Textarea(attrs={"rows": 4, "cols": 40})}}

    def __init__(self, parent_model: type[models.Model], admin_site: admin.AdminSite) -> None:
        super().__init__(AnnualList, admin_site)


class LineageInline(ListInline):
    model = Lineage
    formset = LineageFormSet
    fk_name = "later"
    fields = ("type", "earlier")
    verbose_name = "link to an earlier entry"
    verbose_name_plural = "merged or split from earlier entries"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Lineage]:
        links: models.QuerySet[Lineage] = super().get_queryset(request)
        return links.select_related("earlier__annual_list__edition")

    def has_view_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return True

    def has_change_permission(self, request: HttpRequest, obj: Edition | Entry | None = None) -> bool:
        entry = self.parent_model._meta
        can_change: bool = request.user.has_perm(f"{entry.app_label}.change_{entry.model_name}")
        return can_change and not (obj is not None and is_list_frozen(obj))

    has_add_permission = has_delete_permission = has_change_permission


class EntryAdmin(CuratedAdmin[Entry]):
    kind: Kind

    form = EntryPageForm
    inlines = (LineageInline,)
    list_display = ("title", "year", "position", "has_plain_words", "has_text_for_leaders")
    list_editable = ("position",)
    list_filter = (("annual_list__edition", admin.RelatedOnlyFieldListFilter),)
    search_fields = ("title", "description", "in_plain_words")
    ordering = ("-annual_list__edition__year", "position")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Entry]:
        return (
            super()
            .get_queryset(request)
            .select_related("annual_list__edition")
            .annotate(is_list_frozen=is_frozen("annual_list__edition__"))
        )

    def get_fieldsets(self, request: HttpRequest, obj: Entry | None = None) -> Fieldsets:
        return [
            (
                None,
                {
                    "fields": (
                        "annual_list" if obj is None else "edition",
                        "title",
                        "slug",
                        "position",
                    )
                },
            ),
            ("What it means", {"fields": ("description", "short")}),
            ("For leaders", {"fields": ("in_plain_words", "for_leaders")}),
        ]

    def get_inlines(self, request: HttpRequest, obj: Entry | None) -> tuple[type[LineageInline], ...]:
        return self.inlines if obj is not None else ()

    def get_readonly_fields(self, request: HttpRequest, obj: Entry | None = None) -> tuple[str, ...]:
        return ("edition",) if obj is not None else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Entry | None = None) -> dict[str, Sequence[str]]:
        return {"slug": ("title",)}

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: object) -> forms.Field | None:
        if db_field.name == "for_leaders":
            kwargs["label"] = self.kind.for_leaders_heading
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: object
    ) -> ModelChoiceField | None:
        if db_field.name == "annual_list":
            drafted = AnnualList.objects.filter(kind=self.kind, edition__in=Edition.objects.drafting().values("pk"))
            kwargs |= {"form_class": ListField, "label": "Edition"}
            kwargs["queryset"] = drafted.select_related("edition").order_by("-edition__year")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        drafted = Edition.objects.drafting().first()
        return {
            "annual_list": drafted.list_of(self.kind) if drafted else None,
            **super().get_changeform_initial_data(request),
        }

    def get_changelist_form(self, request: HttpRequest, **kwargs: object) -> type[ModelForm]:
        return super().get_changelist_form(request, form=EntryForm, **kwargs)

    def get_changelist_formset(self, request: HttpRequest, **kwargs: object) -> type[ModelFormSet]:
        return super().get_changelist_formset(request, formset=EntryPositionsFormSet, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj is not None and is_list_frozen(obj))

    def reasons_to_keep(self, objects: Iterable[Entry]) -> list[str]:
        by_list = grouped((entry.annual_list, entry) for entry in objects)
        reasons = []
        for annual_list, entries in by_list.items():
            edition = annual_list.edition
            if is_list_frozen(entries[0]):
                reasons.append(f"The list of {edition} has opened, so its entries cannot change.")
            elif edition.opens_at and not annual_list.entries.exclude(pk__in=[each.pk for each in entries]).exists():
                reasons.append(f"The list of {edition} has a date on which it opens: it cannot become empty.")
        return reasons

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: Context | None = None,
    ) -> HttpResponse:
        return super().change_view(
            request,
            object_id,
            form_url,
            {**(extra_context or {}), **self._links_of(request, object_id)},
        )

    def _links_of(self, request: HttpRequest, object_id: str) -> dict[str, str]:
        entry = self.get_object(request, object_id)
        if entry is None or not request.user.has_perm("editions.change_edition"):
            return {}
        links = {"desk_link": desk_url(entry.edition)}
        if not is_list_frozen(entry):
            links["split_link"] = desk_url(entry.edition, "split", kind=self.kind, entry=entry.pk)
        elif not entry.edition.is_published:
            links["correct_link"] = desk_url(entry.edition, "correct", kind=self.kind, entry=entry.pk)
        return links

    def view_on_site(self, obj: Entry) -> str:
        return obj.get_absolute_url()

    @admin.display(description="edition")
    def edition(self, entry: Entry) -> SafeString:
        address = reverse("admin:editions_edition_change", args=[entry.edition.pk])
        return format_html('<a href="{}">{}</a>', address, entry.edition)

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


class PrioritiesFormSet(EntriesFormSet):
    kind = Kind.PRIORITIES


class PrioritiesInline(EntriesInline):
    model = Priority
    formset = PrioritiesFormSet


@admin.register(Investment)
class InvestmentAdmin(ReadOnlyMixin, CuratedAdmin[Investment]):
    list_display = ("priority", "government", "status", "cost", "audience", "updated_at")
    list_filter = (
        ("priority__annual_list__edition", admin.RelatedOnlyFieldListFilter),
        "status",
        "cost",
        "audience",
    )
    list_select_related = ("priority", "government")
    search_fields = ("government__name", "priority__title", "summary")
    ordering = ("-priority__annual_list__edition__year", "priority__position", "government__name")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Investment]:
        return super().get_queryset(request) & Investment.objects.visible_to(request.user)


@admin.register(Challenge)
class ChallengeAdmin(EntryAdmin):
    kind = Kind.CHALLENGES


class ChallengesFormSet(EntriesFormSet):
    kind = Kind.CHALLENGES


class ChallengesInline(EntriesInline):
    model = Challenge
    formset = ChallengesFormSet


@admin.register(Hindrance)
class HindranceAdmin(ReadOnlyMixin, CuratedAdmin[Hindrance]):
    list_display = ("challenge", "priority", "government")
    fields = readonly_fields = ("government", "challenge", "priority")
    list_filter = (
        ("challenge__annual_list__edition", admin.RelatedOnlyFieldListFilter),
        ("challenge", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("challenge", "priority", "response__government")
    search_fields = ("response__government__name", "challenge__title", "priority__title")
    ordering = (
        "-challenge__annual_list__edition__year",
        "challenge__position",
        "priority__position",
        "response__government__name",
    )

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Hindrance]:
        return super().get_queryset(request) & Hindrance.objects.visible_to(request.user)

    @admin.display(description="government", ordering="response__government__name")
    def government(self, hindrance: Hindrance) -> str:
        return str(hindrance.response.government)
