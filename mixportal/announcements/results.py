from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import AnonymousUser

from members.models import User
from mixportal.announcements.mails import edition_context, lists_to_rank
from mixportal.ballots.mails import send_to_each, voters
from mixportal.editions.models import AnnualList, Edition, database_now
from mixportal.results.results import results_for

MAX_AGE = timedelta(days=14)  # an older publication is not announced


def announce_results(edition: Edition) -> int:
    if not edition.is_published:
        return 0
    assert edition.published_at is not None
    if edition.published_at < database_now() - MAX_AGE:
        return 0
    first_three = [(each.words, _first_three(each)) for each in lists_to_rank(edition)]
    return send_to_each(
        [*voters(), *User.objects.filter(is_active=True, role=User.Role.LEADER, government__seat__isnull=False)],
        "results",
        cause=f"results:{edition.year}",
        context=edition_context(edition) | {"lists": first_three},
    )


def _first_three(annual_list: AnnualList) -> list[tuple[str, str]]:
    results = results_for(annual_list, AnonymousUser())
    return [(f"{row.place}{row.suffix}", row.entry.title) for row in results.rows[:3]] if results else []
