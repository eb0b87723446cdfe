from collections.abc import Callable
from typing import TypeVar

from django.core.cache import caches
from django.db.models import Prefetch, prefetch_related_objects
from django.template.loader import render_to_string

from challenges.obstacles import obstacles_of
from members.models import User, Viewer
from mixportal.ballots.models import Ballot
from mixportal.editions.models import AnnualList, Edition, Entry, EntryQuerySet, Kind
from mixportal.results.results import Results, results_without_own

T = TypeVar("T")
MAX_KEPT_SECONDS = 3600


class Kept:
    """A cache of data on published editions for all insiders, until a public page changes.

    Keep nothing in it that only some of them may see, and nothing that was read before `version`.
    """

    def __init__(self, user: Viewer, version: int | None) -> None:
        is_insider = user.is_authenticated and user.is_insider
        self.version = version if is_insider else None

    def keeps(self, edition: Edition) -> bool:
        return self.version is not None and edition.is_published

    def get(self, edition: Edition, key: str, read: Callable[[], T]) -> T:
        if not self.keeps(edition):
            return read()
        name = f"insiders:{key}"
        found: list[T] | None = caches["pages"].get(name, version=self.version)
        if found is None:
            found = [read()]
            caches["pages"].set(name, found, MAX_KEPT_SECONDS, version=self.version)
        return found[0]


def render_obstacles(entry: Entry, user: Viewer) -> dict[str, object] | None:
    found = obstacles_of(entry, user)
    if found is None:
        return None
    html = render_to_string("challenges/_hindrances_of_entry.html", {"shown": found})
    return {"html": html, "number": len(found.named) if found.shows_figures else None}


def render_newest_list(edition: Edition, user: User) -> str:
    kept = Kept(user, edition.page_version)

    def render() -> str:
        _, results = list_with_results(edition.list_of(Kind.PRIORITIES), user, kept)
        return render_to_string("pages/_newest_list.html", {"edition": edition, "results": results})

    return kept.get(edition, f"newest-{edition.pk}-{user.government_id}", render)


def list_with_results(annual_list: AnnualList, user: Viewer, kept: Kept) -> tuple[AnnualList, Results | None]:
    annual_list, results = list_without_own_order(annual_list, "list", Entry.objects.with_earlier_entries, user, kept)
    if results is None or not user.is_authenticated:
        return annual_list, results
    ballots = Ballot.objects.filter(annual_list=annual_list)
    name = f"order-{annual_list.pk}-{user.government_id}"
    orders = kept.get(annual_list.edition, name, lambda: ballots.cast_orders_of(user))
    return annual_list, results.with_own(orders, user)


def list_without_own_order(
    annual_list: AnnualList, page: str, entries: Callable[[], EntryQuerySet[Entry]], user: Viewer, kept: Kept
) -> tuple[AnnualList, Results | None]:
    def read() -> tuple[AnnualList, list[Results]]:
        prefetch_related_objects([annual_list], Prefetch("entries", entries()))
        return annual_list, results_without_own([annual_list], user)

    with_entries, found = kept.get(annual_list.edition, f"{page}-{annual_list.pk}", read)
    return with_entries, next(iter(found), None)
