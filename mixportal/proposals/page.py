from collections.abc import Iterable, Sequence
from functools import cached_property

from django.db.models import Prefetch

from members.models import User
from mixportal.editions.models import Edition, Entry, Kind
from mixportal.proposals.forms import ProposalForm
from mixportal.proposals.likeness import with_similar_titles
from mixportal.proposals.models import Proposal


def known_things(edition: Edition, proposals: Iterable[Proposal]) -> list[Entry | Proposal]:
    entries = Entry.objects.filter(annual_list__edition=edition).select_related("annual_list__edition")
    in_order = entries.order_by("-annual_list__kind", "position")
    return [*in_order, *(proposal for proposal in proposals if proposal.is_waiting)]


def similar_things(
    title: str, known: Iterable[Entry | Proposal], without: Proposal | None = None
) -> list[Entry | Proposal]:
    return with_similar_titles(title, [(thing.title, thing) for thing in known if thing != without])


class ProposalRow:
    def __init__(
        self,
        proposal: Proposal,
        user: User,
        *,
        is_drafting: bool,
        problem: str = "",
        typed: str | None = None,
    ) -> None:
        self.proposal, self.problem, self.typed = proposal, problem, typed
        self.is_own = proposal.can_be_changed_by(user)
        self.is_undecided = is_drafting and proposal.is_waiting
        self.supports = list(proposal.supports.all())
        self.count = len(self.supports)
        own = (each for each in self.supports if user.government_id and each.government_id == user.government_id)
        self.own_support = next(own, None)
        self.resembling: Sequence[Entry | Proposal] = ()


class ProposalsPage:
    def __init__(self, edition: Edition, user: User, form: ProposalForm | None = None, problem: str = "") -> None:
        self.edition, self.user, self.problem = edition, user, problem
        self.form = form or ProposalForm()

    @property
    def can_propose(self) -> bool:
        return self.edition.is_drafting and self.user.is_voter

    @cached_property
    def proposals(self) -> list[Proposal]:
        visible = Proposal.objects.visible_to(self.user).for_edition(self.edition).with_support()
        merged = Prefetch("merged_in", Proposal.objects.select_related("annual_list", "government"))
        return list(visible.prefetch_related(merged).order_by("-annual_list__kind", "-proposed_at", "-pk"))

    @cached_property
    def _known(self) -> list[Entry | Proposal]:
        return known_things(self.edition, self.proposals)

    def resembling(self, title: str, without: Proposal | None = None) -> list[Entry | Proposal]:
        return similar_things(title, self._known, without)

    @cached_property
    def lists(self) -> list[tuple[Kind, list[ProposalRow]]]:
        rows = [self._row(proposal) for proposal in self.proposals]
        return [(kind, [row for row in rows if row.proposal.kind is kind]) for kind in Kind]

    def _row(self, proposal: Proposal) -> ProposalRow:
        row = ProposalRow(proposal, self.user, is_drafting=self.edition.is_drafting)
        if row.is_own and row.is_undecided:
            row.resembling = self.resembling(proposal.title, without=proposal)
        return row

    @property
    def governments(self) -> int:
        return len({each.government_id for each in self.proposals})
