"""One entry: its meaning, its results, where it comes from."""

from __future__ import annotations

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from members.access import Audience, open_to
from mixportal.editions import kinds
from mixportal.editions.kinds import Kind
from mixportal.editions.models import Edition
from mixportal.ranking.results import results_for


@open_to(Audience.EVERYONE, stored=True)
def entry(request: HttpRequest, year: int, slug: str, kind: Kind) -> HttpResponse:
    visible = Edition.objects.visible_to(request.user)
    edition = get_object_or_404(visible, year=year)
    results = results_for(kind, edition, request.user)
    entries = [row.entry for row in results.rows] if results else list(kind.entry.objects.of(edition))
    at = next((index for index, other in enumerate(entries) if other.slug == slug), None)
    if at is None:
        raise Http404
    shown = entries[at]
    shown.edition = edition  # as read, with its phase: no other question is asked for it
    lineage = kind.lineage.objects.filter(
        Q(later=shown, earlier__edition__in=visible) | Q(earlier=shown, later__edition__in=visible)
    )
    lines = list(
        lineage.select_related("later__edition", "earlier__edition").order_by(
            "later__edition__year", "earlier__edition__year"
        )
    )
    following = entries[at + 1] if at + 1 < len(entries) else None
    context = {
        "edition": edition,
        "kind": kind,
        "entry": shown,
        "results": results,
        "row": results.row_of(shown) if results else None,
        "total": len(entries),
        "following": following,
        "following_row": results.row_of(following) if results and following else None,
        "continues": [line for line in reversed(lines) if line.later_id == shown.pk],
        "continued_by": [line for line in lines if line.earlier_id == shown.pk],
        "additions": kinds.additions_to_entry(kind, shown, request.user, request.GET),
    }
    return render(request, "annotation/entry.html", context)
