"""Curating other bodies' lists: by hand, or from CSV after a look at what it would do."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path

from members.curation import CuratedAdmin
from mixportal.comparison import outside_csv
from mixportal.comparison.models import OutsideItem, OutsideList
from mixportal.comparison.outside_importing import ImportPlan, plan_import
from mixportal.editions import list_text

MOST_ITEMS = 100


class ItemsInline(admin.TabularInline):
    model = OutsideItem
    fields = ("position", "title", "place", "tied", "percent", "certainty", "is_disputed", "note")
    extra = 3
    max_num = MOST_ITEMS

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A row's fields have the column's heading for eyes alone."""
        found = super().formfield_for_dbfield(db_field, request, **kwargs)
        if found is not None:
            found.widget.attrs["aria-label"] = str(found.label or db_field.verbose_name).capitalize()
        return found

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return super().get_formset(request, obj, **{"absolute_max": MOST_ITEMS} | kwargs)


class ImportForm(forms.Form):
    file = forms.FileField(required=False, help_text="CSV in UTF-8, with the columns source, year, title, rank, …")
    text = forms.CharField(
        required=False,
        strip=False,
        label="or the rows themselves",
        widget=forms.Textarea(attrs={"rows": 12, "cols": 100}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if (file := cleaned.get("file")) is not None:
            if file.size > list_text.MAX_BYTES:
                raise ValidationError(f"The file has more than {list_text.MAX_BYTES:,} bytes.")
            try:
                cleaned["text"] = list_text.decode(file.read())
            except list_text.ListRefused as refused:
                raise ValidationError([str(problem) for problem in refused.problems]) from None
        try:
            cleaned["plan"] = plan_import(outside_csv.read(cleaned.get("text", "")))
        except list_text.ListRefused as refused:
            raise ValidationError([str(problem) for problem in refused.problems]) from None
        return cleaned


@admin.register(OutsideList)
class OutsideListAdmin(CuratedAdmin):
    change_list_template = "admin/comparison/outside_lists.html"
    inlines = (ItemsInline,)
    list_display = ("source", "name", "year", "items_kept", "is_shown")
    list_filter = ("year",)
    search_fields = ("source", "short_name", "name")
    ordering = ("-year", "source", "name")
    readonly_fields = ("published_at",)
    actions: ClassVar[Any] = ["publish", "delete_selected"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).annotate(count_of_items=Count("items"))

    @admin.display(description="items", ordering="count_of_items")
    def items_kept(self, outside: Any) -> int:
        return outside.count_of_items

    @admin.display(description="published", boolean=True, ordering="published_at")
    def is_shown(self, outside: OutsideList) -> bool:
        return outside.is_published

    @admin.action(permissions=["change"], description="Publish: everybody sees them from now on")
    def publish(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        for outside in queryset:
            try:
                outside.publish()
            except ValidationError as refused:
                self.message_user(request, " ".join(refused.messages), messages.ERROR)
            else:
                self.message_user(request, f"{outside} is published.", messages.SUCCESS)

    # Import

    def get_urls(self) -> list[Any]:
        own = path("import/", self.admin_site.admin_view(self.import_view), name="comparison_outsidelist_import")
        return [own, *super().get_urls()]

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Says what the rows would do; the button below that does it."""
        if not (self.has_add_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied
        form = ImportForm(request.POST or None, request.FILES or None)
        plan: ImportPlan | None = None
        if request.method == "POST" and form.is_valid():
            plan = form.cleaned_data["plan"]
            if "write" in request.POST:
                try:
                    plan.apply(reason="import of outside lists in the admin")
                except list_text.ListRefused as refused:
                    form.add_error(None, str(refused))
                else:
                    self.message_user(request, f"Imported: {plan.counts}.", messages.SUCCESS)
                    return redirect(self.list_url)
            else:
                form = ImportForm(initial={"text": form.cleaned_data["text"]})
        context = {
            **self.admin_site.each_context(request),
            "title": "Import outside lists",
            "form": form,
            "plan": plan,
            "list_url": self.list_url,
            "opts": self.opts,
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "admin/comparison/import_outside.html", context, status=status)


@admin.register(OutsideItem)
class OutsideItemAdmin(CuratedAdmin):
    """To be found from a crosswalk; curated on the page of its list."""

    list_display = ("title", "list", "place", "percent", "certainty", "is_disputed")
    list_filter = (("list", admin.RelatedOnlyFieldListFilter), "certainty", "is_disputed")
    list_select_related = ("list",)
    search_fields = ("title", "list__source", "list__short_name")
    ordering = ("-list__year", "list__source", "position")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).select_related("list")  # which names it, where it is chosen too


class EntryOfAYear(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.edition.year}: {obj.title}"


class CrosswalkAdmin(CuratedAdmin):
    """Which of our entries an item means. Each kind binds it to its model."""

    list_display = ("entry", "item", "certainty")
    list_filter = (("entry__edition", admin.RelatedOnlyFieldListFilter), "certainty")
    list_select_related = ("entry__edition", "item__list")
    search_fields = ("entry__title", "item__title", "item__list__source")
    autocomplete_fields = ("item",)
    ordering = ("-entry__edition__year", "entry__position")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "entry":
            entries = db_field.related_model.objects.select_related("edition").order_by("-edition__year", "position")
            kwargs |= {"queryset": entries, "form_class": EntryOfAYear}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
