from django.contrib import admin

from challenges.models import Challenge
from mixportal.editions import kinds
from mixportal.editions.admin import EntryAdmin


@admin.register(Challenge)
class ChallengeAdmin(EntryAdmin):
    kind = kinds.get("challenges")
