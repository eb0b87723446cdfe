from __future__ import annotations

from mixportal.editions.models import AnnualList, Kind, database_now
from priorities.models import Investment, Priority

FORM = {"status": "under_way", "audience": "members", "cost": "", "staff": "", "from_year": "", "to_year": ""}


def priority(edition, title: str = "Cybersecurity") -> Priority:
    annual_list = AnnualList.objects.for_year(edition.year, Kind.PRIORITIES)
    found = Priority.objects.get(annual_list=annual_list, title=title)
    found.annual_list = annual_list
    return found


def tell(user, entry, **told) -> Investment:
    """Record an investment of the user's government."""
    empty = {"cost": "", "staff": None, "from_year": None, "to_year": None, "summary": ""}
    told = {"status": "under_way", "audience": "members"} | empty | told
    stored = Investment.objects.filter(priority=entry, government=user.government).first()
    version = stored.version if stored else 0
    return Investment.record(priority=entry, government=user.government, user=user, facts=told, version=version)


def told_at_once(users, entry, **told) -> None:
    now = database_now()
    Investment.objects.bulk_create(
        Investment(government=user.government, priority=entry, updated_at=now, updated_by=user, **told)
        for user in users
    )
