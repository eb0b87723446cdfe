from django.contrib import admin

from mixportal.editions import kinds
from mixportal.editions.admin import EntryAdmin
from priorities.models import Priority


@admin.register(Priority)
class PriorityAdmin(EntryAdmin):
    kind = kinds.get("priorities")
