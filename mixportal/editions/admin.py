"""Curating editions and their lists. Each kind's own admin binds EntryAdmin to its model."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db import models
from django.db.models import Count, ExpressionWrapper, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Now
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from members.curation import CuratedAdmin
from mixportal.editions import kinds
from mixportal.editions.admin_forms import (
    EditionForm,
    EntriesOfEdition,
    EntryForm,
    EntryPageForm,
    EntryRows,
    LineageOfEntry,
    list_stands,
)
from mixportal.editions.desk_lists import ListPages
from mixportal.editions.desk_page import desk_url
from mixportal.editions.models import Edition, Phase
from mixportal.editions.templatetags.moments import moment, short_moment

MOST_ROWS = 100
SMALL_TEXT = {models.TextField: {"widget": forms.Textarea(attrs={"rows": 4, "cols": 40})}}


def _has_passed(field: str) -> Q:
    return Q(**{f"{field}__isnull": False, f"{field}__lte": Now()})


def _stands(prefix: str = "") -> ExpressionWrapper:
    """Whether a list no longer changes: its edition has opened or is published. `prefix` leads to the edition."""
    return ExpressionWrapper(
        Q(**{f"{prefix}published_at__isnull": False}) | _has_passed(f"{prefix}opens_at"),
        output_field=models.BooleanField(),
    )


class ListInline(admin.TabularInline):
    """Rows that belong to a list: to read only, once it stands."""

    extra = 1
    max_num = MOST_ROWS

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """A form that says it has more rows than a list may have is not built row by row."""
        return super().get_formset(request, obj, **{"absolute_max": MOST_ROWS} | kwargs)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and not (obj is not None and list_stands(obj))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj is not None and list_stands(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj is not None and list_stands(obj))


class EntriesInline(ListInline):
    form = EntryForm
    formset = EntriesOfEdition
    fields = ("position", "title", "description", "in_plain_words")
    ordering = ("position",)
    show_change_link = True
    formfield_overrides = SMALL_TEXT


class LineageInline(ListInline):
    """Whoever changes the entry changes its lineage."""

    formset = LineageOfEntry
    fk_name = "later"
    fields = ("type", "earlier")
    verbose_name = "link to an earlier entry"
    verbose_name_plural = "continues from earlier editions"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).select_related("earlier__edition")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        entry = self.parent_model._meta
        may_change = request.user.has_perm(f"{entry.app_label}.change_{entry.model_name}")
        return may_change and not (obj is not None and list_stands(obj))

    has_add_permission = has_delete_permission = has_change_permission


def _inline(base: type[ListInline], model: type[models.Model]) -> type[ListInline]:
    return type(f"{model.__name__}Inline", (base,), {"model": model})


class PhaseFilter(admin.SimpleListFilter):
    title = "phase"
    parameter_name = "phase"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(phase.value, phase.value.capitalize()) for phase in Phase]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() in list(Phase):
            return getattr(queryset, Phase(self.value()).value)()
        return queryset


class EditionList(ChangeList):
    """A row leads to the edition's desk."""

    def url_for_result(self, result: Any) -> str:
        return desk_url(result)


class EditionAdmin(ListPages, CuratedAdmin):
    """The edition's own page and the pages of its lists; mixportal.summaries adds the desk and registers it."""

    form = EditionForm
    list_display = ("year", "phase", "lists", "opens", "closes", "published")
    list_filter = (PhaseFilter,)
    search_fields = ("=year", "title", "introduction", "conference_place")
    ordering = ("-year",)
    readonly_fields = ("phase", "opening", "close", "publication")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        over = ExpressionWrapper(
            Q(published_at__isnull=False) | _has_passed("closes_at"), output_field=models.BooleanField()
        )
        counts = {
            f"count_of_{kind.key}": Coalesce(
                Subquery(
                    kind.entry.objects.filter(edition=OuterRef("pk"))
                    .order_by()
                    .values("edition")
                    .annotate(count=Count("pk"))
                    .values("count")
                ),
                0,
            )
            for kind in kinds.registered()
        }
        return super().get_queryset(request).annotate(list_stands=_stands(), window_is_over=over, **counts)

    def get_inlines(self, request: HttpRequest, obj: Edition | None) -> list[type[ListInline]]:
        return [_inline(EntriesInline, kind.entry) for kind in kinds.registered()]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            window: tuple[str, ...] = ("time_zone",)
            what = "The opening and the close are given once the lists are in."
        else:
            reading = not self.has_change_permission(request, obj)
            opening = "opening" if reading or list_stands(obj) else "opens_at"
            close = "close" if reading or list_stands(obj) else "closes_at"
            window = ("phase", "time_zone", opening, close, "publication")
            what = (
                "Ballots are saved from the opening to the close, by the database’s clock; nobody presses a button. "
                "Once they are open, the edition’s desk moves the close, closes and publishes."
            )
        return [
            (None, {"fields": ("year", "title", "introduction")}),
            ("Conference", {"fields": ("conference_place", ("conference_from", "conference_to"))}),
            ("Ballots", {"fields": window, "description": what}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fields: tuple[str, ...] = self.readonly_fields
        if obj is not None and obj.is_published:
            return (*fields, "year", "time_zone", "title", "introduction")
        return (*fields, "year", "time_zone") if obj is not None and list_stands(obj) else fields

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return EditionList

    def get_urls(self) -> list[Any]:
        return [*self.list_urls(), *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        links = {"desk_link": reverse("admin:editions_edition_desk", args=[object_id])} if object_id.isdecimal() else {}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **links})

    def why_kept(self, objects: Iterable[Edition]) -> list[str]:
        return [f"{each} has opened or is published: it stays." for each in objects if list_stands(each)]

    def save_model(self, request: HttpRequest, obj: Edition, form: forms.ModelForm, change: bool) -> None:
        if not change:
            super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool) -> None:
        """The lists before the edition: it may open at this moment, and from then on they stand."""
        super().save_related(request, form, formsets, change)
        if change:
            super().save_model(request, form.instance, form, change)

    @admin.display(description="phase")
    def phase(self, edition: Any) -> str:
        if edition.is_published:
            return "Published"
        return "Closed" if edition.window_is_over else "Open" if list_stands(edition) else "Drafting"

    @admin.display(description="ballots open")
    def opening(self, edition: Edition) -> str:
        return _in_words(moment, edition.opens_at, edition)

    @admin.display(description="ballots close")
    def close(self, edition: Edition) -> str:
        return _in_words(moment, edition.closes_at, edition)

    @admin.display(description="published")
    def publication(self, edition: Edition) -> str:
        return _in_words(moment, edition.published_at, edition)

    @admin.display(description="ballots open", ordering="opens_at")
    def opens(self, edition: Edition) -> str:
        return _in_words(short_moment, edition.opens_at, edition)

    @admin.display(description="ballots close", ordering="closes_at")
    def closes(self, edition: Edition) -> str:
        return _in_words(short_moment, edition.closes_at, edition)

    @admin.display(description="published", ordering="published_at")
    def published(self, edition: Edition) -> str:
        return _in_words(short_moment, edition.published_at, edition)

    @admin.display(description="lists")
    def lists(self, edition: Edition) -> SafeString:
        """How many entries each has, each leading to them."""
        return format_html_join(
            ", ",
            '<a href="{}?edition__id__exact={}">{} {}</a>',
            (
                (_changelist(kind), edition.pk, count, kind.singular if count == 1 else kind.plural)
                for kind in kinds.registered()
                for count in [getattr(edition, f"count_of_{kind.key}")]
            ),
        )


def _in_words(words: Callable[[datetime, Edition], str], at: datetime | None, edition: Edition) -> str:
    return words(at, edition) if at else "–"


def _changelist(kind: kinds.Kind) -> str:
    return reverse(f"admin:{kind.entry._meta.app_label}_{kind.entry._meta.model_name}_changelist")


class EntryAdmin(CuratedAdmin):
    """Base of each kind's admin of its entries."""

    kind: kinds.Kind

    form = EntryPageForm
    list_display = ("title", "year", "position", "has_plain_words", "has_more")
    list_editable = ("position",)
    list_filter = (("edition", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("edition",)
    search_fields = ("title", "description", "in_plain_words")
    ordering = ("-edition__year", "position")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).select_related("edition").annotate(list_stands=_stands("edition__"))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [
            (None, {"fields": ("edition", "title", "slug", "position")}),
            ("What it means", {"fields": ("description",)}),
            ("For leaders", {"fields": ("in_plain_words", self.kind.more_field)}),
        ]

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[type[ListInline]]:
        return [_inline(LineageInline, self.kind.lineage)] if obj is not None else []

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("edition",) if obj is not None else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, tuple[str]]:
        return {"slug": ("title",)}

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "edition":
            kwargs["queryset"] = Edition.objects.drafting()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"edition": Edition.objects.drafting().first(), **super().get_changeform_initial_data(request)}

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        return super().get_changelist_form(request, form=EntryForm, **kwargs)

    def get_changelist_formset(self, request: HttpRequest, **kwargs: Any) -> Any:
        return super().get_changelist_formset(request, formset=EntryRows, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj is not None and list_stands(obj))

    def why_kept(self, objects: Iterable[Any]) -> list[str]:
        """Entries of a list that stands, and the last ones of a list that has a date on which it opens."""
        by_edition: dict[Edition, list[Any]] = {}
        for entry in objects:
            by_edition.setdefault(entry.edition, []).append(entry)
        return [
            f"The list of {edition} is open or later: its entries stand."
            if list_stands(entries[0])
            else f"The list of {edition} has a date on which it opens: it cannot become empty."
            for edition, entries in by_edition.items()
            if list_stands(entries[0]) or (edition.opens_at and not self._others(edition, entries))
        ]

    def _others(self, edition: Edition, entries: list[Any]) -> bool:
        return self.model.objects.filter(edition=edition).exclude(pk__in=[entry.pk for entry in entries]).exists()

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        return super().change_view(
            request, object_id, form_url, {**(extra_context or {}), **self._links_of(request, object_id)}
        )

    def _links_of(self, request: HttpRequest, object_id: str) -> dict[str, str]:
        """To its edition's desk, and to what may be done with it there: split while drafting, corrected once open."""
        entry = self.get_object(request, object_id)
        if entry is None or not request.user.has_perm("editions.change_edition"):
            return {}
        links = {"desk_link": desk_url(entry.edition)}
        if not list_stands(entry):
            links["split_link"] = desk_url(entry.edition, "split", kind=self.kind.key, entry=entry.pk)
        elif not entry.edition.is_published:
            links["correct_link"] = desk_url(entry.edition, "correct", kind=self.kind.key, entry=entry.pk)
        return links

    def view_on_site(self, obj: Any) -> str:
        return reverse(f"{self.kind.key}:entry", args=[obj.edition.year, obj.slug])

    @admin.display(description="edition", ordering="edition__year")
    def year(self, entry: Any) -> str:
        return str(entry.edition)

    @admin.display(description="plain words", boolean=True)
    def has_plain_words(self, entry: Any) -> bool:
        return bool(entry.in_plain_words)

    @admin.display(description="more for leaders", boolean=True)
    def has_more(self, entry: Any) -> bool:
        return bool(entry.more)
