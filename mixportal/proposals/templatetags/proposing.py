from django import template
from django.db.models import Q
from django.template import Context

from mixportal.editions.models import Edition, Entry
from mixportal.proposals.models import Proposal

register = template.Library()


@register.inclusion_tag("proposals/_proposing.html", takes_context=True)
def proposing(context: Context, edition: Edition) -> dict[str, object]:
    user = context["user"]
    if not (user.is_authenticated and user.is_insider):
        return {}
    count = Proposal.objects.visible_to(user).for_edition(edition).count()
    return {"edition": edition, "user": user, "count": count}


@register.inclusion_tag("proposals/_proposed_by.html", takes_context=True)
def proposed_by(context: Context, entry: Entry) -> dict[str, object]:
    user = context["user"]
    if not (user.is_authenticated and user.is_insider):
        return {}
    credited = Proposal.objects.visible_to(user).filter(Q(entry=entry) | Q(into__entry=entry))
    proposals = list(credited.with_support().order_by("proposed_at", "pk"))
    supporting = {support.government_id for proposal in proposals for support in proposal.supports.all()}
    return {
        "accepted": [proposal for proposal in proposals if proposal.outcome == "accepted"],
        "taken_in": [proposal for proposal in proposals if proposal.outcome == "merged"],
        "supporters": len(supporting - {proposal.government_id for proposal in proposals}),
        "edition": context["edition"],
    }
