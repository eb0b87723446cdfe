"""What the portal mails about the results of an edition, and to whom."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import AnonymousUser

from members.models import User
from mixportal.announcements.mails import about, lists_to_rank
from mixportal.ballots.mails import send_to_each, voters
from mixportal.editions.models import AnnualList, Edition, database_now
from mixportal.results.results import results_for

NEWS_FOR = timedelta(days=14)  # how long a publication is worth a mail


def announce_results(edition: Edition) -> int:
    """To members, delegates and leaders once the edition is published, while that is news."""
    if not edition.is_published or edition.published_at < database_now() - NEWS_FOR:
        return 0
    return send_to_each(
        [*voters(), *User.objects.filter(is_active=True, role=User.Role.LEADER, government__seat__isnull=False)],
        "results",
        cause=f"results:{edition.year}",
        context=about(edition) | {"lists": [(each.words, _first_three(each)) for each in lists_to_rank(edition)]},
    )


def _first_three(annual_list: AnnualList) -> list[tuple[str, str]]:
    """(place, title) as everybody may see it; empty for a list that nobody ranked."""
    results = results_for(annual_list, AnonymousUser())
    return [(f"{row.place}{row.suffix}", row.entry.title) for row in results.rows[:3]] if results else []
