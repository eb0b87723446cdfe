"""The histories of editions, of the entries of their lists, and of what was proposed for them."""

from __future__ import annotations

from django.db.models import CharField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Concat

from members.models import User
from mixportal.changes.history import History, of_government, text
from mixportal.editions.models import AnnualList, Edition, Entry, Erratum, Kind, Lineage
from mixportal.proposals.models import Proposal, Support

VIEW_ENTRIES = {Kind.PRIORITIES: "priorities.view_priority", Kind.CHALLENGES: "challenges.view_challenge"}
OF_LIST = Subquery(AnnualList.objects.filter(pk=OuterRef("annual_list_id")).values("kind"))
OF_EARLIER_ENTRY = Subquery(Entry.objects.filter(pk=OuterRef("earlier_id")).values("annual_list__kind"))


def _of_kinds_that_user_may_view(events: QuerySet, user: User, kind: Subquery) -> QuerySet:
    permitted = [kind for kind, permission in VIEW_ENTRIES.items() if user.has_perm(permission)]
    if len(permitted) == len(VIEW_ENTRIES):
        return events  # those too whose list is gone
    return events.annotate(list_kind=kind).filter(Q(list_kind__in=permitted))


def _visible_entries(events: QuerySet, user: User) -> QuerySet:
    return _of_kinds_that_user_may_view(events, user, OF_LIST)


def _visible_lineage(events: QuerySet, user: User) -> QuerySet:
    return _of_kinds_that_user_may_view(events, user, OF_EARLIER_ENTRY)


HISTORIES = (
    History(Edition, Cast("year", CharField())),
    History(Erratum, Concat(Cast("edition__year", CharField()), text(" "), "about")),
    History(
        Entry,
        "title",
        singular="{singular}",
        plural="entry",
        kind=OF_LIST,
        visible_events=_visible_entries,
        permissions=tuple(VIEW_ENTRIES.values()),
    ),
    History(
        Lineage,
        Concat("later__title", text(" "), Cast("later__annual_list__edition__year", CharField())),
        singular="lineage of a {singular}",
        kind=OF_EARLIER_ENTRY,
        visible_events=_visible_lineage,
        permissions=tuple(VIEW_ENTRIES.values()),
    ),
    History(Proposal, "title", singular="proposed {singular}", kind=OF_LIST, of_government=of_government),
    History(
        Support,
        "proposal__title",
        singular="support of a proposal",
        of_government=of_government,
        permissions=("proposals.view_proposal",),
    ),
)
