from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, OuterRef, Subquery
from django.http import HttpRequest

from members.access import UserRequest
from mixportal.desk.base import (
    CuratedAdmin,
    ForeignKey,
    ModelChoiceField,
)
from mixportal.desk.import_page import ImportAdmin
from mixportal.editions.models import Entry, Kind, Line
from mixportal.trends.models import OutsideItem, OutsideList, OutsideSeries
from mixportal.trends.outside_import import OutsideImport


@admin.register(OutsideSeries)
class OutsideSeriesAdmin(CuratedAdmin[OutsideSeries]):
    list_display = ("body", "name", "short_name", "url")
    search_fields = ("body", "name", "short_name")
    prepopulated_fields = {"slug": ("body", "name")}


@admin.register(OutsideList)
class OutsideListAdmin(ImportAdmin[OutsideList]):
    import_title = "Import outside lists"
    import_template = "desk/import_outside.html"
    list_display = ("series", "year", "items_kept", "is_shown")
    list_filter = ("year",)
    list_select_related = ("series",)
    search_fields = ("series__body", "series__short_name", "series__name")
    ordering = ("-year", "series__body", "series__name")
    readonly_fields = ("published_at",)
    actions = ("publish", "delete_selected")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[OutsideList]:
        return super().get_queryset(request).select_related("series").annotate(count_of_items=Count("items"))

    @admin.display(description="items", ordering="count_of_items")
    def items_kept(self, outside: OutsideList) -> int:
        return int(vars(outside)["count_of_items"])

    @admin.display(description="published", boolean=True, ordering="published_at")
    def is_shown(self, outside: OutsideList) -> bool:
        return outside.is_published

    @admin.action(permissions=["change"], description="Publish: everybody sees them from now on")
    def publish(self, request: HttpRequest, queryset: models.QuerySet[OutsideList]) -> None:
        for outside in queryset:
            try:
                outside.publish()
            except ValidationError as refused:
                self.message_user(request, " ".join(refused.messages), messages.ERROR)
            else:
                self.message_user(request, f"{outside} is published.", messages.SUCCESS)

    def make_import(self, request: UserRequest, text: str) -> OutsideImport:
        return OutsideImport(text)


def _title_of(line: OuterRef) -> Subquery:
    return Subquery(Entry.objects.filter(line=line).order_by("-annual_list__edition__year").values("title")[:1])


class LineField(ModelChoiceField):
    def label_from_instance(self, obj: models.Model) -> str:
        assert isinstance(obj, Line)
        return f"{vars(obj)['title']} ({Kind(obj.kind).singular})"


@admin.register(OutsideItem)
class OutsideItemAdmin(CuratedAdmin[OutsideItem]):
    list_display = (
        "title",
        "outside_list",
        "place",
        "percent",
        "means",
        "certainty",
        "is_disputed",
    )
    list_filter = (
        ("outside_list__series", admin.RelatedOnlyFieldListFilter),
        "outside_list__year",
        "certainty",
        "is_disputed",
    )
    search_fields = ("title", "outside_list__series__body", "outside_list__series__short_name")
    ordering = ("-outside_list__year", "outside_list__series__body", "position")
    fieldsets = (
        (None, {"fields": ("outside_list", "position", "title", "place", "tied", "percent")}),
        ("How sure it is", {"fields": ("certainty", "is_disputed", "note")}),
        ("What it means on our lists", {"fields": ("line", "line_certainty", "line_reason")}),
    )

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[OutsideItem]:
        return (
            super()
            .get_queryset(request)
            .select_related("outside_list__series")
            .annotate(line_title=_title_of(OuterRef("line")))
        )

    @admin.display(description="means")
    def means(self, item: OutsideItem) -> str:
        return vars(item)["line_title"] or "–"

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: object
    ) -> ModelChoiceField | None:
        if db_field.name == "line":
            lines = Line.objects.annotate(title=_title_of(OuterRef("pk"))).filter(title__isnull=False)
            kwargs |= {"form_class": LineField, "queryset": lines.order_by("title")}
        if db_field.name == "outside_list":
            kwargs["queryset"] = OutsideList.objects.select_related("series")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
