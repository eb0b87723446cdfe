"""Priorities: what governments put first. The shared mechanics are abstract; the tables are here."""

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
class Priority(Entry):
    investments_involved = models.TextField(blank=True, help_text="For leaders: what money is spent on here.")

    class Meta(Entry.Meta):
        abstract = False
        verbose_name_plural = "priorities"

    @property
    def more(self) -> str:
        return self.investments_involved


@pghistory.track()
class PriorityLineage(Lineage):
    later = models.ForeignKey(Priority, models.CASCADE, related_name="continues")
    earlier = models.ForeignKey(Priority, models.PROTECT, related_name="continued_by")

    class Meta(Lineage.Meta):
        abstract = False
        verbose_name_plural = "lineage of priorities"
        triggers: ClassVar = [lineage_runs_forward("priorities_priority")]


@pghistory.track()
class PriorityBallot(Ballot):
    class Meta(Ballot.Meta):
        abstract = False
        verbose_name = "ballot of priorities"
        verbose_name_plural = "ballots of priorities"


@pghistory.track()
class PriorityPlacement(Placement):
    ballot = models.ForeignKey(PriorityBallot, models.CASCADE, related_name="placements")
    entry = models.ForeignKey(Priority, models.PROTECT, related_name="placements")

    class Meta(Placement.Meta):
        abstract = False
        triggers: ClassVar = [placement_only_while_open("priorities_priorityballot", "priorities_priority")]


@pghistory.track()
class PriorityTally(Tally):
    ballot_model = PriorityBallot

    class Meta(Tally.Meta):
        abstract = False
        verbose_name = "tally of priorities"
        verbose_name_plural = "tallies of priorities"


@pghistory.track(exclude=["search"])
class PriorityNote(Note):
    entry = models.ForeignKey(Priority, models.PROTECT, related_name="notes")
    reply_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replies")

    class Meta(Note.Meta):
        abstract = False
        verbose_name = "note on a priority"
        verbose_name_plural = "notes on priorities"
        triggers: ClassVar = [note_keeps_its_place("priorities_prioritynote", "priorities_priority")]


@pghistory.track()
class PrioritySame(Same):
    note = models.ForeignKey(PriorityNote, models.CASCADE, related_name="sames")

    class Meta(Same.Meta):
        abstract = False


class PriorityMention(Mention):
    note = models.ForeignKey(PriorityNote, models.CASCADE, related_name="mentions")

    class Meta(Mention.Meta):
        abstract = False


class PriorityReading(Reading):
    entry = models.ForeignKey(Priority, models.CASCADE, related_name="readings")

    class Meta(Reading.Meta):
        abstract = False
