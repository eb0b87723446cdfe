"""The histories of ballots, hindrances and tallies.

Before the close, other governments learn only that a ballot was cast or withdrawn. Placements and earlier orders stay
private to the ballot's own government, even after it. Before the close, only a government's own voters see
its hindrances.
"""

from __future__ import annotations

from django.db.models import CharField, Exists, F, OuterRef, Q
from django.db.models.functions import Cast, Concat, Now

from challenges.models import Hindrance, HindranceResponse
from members.models import Government, User
from mixportal.ballots.models import Ballot, Placement
from mixportal.changes.histories.editions import KIND_OF_ENTRY, KIND_OF_LIST
from mixportal.changes.history import (
    Events,
    History,
    Row,
    events_of_government,
    literal,
    own_events,
    previous_value,
)
from mixportal.editions.models import AnnualList
from mixportal.results.models import Tally


def _own_ballots_and_turnout(events: Events, user: User) -> Events:
    closed = Exists(AnnualList.objects.filter(pk=OuterRef("annual_list_id"), edition__closes_at__lte=Now()))
    events = events.annotate(was_cast_at=previous_value(events.model, F("cast_at")))
    turned = Q(cast_at__isnull=False, was_cast_at__isnull=True) | Q(cast_at__isnull=True, was_cast_at__isnull=False)
    return events.filter(own_events(user) | closed | turned)


def _own_placements(events: Events, user: User) -> Events:
    return events.filter(own_events(user, "ballot__government"))


def _placements_of(events: Events, government: Government) -> Events:
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


def _own_or_closed_responses(events: Events, user: User) -> Events:
    return events.filter(own_events(user) | Q(edition__closes_at__lte=Now()))


def _own_or_closed_hindrances(events: Events, user: User) -> Events:
    return events.filter(own_events(user, "response__government") | Q(response__edition__closes_at__lte=Now()))


def _hindrances_of(events: Events, government: Government) -> Events:
    return events.filter(response__government=government)


HISTORIES = (
    History(
        Ballot,
        Concat(Cast("annual_list__edition__year", CharField()), literal(", "), "government__name"),
        singular="ballot of {plural}",
        kind=KIND_OF_LIST,
        for_government=events_of_government,
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
        Concat("entry__title", literal(", "), Cast("ballot__annual_list__edition__year", CharField())),
        singular="{singular}",
        plural="place on a ballot",
        kind=KIND_OF_ENTRY,
        for_government=_placements_of,
        visible_events=_own_placements,
        hidden_fields=frozenset({"ballot_id", "entry_id"}),
        verb=_placement_verb,
        permissions=("editions.view_edition",),
    ),
    History(
        Tally,
        Cast("annual_list__edition__year", CharField()),
        singular="tally of {plural}",
        kind=KIND_OF_LIST,
        hidden_fields=frozenset({"annual_list_id", "seed", "roster", "figures", "comparison", "public"}),
        permissions=("editions.view_edition",),
    ),
    History(
        HindranceResponse,
        Concat("government__name", literal(", "), Cast("edition__year", CharField())),
        singular="answer on hindrances",
        for_government=events_of_government,
        visible_events=_own_or_closed_responses,
        hidden_fields=frozenset({"edition_id", "government_id", "version", "updated_at", "updated_by_id"}),
        permissions=("challenges.view_hindrance",),
    ),
    History(
        Hindrance,
        Concat("response__government__name", literal(": "), "challenge__title", literal(" – "), "priority__title"),
        for_government=_hindrances_of,
        visible_events=_own_or_closed_hindrances,
        hidden_fields=frozenset({"response_id", "challenge_id", "priority_id"}),
    ),
)
