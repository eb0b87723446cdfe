from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from challenges.models import Challenge, Hindrance
from mixportal.desk.admin.editions import EntriesInline, EntryAdmin
from mixportal.desk.base import CuratedAdmin
from mixportal.desk.edition_forms import EntriesOfEdition
from mixportal.editions.models import Kind


@admin.register(Challenge)
class ChallengeAdmin(EntryAdmin):
    kind = Kind.CHALLENGES  # type: ignore[assignment]


class ChallengesOfEdition(EntriesOfEdition):
    kind = Kind.CHALLENGES  # type: ignore[assignment]


class ChallengesInline(EntriesInline):
    model = Challenge
    formset = ChallengesOfEdition


@admin.register(Hindrance)
class HindranceAdmin(CuratedAdmin):
    """For curators to read, once the ballots have closed: before that no answer but the own is in the list."""

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

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request) & Hindrance.objects.visible_to(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="government", ordering="response__government__name")
    def government(self, hindrance: Hindrance) -> str:
        return str(hindrance.response.government)
