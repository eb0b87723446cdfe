"""Challenges: what stands in the way. The shared mechanics are abstract; the tables are here."""

from typing import ClassVar

import pghistory
from django.db import models

from mixportal.annotation.models import Mention, Note, Reading, Same
from mixportal.annotation.triggers import note_keeps_its_place
from mixportal.editions.models import Entry, Lineage
from mixportal.editions.triggers import lineage_runs_forward
from mixportal.ranking.models import Ballot, Placement, Tally
from mixportal.ranking.triggers import placement_only_while_open


@pghistory.track()
class Challenge(Entry):
    what_leaders_can_do = models.TextField(blank=True, help_text="For leaders: one thing to do on each line.")

    class Meta(Entry.Meta):
        abstract = False
        verbose_name_plural = "challenges"

    @property
    def more(self) -> str:
        return self.what_leaders_can_do


@pghistory.track()
class ChallengeLineage(Lineage):
    later = models.ForeignKey(Challenge, models.CASCADE, related_name="continues")
    earlier = models.ForeignKey(Challenge, models.PROTECT, related_name="continued_by")

    class Meta(Lineage.Meta):
        abstract = False
        verbose_name_plural = "lineage of challenges"
        triggers: ClassVar = [lineage_runs_forward("challenges_challenge")]


@pghistory.track()
class ChallengeBallot(Ballot):
    class Meta(Ballot.Meta):
        abstract = False
        verbose_name = "ballot of challenges"
        verbose_name_plural = "ballots of challenges"


@pghistory.track()
class ChallengePlacement(Placement):
    ballot = models.ForeignKey(ChallengeBallot, models.CASCADE, related_name="placements")
    entry = models.ForeignKey(Challenge, models.PROTECT, related_name="placements")

    class Meta(Placement.Meta):
        abstract = False
        triggers: ClassVar = [placement_only_while_open("challenges_challengeballot", "challenges_challenge")]


@pghistory.track()
class ChallengeTally(Tally):
    ballot_model = ChallengeBallot

    class Meta(Tally.Meta):
        abstract = False
        verbose_name = "tally of challenges"
        verbose_name_plural = "tallies of challenges"


@pghistory.track(exclude=["search"])
class ChallengeNote(Note):
    entry = models.ForeignKey(Challenge, models.PROTECT, related_name="notes")
    reply_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replies")

    class Meta(Note.Meta):
        abstract = False
        verbose_name = "note on a challenge"
        verbose_name_plural = "notes on challenges"
        triggers: ClassVar = [note_keeps_its_place("challenges_challengenote", "challenges_challenge")]


@pghistory.track()
class ChallengeSame(Same):
    note = models.ForeignKey(ChallengeNote, models.CASCADE, related_name="sames")

    class Meta(Same.Meta):
        abstract = False


class ChallengeMention(Mention):
    note = models.ForeignKey(ChallengeNote, models.CASCADE, related_name="mentions")

    class Meta(Mention.Meta):
        abstract = False


class ChallengeReading(Reading):
    entry = models.ForeignKey(Challenge, models.CASCADE, related_name="readings")

    class Meta(Reading.Meta):
        abstract = False
