import hashlib

import segno
from django.db.models import Count
from django.utils.safestring import SafeString

from members.models import User
from mixportal.editions.models import Edition, Kind
from mixportal.proposals.models import Proposal


class Board:
    def __init__(self, edition: Edition, user: User) -> None:
        visible = Proposal.objects.visible_to(user).for_edition(edition)
        shown = visible.exclude(outcome__in=["declined", "merged"]).annotate(support_count=Count("supports"))
        self.lines = list(
            shown.order_by("-support_count", "proposed_at").values(
                "annual_list__kind",
                "title",
                "government_id",
                "government__name",
                "outcome",
                "support_count",
            )
        )
        self.lists = [(kind, [line for line in self.lines if line["annual_list__kind"] == kind]) for kind in Kind]
        self.governments = len({line["government_id"] for line in self.lines})
        self.supports = sum(line["support_count"] for line in self.lines)
        self.digest = hashlib.sha256(repr(self.lines).encode()).hexdigest()[:16]


def qr_code(address: str, title: str | None = None) -> SafeString:
    """Draw black on white even in dark mode, so that cameras read it."""
    code = segno.make_qr(address, error="m")
    return SafeString(code.svg_inline(omitsize=True, light="#fff", svgclass="qr", lineclass=None, title=title))
