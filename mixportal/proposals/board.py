from __future__ import annotations

import hashlib
from dataclasses import dataclass

import segno
from django.db.models import Count
from django.utils.safestring import SafeString

from members.models import User
from mixportal.editions.models import Edition, Kind
from mixportal.proposals.models import Proposal


@dataclass(frozen=True)
class BoardLine:
    kind: str
    title: str
    government_id: int
    government: str
    outcome: str
    supports: int


class Board:
    def __init__(self, edition: Edition, user: User) -> None:
        visible = Proposal.objects.visible_to(user).for_edition(edition)
        shown = visible.exclude(outcome__in=["declined", "merged"]).annotate(board_supports=Count("supports"))
        found = shown.order_by("-board_supports", "proposed_at").values_list(
            "annual_list__kind", "title", "government_id", "government__name", "outcome", "board_supports"
        )
        self.lines = [BoardLine(*row) for row in found]

    @property
    def lists(self) -> list[tuple[Kind, list[BoardLine]]]:
        return [(kind, [line for line in self.lines if line.kind == kind]) for kind in Kind]

    @property
    def governments(self) -> int:
        return len({line.government_id for line in self.lines})

    @property
    def supports(self) -> int:
        return sum(line.supports for line in self.lines)

    @property
    def digest(self) -> str:
        return hashlib.sha256(repr(self.lines).encode()).hexdigest()[:16]


def qr_code(address: str) -> SafeString:
    """Draw black on white even in dark mode, so that cameras read it."""
    code = segno.make_qr(address, error="m")
    return SafeString(code.svg_inline(omitsize=True, light="#fff", svgclass="qr", lineclass=None))
