from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from mixportal.desk.admin.entries import EntriesInline, EntryAdmin
from mixportal.desk.base import CuratedAdmin
from mixportal.desk.edition_forms import EntriesFormSet
from mixportal.editions.models import Kind
from priorities.models import Investment, Priority


@admin.register(Priority)
class PriorityAdmin(EntryAdmin):
    kind = Kind.PRIORITIES


class PrioritiesFormSet(EntriesFormSet):
    kind = Kind.PRIORITIES


class PrioritiesInline(EntriesInline):
    model = Priority
    formset = PrioritiesFormSet


@admin.register(Investment)
class InvestmentAdmin(CuratedAdmin):
    list_display = ("priority", "government", "status", "cost", "audience", "updated_at")
    list_filter = (("priority__annual_list__edition", admin.RelatedOnlyFieldListFilter), "status", "cost", "audience")
    list_select_related = ("priority", "government")
    search_fields = ("government__name", "priority__title", "summary")
    ordering = ("-priority__annual_list__edition__year", "priority__position", "government__name")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Investment]:
        investments: models.QuerySet[Investment] = super().get_queryset(request)
        return investments & Investment.objects.visible_to(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False
