"""The page of proposals as somebody sees it: two lists, what one may do in each row, and what resembles what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch
from django.urls import reverse

from members.models import User
from mixportal.editions.models import Edition, Entry, Kind
from mixportal.proposals.forms import ProposalForm
from mixportal.proposals.likeness import alike
from mixportal.proposals.models import Proposal, Support


@dataclass(frozen=True)
class Resembling:
    """Something that a proposal resembles, in words, and where it is."""

    title: str
    where: str
    url: str
    thing: Entry | Proposal


def known_titles(edition: Edition, proposals: Iterable[Proposal]) -> list[Resembling]:
    """Return what a new title may resemble: every entry, and those of `proposals` that wait to be decided."""
    entries = Entry.objects.filter(annual_list__edition=edition).select_related("annual_list")
    known = [
        Resembling(
            entry.title,
            f"on the list of {entry.kind.plural}",
            reverse("entry", args=[edition.year, entry.kind, entry.slug]),
            entry,
        )
        for entry in entries.order_by("-annual_list__kind", "position")
    ]
    page = reverse("proposals", args=[edition.year])
    return known + [
        Resembling(each.title, f"proposed by {each.government}", f"{page}#{each.anchor}", each)
        for each in proposals
        if each.is_waiting
    ]


@dataclass
class Row:
    """One proposal as `user` sees it. `problem` says why an answer could not do what was asked."""

    proposal: Proposal
    user: User
    drafting: bool
    problem: str = ""
    typed: str | None = None
    resembling: Sequence[Resembling] = ()

    @property
    def supports(self) -> list[Support]:
        return list(self.proposal.supports.all())

    @property
    def count(self) -> int:
        return len(self.supports)

    @property
    def own_support(self) -> Support | None:
        government = self.user.government_id
        return next((each for each in self.supports if government and each.government_id == government), None)

    @property
    def reason(self) -> str:
        """What stands in the box for it."""
        if self.typed is not None:
            return self.typed
        return self.own_support.reason if self.own_support else ""

    @property
    def is_own(self) -> bool:
        return self.proposal.may_change(self.user)

    @property
    def may_edit(self) -> bool:
        return self.is_own and self.drafting and self.proposal.is_waiting

    @property
    def may_support(self) -> bool:
        return self.user.is_voter and not self.is_own and self.drafting and self.proposal.is_waiting

    @property
    def decide_url(self) -> str:
        """Where a curator decides; empty for others, and once it is decided."""
        if not (self.user.is_curator and self.drafting and self.proposal.is_waiting):
            return ""
        return reverse("admin:proposals_proposal_change", args=[self.proposal.pk])

    @property
    def merged_in(self) -> list[Proposal]:
        return list(self.proposal.merged_in.all())


@dataclass(frozen=True)
class ProposedList:
    kind: Kind
    rows: list[Row]


class ProposalsPage:
    """Everything the template shows; one instance a response."""

    def __init__(self, edition: Edition, user: User, form: ProposalForm | None = None) -> None:
        self.edition, self.user = edition, user
        self.form = form or ProposalForm()
        self.problem = ""

    @property
    def is_drafting(self) -> bool:
        return self.edition.is_drafting

    @property
    def may_propose(self) -> bool:
        return self.is_drafting and self.user.is_voter

    @cached_property
    def _proposals(self) -> list[Proposal]:
        """Those of priorities before those of challenges, the newest first."""
        visible = Proposal.objects.visible_to(self.user).for_edition(self.edition).with_support()
        merged = Prefetch("merged_in", Proposal.objects.select_related("annual_list", "government"))
        return list(visible.prefetch_related(merged).order_by("-annual_list__kind", "-proposed_at", "-pk"))

    @cached_property
    def _known(self) -> list[Resembling]:
        return known_titles(self.edition, self._proposals)

    def resembling(self, title: str, without: Proposal | None = None) -> list[Resembling]:
        return alike(title, [(known.title, known) for known in self._known if known.thing != without])

    @cached_property
    def lists(self) -> list[ProposedList]:
        return [
            ProposedList(kind, [self._row(proposal) for proposal in self._proposals if proposal.kind is kind])
            for kind in Kind  # type: ignore[attr-defined]
        ]

    def _row(self, proposal: Proposal) -> Row:
        row = Row(proposal, self.user, self.is_drafting)
        if row.may_edit:
            row.resembling = self.resembling(proposal.title, without=proposal)
        return row

    @property
    def count(self) -> int:
        return len(self._proposals)

    @property
    def governments(self) -> int:
        """That have proposed something."""
        return len({each.government_id for each in self._proposals})
