import segno
from django.utils.safestring import SafeString

from members.models import User
from mixportal.proposals.models import Proposal


def proposal_row(proposal: Proposal, user: User, *, is_drafting: bool) -> dict[str, object]:
    supports = proposal.supports.all()
    return {
        "proposal": proposal,
        "is_own": proposal.can_be_changed_by(user),
        "is_undecided": is_drafting and proposal.is_waiting,
        "supports": supports,
        "count": len(supports),
        "own_support": next((each for each in supports if each.government_id == user.government_id), None),
    }


def qr_code(address: str, title: str | None = None) -> SafeString:
    """Draw black on white even in dark mode, so that cameras read it."""
    code = segno.make_qr(address, error="m")
    return SafeString(code.svg_inline(omitsize=True, light="#fff", svgclass="qr", lineclass=None, title=title))
