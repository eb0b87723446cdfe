from __future__ import annotations

from django.db.models import CharField, OuterRef, Subquery
from django.db.models.functions import Cast, Concat

from members.models import User
from mixportal.changes.history import Events, History, events_of_government, literal
from mixportal.editions.models import AnnualList, Edition, Entry, Erratum, Kind, Lineage
from mixportal.proposals.models import Proposal, Support

VIEW_ENTRIES = {Kind.PRIORITIES: "priorities.view_priority", Kind.CHALLENGES: "challenges.view_challenge"}
KIND_OF_LIST = Subquery(AnnualList.objects.filter(pk=OuterRef("annual_list_id")).values("kind"))
KIND_OF_ENTRY = Subquery(Entry.objects.filter(pk=OuterRef("entry_id")).values("annual_list__kind"))
KIND_OF_EARLIER_ENTRY = Subquery(Entry.objects.filter(pk=OuterRef("earlier_id")).values("annual_list__kind"))


def _events_of_permitted_kinds(events: Events, user: User, kind: Subquery) -> Events:
    permitted = [kind for kind, permission in VIEW_ENTRIES.items() if user.has_perm(permission)]
    if len(permitted) == len(VIEW_ENTRIES):
        return events  # of deleted lists too
    found: Events = events.annotate(list_kind=kind).filter(list_kind__in=permitted)
    return found


def _visible_entries(events: Events, user: User) -> Events:
    return _events_of_permitted_kinds(events, user, KIND_OF_LIST)


def _visible_lineage(events: Events, user: User) -> Events:
    return _events_of_permitted_kinds(events, user, KIND_OF_EARLIER_ENTRY)


HISTORIES = (
    History(Edition, Cast("year", CharField())),
    History(Erratum, Concat(Cast("edition__year", CharField()), literal(" "), "about")),
    History(
        Entry,
        "title",
        singular="{singular}",
        plural="entry",
        kind=KIND_OF_LIST,
        visible_events=_visible_entries,
        permissions=tuple(VIEW_ENTRIES.values()),
    ),
    History(
        Lineage,
        Concat("later__title", literal(" "), Cast("later__annual_list__edition__year", CharField())),
        singular="lineage of a {singular}",
        kind=KIND_OF_EARLIER_ENTRY,
        visible_events=_visible_lineage,
        permissions=tuple(VIEW_ENTRIES.values()),
    ),
    History(Proposal, "title", singular="proposed {singular}", kind=KIND_OF_LIST, for_government=events_of_government),
    History(
        Support,
        "proposal__title",
        singular="support of a proposal",
        for_government=events_of_government,
        permissions=("proposals.view_proposal",),
    ),
)
