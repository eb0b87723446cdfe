from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from mixportal.editions.models import Edition, Kind


def masthead(request: HttpRequest) -> dict[str, Any]:
    """Read lazily, because the page that reports a database failure must not query."""
    editions: Any = SimpleLazyObject(lambda: list(Edition.objects.visible_to(request.user).latest_first()))
    return {
        "demo": settings.DEMO,
        "portal_url": settings.PORTAL_URL,
        "sign_in_url": settings.LOGIN_URL,
        "kinds": list(Kind),
        "editions": editions,
        "newest_year": SimpleLazyObject(lambda: _newest_year(editions)),
        "newest_ranked_year": SimpleLazyObject(lambda: next((e.year for e in editions if e.has_results), None)),
    }


def _newest_year(editions: Any) -> int | None:
    years = [edition.year for edition in editions if edition.is_published] or [edition.year for edition in editions]
    return years[0] if years else None
