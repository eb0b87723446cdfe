from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from challenges.models import Challenge, Hindrance
from mixportal.desk.admin.entries import EntriesInline, EntryAdmin
from mixportal.desk.base import CuratedAdmin, ReadOnlyMixin
from mixportal.desk.edition_forms import EntriesFormSet
from mixportal.editions.models import Kind


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
    """Read-only. Before the ballots close it shows only the answers of the curator's own government."""

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
