from collections.abc import Iterable

import segno
from django.db.models import QuerySet
from django.utils.safestring import SafeString

from members.models import User
from mixportal.editions.likeness import MIN_LIKENESS, likeness
from mixportal.editions.models import Edition, Entry
from mixportal.proposals.models import Proposal

MAX_HINTS = 3
MAX_TITLE_LENGTH = 120


def entries_of(edition: Edition) -> QuerySet[Entry]:
    entries = Entry.objects.filter(annual_list__edition=edition).select_related("annual_list__edition")
    return entries.order_by("-annual_list__kind", "position")


def similar_things(
    title: str, entries: Iterable[Entry], proposals: Iterable[Proposal], without: Proposal | None = None
) -> list[Entry | Proposal]:
    things: list[Entry | Proposal] = [*entries]
    things += [proposal for proposal in proposals if proposal.is_waiting and proposal != without]
    compared = [(likeness(title[:MAX_TITLE_LENGTH], thing.title), thing) for thing in things]
    compared.sort(key=lambda pair: -pair[0])
    return [thing for how_like, thing in compared if how_like >= MIN_LIKENESS][:MAX_HINTS]


def proposal_row(
    proposal: Proposal,
    user: User,
    *,
    is_drafting: bool,
    entries: Iterable[Entry] = (),
    others: Iterable[Proposal] = (),
) -> dict[str, object]:
    supports = proposal.supports.all()
    is_own, is_undecided = proposal.can_be_changed_by(user), is_drafting and proposal.is_waiting
    return {
        "proposal": proposal,
        "is_own": is_own,
        "is_undecided": is_undecided,
        "supports": supports,
        "count": len(supports),
        "own_support": next((each for each in supports if each.government_id == user.government_id), None),
        "resembling": similar_things(proposal.title, entries, others, without=proposal)
        if is_own and is_undecided
        else [],
    }


def qr_code(address: str, title: str | None = None) -> SafeString:
    """Draw black on white even in dark mode, so that cameras read it."""
    code = segno.make_qr(address, error="m")
    return SafeString(code.svg_inline(omitsize=True, light="#fff", svgclass="qr", lineclass=None, title=title))
