from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch
from django.urls import reverse

from members.models import User
from mixportal.editions.models import Edition, Entry, Kind
from mixportal.proposals.forms import ProposalForm
from mixportal.proposals.likeness import with_similar_titles
from mixportal.proposals.models import Proposal, Support


@dataclass(frozen=True)
class KnownTitle:
    title: str
    where: str
    url: str
    thing: Entry | Proposal


def known_titles(edition: Edition, proposals: Iterable[Proposal]) -> list[KnownTitle]:
    entries = Entry.objects.filter(annual_list__edition=edition).select_related("annual_list")
    known = [
        KnownTitle(
            entry.title,
            f"on the list of {entry.kind.plural}",
            reverse("entry", args=[edition.year, entry.kind, entry.slug]),
            entry,
        )
        for entry in entries.order_by("-annual_list__kind", "position")
    ]
    page = reverse("proposals", args=[edition.year])
    return known + [
        KnownTitle(each.title, f"proposed by {each.government}", f"{page}#{each.anchor}", each)
        for each in proposals
        if each.is_waiting
    ]


@dataclass
class ProposalRow:
    proposal: Proposal
    user: User
    drafting: bool
    problem: str = ""
    typed: str | None = None
    resembling: Sequence[KnownTitle] = ()

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
        if self.typed is not None:
            return self.typed
        return self.own_support.reason if self.own_support else ""

    @property
    def is_own(self) -> bool:
        return self.proposal.can_be_changed_by(self.user)

    @property
    def can_edit(self) -> bool:
        return self.is_own and self.drafting and self.proposal.is_waiting

    @property
    def can_support(self) -> bool:
        return self.user.is_voter and not self.is_own and self.drafting and self.proposal.is_waiting

    @property
    def decide_url(self) -> str:
        if not (self.user.is_curator and self.drafting and self.proposal.is_waiting):
            return ""
        return reverse("admin:proposals_proposal_change", args=[self.proposal.pk])

    @property
    def merged_in(self) -> list[Proposal]:
        return list(self.proposal.merged_in.all())


@dataclass(frozen=True)
class ProposedList:
    kind: Kind
    rows: list[ProposalRow]


class ProposalsPage:
    def __init__(self, edition: Edition, user: User, form: ProposalForm | None = None) -> None:
        self.edition, self.user = edition, user
        self.form = form or ProposalForm()
        self.problem = ""

    @property
    def is_drafting(self) -> bool:
        return self.edition.is_drafting

    @property
    def can_propose(self) -> bool:
        return self.is_drafting and self.user.is_voter

    @cached_property
    def _proposals(self) -> list[Proposal]:
        visible = Proposal.objects.visible_to(self.user).for_edition(self.edition).with_support()
        merged = Prefetch("merged_in", Proposal.objects.select_related("annual_list", "government"))
        return list(visible.prefetch_related(merged).order_by("-annual_list__kind", "-proposed_at", "-pk"))

    @cached_property
    def _known(self) -> list[KnownTitle]:
        return known_titles(self.edition, self._proposals)

    def resembling(self, title: str, without: Proposal | None = None) -> list[KnownTitle]:
        return with_similar_titles(title, [(known.title, known) for known in self._known if known.thing != without])

    @cached_property
    def lists(self) -> list[ProposedList]:
        return [
            ProposedList(kind, [self._row(proposal) for proposal in self._proposals if proposal.kind is kind])
            for kind in Kind
        ]

    def _row(self, proposal: Proposal) -> ProposalRow:
        row = ProposalRow(proposal, self.user, self.is_drafting)
        if row.can_edit:
            row.resembling = self.resembling(proposal.title, without=proposal)
        return row

    @property
    def count(self) -> int:
        return len(self._proposals)

    @property
    def governments(self) -> int:
        return len({each.government_id for each in self._proposals})
