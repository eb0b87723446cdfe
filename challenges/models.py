"""Challenges: what stands in the way, and of what. The shared mechanics are abstract; the tables are here."""

from __future__ import annotations

from collections.abc import Set
from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from challenges.triggers import HINDRANCE_WITHIN_AN_OPEN_EDITION
from members.models import Government
from mixportal.ballots.models import Ballot, NotSeated, Placement, Tally
from mixportal.ballots.triggers import BALLOT_ONLY_WHILE_OPEN, placement_only_while_open
from mixportal.comparison.models import Comparison, Crosswalk
from mixportal.editions.models import Edition, Entry, Lineage, database_now
from mixportal.editions.saving import save_while_open
from mixportal.editions.triggers import lineage_runs_forward
from mixportal.notes.models import Mention, Note, Same
from mixportal.notes.triggers import note_keeps_its_place
from mixportal.proposals.models import Proposal, Support
from mixportal.proposals.triggers import proposal_only_while_drafting, support_only_while_drafting
from priorities.models import Priority

Pair = tuple[str, str]  # the slugs of a challenge and of a priority in whose way it stands


@pghistory.track()
class Challenge(Entry):
    what_leaders_can_do = models.TextField(blank=True, help_text="For leaders: one thing to do on each line.")
    more_field = "what_leaders_can_do"

    class Meta(Entry.Meta):
        abstract = False
        verbose_name_plural = "challenges"


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


@pghistory.track()
class ChallengeProposal(Proposal):
    entry = models.ForeignKey(Challenge, models.SET_NULL, null=True, editable=False, related_name="proposals")
    into = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="merged_in")

    class Meta(Proposal.Meta):
        abstract = False
        verbose_name = "proposed challenge"
        verbose_name_plural = "proposed challenges"
        triggers: ClassVar = [proposal_only_while_drafting("challenges_challengeproposal", "challenges_challenge")]


@pghistory.track()
class ChallengeSupport(Support):
    proposal = models.ForeignKey(ChallengeProposal, models.CASCADE, related_name="supports")

    class Meta(Support.Meta):
        abstract = False
        triggers: ClassVar = [support_only_while_drafting("challenges_challengeproposal")]


class Overtaken(Exception):
    """Somebody else of the government saved since; `answer` is what is stored. Nothing was written."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("The answer has changed since this page was loaded.")
        self.answer = answer


def sealed_for(user: Any, edition: str) -> Q:
    """What of hindrances the user may see one by one, as with ballots; `edition` leads to the edition.

    A government's voters its own; insiders all after the close, leaders then their own government's. To leaders and
    visitors all else is counts alone (obstacles.py).
    """
    if not user.is_authenticated:
        return Q(pk__in=[])
    own, closed = Q(government=user.government_id), Q(**{f"{edition}__closes_at__lte": Now()})
    if user.is_insider:
        return own | closed if user.is_voter else closed
    return own & closed if user.is_leader else Q(pk__in=[])


class AnswerQuerySet(models.QuerySet["Answer"]):
    def visible_to(self, user: Any) -> AnswerQuerySet:
        return self.filter(sealed_for(user, "edition"))


@pghistory.track()
class Answer(models.Model):
    """That a government has answered which challenges stand in the way of which priorities of an edition.

    The answer itself is its hindrances: none is an answer too. Sealed like a ballot until the close, then final.
    """

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="answers")
    government = models.ForeignKey(Government, models.PROTECT, related_name="answers")
    version = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(null=True, blank=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[Any] = AnswerQuerySet.as_manager()

    class Meta:
        triggers: ClassVar = [BALLOT_ONLY_WHILE_OPEN]
        constraints = [
            models.UniqueConstraint(fields=["edition", "government"], name="answer_one_per_government"),
        ]

    def __str__(self) -> str:
        return f"{self.government}, {self.edition}"

    @classmethod
    def record(cls, *, edition: Edition, government: Government, user: Any, marked: Set[Pair], version: int) -> Answer:
        """Stores what a government marks and gives the answer as stored.

        `marked` are pairs of slugs, challenge and priority; `version` is what the page saw, 0 before the first save.
        Raises WindowClosed, NotSeated or Overtaken, and writes nothing then; a repeat is answered as saved.
        """
        return save_while_open(edition, lambda: cls._record(edition, government, user, marked, version))

    @classmethod
    def _record(cls, edition: Edition, government: Government, user: Any, marked: Set[Pair], version: int) -> Answer:
        edition.hold()
        edition.require_open()
        if not Government.objects.seated().filter(pk=government.pk).exists():
            raise NotSeated
        cls.objects.bulk_create([cls(edition=edition, government=government)], ignore_conflicts=True)
        held = cls.objects.select_for_update(of=("self",)).select_related("updated_by")
        answer = held.get(edition=edition, government=government)
        edition.require_open()  # again: the lock may have been waited for across the close
        stored = answer.marked
        if stored == marked and answer.version:
            return answer  # a repeat, whatever version it saw
        if answer.version != version:
            raise Overtaken(answer)
        challenges = {entry.slug: entry for entry in Challenge.objects.of(edition)}
        priorities = {entry.slug: entry for entry in Priority.objects.of(edition)}
        for challenge, priority in stored - marked:
            Hindrance.objects.filter(
                government=government, challenge=challenges[challenge], priority=priorities[priority]
            ).delete()
        Hindrance.objects.bulk_create(
            Hindrance(government=government, challenge=challenges[challenge], priority=priorities[priority])
            for challenge, priority in sorted(marked - stored)
        )
        answer.version += 1
        answer.updated_at, answer.updated_by = database_now(), user
        answer.save(update_fields=["version", "updated_at", "updated_by"])
        return answer

    @property
    def marked(self) -> set[Pair]:
        """What is marked, as pairs of slugs: challenge, priority."""
        own = Hindrance.objects.filter(government=self.government_id, challenge__edition=self.edition_id)
        return set(own.values_list("challenge__slug", "priority__slug"))


class HindranceQuerySet(models.QuerySet["Hindrance"]):
    def visible_to(self, user: Any) -> HindranceQuerySet:
        return self.filter(sealed_for(user, "challenge__edition"))


@pghistory.track()
class Hindrance(models.Model):
    """A challenge that stands in the way of a priority, as one government says."""

    government = models.ForeignKey(Government, models.PROTECT, related_name="hindrances")
    challenge = models.ForeignKey(Challenge, models.PROTECT, related_name="hindrances")
    priority = models.ForeignKey(Priority, models.PROTECT, related_name="hindrances")

    objects: ClassVar[Any] = HindranceQuerySet.as_manager()

    class Meta:
        triggers: ClassVar = [HINDRANCE_WITHIN_AN_OPEN_EDITION]
        constraints = [
            models.UniqueConstraint(fields=["government", "challenge", "priority"], name="hindrance_once"),
        ]

    def __str__(self) -> str:
        return f"{self.challenge} stands in the way of {self.priority}"


class ChallengeComparison(Comparison):
    """Without history: it never changes, and the tally it follows from is tracked."""

    tally_model = ChallengeTally

    class Meta(Comparison.Meta):
        abstract = False
        verbose_name = "comparison of challenges"
        verbose_name_plural = "comparisons of challenges"


@pghistory.track()
class ChallengeCrosswalk(Crosswalk):
    entry = models.ForeignKey(Challenge, models.CASCADE, related_name="crosswalks")

    class Meta(Crosswalk.Meta):
        abstract = False
        verbose_name = "crosswalk of a challenge"
        verbose_name_plural = "crosswalks of challenges"


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
