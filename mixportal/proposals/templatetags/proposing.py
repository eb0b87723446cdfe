"""What other pages show of proposals: each tag reads what it needs, for those who may see it."""

from __future__ import annotations

from typing import Any

from django import template

from mixportal.editions.models import Edition, Kind
from mixportal.proposals.models import Proposal

register = template.Library()


@register.inclusion_tag("proposals/_proposing.html", takes_context=True)
def proposing(context: Any, edition: Edition) -> dict[str, Any]:
    """Show how many proposals the edition has so far, leading to them; nothing for those who may not see them."""
    user = context["user"]
    if not (user.is_authenticated and user.is_insider):
        return {}
    count = Proposal.objects.visible_to(user).for_edition(edition).count()
    return {"edition": edition, "user": user, "count": count}


@register.inclusion_tag("proposals/_proposed_by.html", takes_context=True)
def proposed_by(context: Any, kind: Kind, entry: Any) -> dict[str, Any]:
    """Show whose proposals became this entry or went into it, and how many governments support them; for insiders.

    The entry's page annotates `was_proposed`, so that most entries need no further query.
    """
    user = context["user"]
    if not (user.is_authenticated and user.is_insider and entry.was_proposed):
        return {}
    proposals = list(Proposal.objects.visible_to(user).credited_with(entry))
    supporting = {support.government_id for proposal in proposals for support in proposal.supports.all()}
    return {
        "accepted": [proposal for proposal in proposals if proposal.outcome == "accepted"],
        "taken_in": [proposal for proposal in proposals if proposal.outcome == "merged"],
        "supporters": len(supporting - {proposal.government_id for proposal in proposals}),
        "edition": context["edition"],
    }
