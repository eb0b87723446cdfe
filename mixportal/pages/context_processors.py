from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from mixportal.editions.models import Edition, Kind


def masthead(request: HttpRequest) -> dict[str, object]:
    """Query lazily: the page for a database failure must not query."""

    @cache
    def editions() -> list[Edition]:
        return list(Edition.objects.visible_to(request.user).latest_first())

    def newest_year() -> int | None:
        shown = [edition for edition in editions() if edition.is_published] or editions()
        return shown[0].year if shown else None

    def newest_ranked_year() -> int | None:
        return next((edition.year for edition in editions() if edition.has_results), None)

    return {
        "demo": settings.DEMO,
        "portal_url": settings.PORTAL_URL,
        "sign_in_url": settings.LOGIN_URL,
        "kinds": list(Kind),
        "editions": SimpleLazyObject(editions),
        "newest_year": SimpleLazyObject(newest_year),
        "newest_ranked_year": SimpleLazyObject(newest_ranked_year),
    }
