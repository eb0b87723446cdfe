from django.contrib import admin

from challenges.models import Challenge, ChallengeProposal, ChallengeWord
from mixportal.editions import kinds
from mixportal.editions.admin import EntryAdmin
from mixportal.editions.private_words.admin import PrivateWordAdmin
from mixportal.editions.proposals.admin import ProposalAdmin


@admin.register(Challenge)
class ChallengeAdmin(EntryAdmin):
    kind = kinds.get("challenges")


@admin.register(ChallengeProposal)
class ChallengeProposalAdmin(ProposalAdmin):
    kind = kinds.get("challenges")


@admin.register(ChallengeWord)
class ChallengeWordAdmin(PrivateWordAdmin):
    kind = kinds.get("challenges")
