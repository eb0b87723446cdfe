from django.contrib import admin

from mixportal.editions import kinds
from mixportal.editions.admin import EntryAdmin
from mixportal.editions.private_words.admin import PrivateWordAdmin
from mixportal.editions.proposals.admin import ProposalAdmin
from priorities.models import Priority, PriorityProposal, PriorityWord


@admin.register(Priority)
class PriorityAdmin(EntryAdmin):
    kind = kinds.get("priorities")


@admin.register(PriorityProposal)
class PriorityProposalAdmin(ProposalAdmin):
    kind = kinds.get("priorities")


@admin.register(PriorityWord)
class PriorityWordAdmin(PrivateWordAdmin):
    kind = kinds.get("priorities")
