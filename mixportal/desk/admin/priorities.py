from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from mixportal.desk.admin.entries import EntriesInline, EntryAdmin
from mixportal.desk.base import CuratedAdmin, ReadOnlyMixin
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
class InvestmentAdmin(ReadOnlyMixin, CuratedAdmin[Investment]):
    list_display = ("priority", "government", "status", "cost", "audience", "updated_at")
    list_filter = (("priority__annual_list__edition", admin.RelatedOnlyFieldListFilter), "status", "cost", "audience")
    list_select_related = ("priority", "government")
    search_fields = ("government__name", "priority__title", "summary")
    ordering = ("-priority__annual_list__edition__year", "priority__position", "government__name")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Investment]:
        return super().get_queryset(request) & Investment.objects.visible_to(request.user)
