from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from challenges.models import Challenge, ChallengeCrosswalk, ChallengeProposal, Hindrance
from members.curation import CuratedAdmin
from mixportal.comparison.admin import CrosswalkAdmin
from mixportal.editions import kinds
from mixportal.editions.admin import EntryAdmin
from mixportal.proposals.admin import ProposalAdmin


@admin.register(Challenge)
class ChallengeAdmin(EntryAdmin):
    kind = kinds.get("challenges")


@admin.register(ChallengeProposal)
class ChallengeProposalAdmin(ProposalAdmin):
    kind = kinds.get("challenges")


@admin.register(Hindrance)
class HindranceAdmin(CuratedAdmin):
    """For curators to read, once the ballots have closed: before that no answer but the own is in the list."""

    list_display = ("challenge", "priority", "government")
    list_filter = (
        ("challenge__edition", admin.RelatedOnlyFieldListFilter),
        ("challenge", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("challenge", "priority", "government")
    search_fields = ("government__name", "challenge__title", "priority__title")
    ordering = ("-challenge__edition__year", "challenge__position", "priority__position", "government__name")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request) & Hindrance.objects.visible_to(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ChallengeCrosswalk)
class ChallengeCrosswalkAdmin(CrosswalkAdmin):
    pass
