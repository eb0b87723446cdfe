"""The histories of ballots, hindrances and tallies, and what the seal keeps out of them.

Before the close others learn no more of a ballot than that it has been cast or withdrawn, which is turnout: neither
that it was saved or cast again, nor any placement. Only their own government ever reads placements here, after the
close too: the ballot itself shows what counts, and what was changed before is nobody else's concern. Before the close
nobody but a government's own voters reads of its hindrances.
"""

from __future__ import annotations

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Concat, Now

from challenges.models import Hindrance, HindranceResponse
from members.models import Government, User
from mixportal.ballots.models import Ballot, Placement
from mixportal.changes.histories.editions import OF_LIST
from mixportal.changes.history import History, Row, is_own, of_government, previous, text
from mixportal.editions.models import AnnualList, Entry
from mixportal.results.models import Tally

OF_ENTRY = Subquery(Entry.objects.filter(pk=OuterRef("entry_id")).values("annual_list__kind"))


def _own_ballots_and_turnout(events: QuerySet, user: User) -> QuerySet:
    closed = Exists(AnnualList.objects.filter(pk=OuterRef("annual_list_id"), edition__closes_at__lte=Now()))
    events = events.annotate(was_cast_at=previous(events.model, F("cast_at")))
    turned = Q(cast_at__isnull=False, was_cast_at__isnull=True) | Q(cast_at__isnull=True, was_cast_at__isnull=False)
    return events.filter(is_own(user) | closed | turned)


def _own_placements(events: QuerySet, user: User) -> QuerySet:
    return events.filter(is_own(user, "ballot__government"))


def _placements_of(events: QuerySet, government: Government) -> QuerySet:
    return events.filter(ballot__government=government)


def _ballot_verb(label: str, before: Row | None, after: Row) -> str:
    was, now = (before or {}).get("cast_at"), after["cast_at"]
    if label == "delete":
        return "removed"
    if now and now != was:
        return "cast again" if was else "cast"
    if was and not now:
        return "withdrew"
    return "began" if label == "insert" else "saved"


def _placement_verb(label: str, before: Row | None, after: Row) -> str:
    return {"insert": "ranked", "update": "moved", "delete": "took out"}[label]


def _own_or_closed_responses(events: QuerySet, user: User) -> QuerySet:
    return events.filter(is_own(user) | Q(edition__closes_at__lte=Now()))


def _own_or_closed_hindrances(events: QuerySet, user: User) -> QuerySet:
    return events.filter(is_own(user, "response__government") | Q(response__edition__closes_at__lte=Now()))


def _hindrances_of(events: QuerySet, government: Government) -> QuerySet:
    return events.filter(response__government=government)


HISTORIES = (
    History(
        Ballot,
        Concat(Cast("annual_list__edition__year", CharField()), text(", "), "government__name"),
        singular="ballot of {plural}",
        kind=OF_LIST,
        of_government=of_government,
        visible_events=_own_ballots_and_turnout,
        hidden_fields=frozenset(
            {"annual_list_id", "government_id", "version", "cast_at", "cast_by_id", "updated_at", "updated_by_id"}
        ),
        fields_for_verb=("cast_at",),
        verb=_ballot_verb,
        permissions=("editions.view_edition",),
    ),
    History(
        Placement,
        Concat("entry__title", text(", "), Cast("ballot__annual_list__edition__year", CharField())),
        singular="{singular}",
        plural="place on a ballot",
        kind=OF_ENTRY,
        of_government=_placements_of,
        visible_events=_own_placements,
        hidden_fields=frozenset({"ballot_id", "entry_id"}),
        verb=_placement_verb,
        permissions=("editions.view_edition",),
    ),
    History(
        Tally,
        Cast("annual_list__edition__year", CharField()),
        singular="tally of {plural}",
        kind=OF_LIST,
        hidden_fields=frozenset({"annual_list_id", "seed", "roster", "figures", "comparison", "public"}),
        permissions=("editions.view_edition",),
    ),
    History(
        HindranceResponse,
        Concat("government__name", text(", "), Cast("edition__year", CharField())),
        singular="answer on hindrances",
        of_government=of_government,
        visible_events=_own_or_closed_responses,
        hidden_fields=frozenset({"edition_id", "government_id", "version", "updated_at", "updated_by_id"}),
        permissions=("challenges.view_hindrance",),
    ),
    History(
        Hindrance,
        Concat("response__government__name", text(": "), "challenge__title", text(" – "), "priority__title"),
        of_government=_hindrances_of,
        visible_events=_own_or_closed_hindrances,
        hidden_fields=frozenset({"response_id", "challenge_id", "priority_id"}),
    ),
)
