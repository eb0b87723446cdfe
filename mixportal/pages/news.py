from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import JSONObject, Now
from django.db.models.lookups import Exact, IsNull
from django.utils import timezone

from members.models import User
from mixportal.ballots.models import Ballot
from mixportal.editions.models import Edition, Entry, Kind
from mixportal.notes.models import NEWS_PERIOD, NoteQuerySet
from mixportal.proposals.models import Proposal


@dataclass(frozen=True)
class News:
    last_visit: datetime | None
    notes: int
    answers: int  # to the own government, among the notes
    ballots: list[tuple[Kind, int]]  # of other governments
    proposals: int  # by other governments
    corrected: list[dict[str, Any]]
    people: list[dict[str, str]]  # of who joined the own government
    closed: list[Edition]
    published: list[Edition]

    @property
    def days(self) -> int:
        return NEWS_PERIOD.days

    @property
    def other_notes(self) -> int:
        return self.notes - self.answers

    @property
    def is_empty(self) -> bool:
        found = (self.notes, self.ballots, self.proposals, self.corrected, self.people, self.closed, self.published)
        return not any(found)


def news_for(user: User, editions: list[Edition], notes: NoteQuerySet, last_visit: datetime | None) -> News:
    """`notes` are those of others."""
    since = last_visit or timezone.now() - NEWS_PERIOD
    own = user.government_id
    entry = JSONObject(title="title", slug="slug", kind="annual_list__kind", year="annual_list__edition__year")
    row = User.objects.values(
        notes=_numbers_of(
            notes.new_for(user, last_visit),
            all=Q(),
            answers=Q(reply_to__isnull=False, reply_to__government=own),
        ),
        proposals=_numbers_of(
            Proposal.objects.visible_to(user)
            .filter(proposed_at__gt=since, annual_list__edition__in=[each.pk for each in editions if each.is_drafting])
            .exclude(government=own),
            all=Q(),
        ),
        corrected=ArraySubquery(_corrected(since).values_list(entry)),
        people=ArraySubquery(_joined(user, since).values_list(JSONObject(name="name", role="role"))),
        cast=_numbers_of(_newly_cast(user, since), **{kind: Q(annual_list__kind=kind) for kind in Kind}),
    ).get(pk=user.pk)
    written, proposals, cast = (Counter[str](row[name]) for name in ("notes", "proposals", "cast"))
    return News(
        last_visit=last_visit,
        notes=written["all"],
        answers=written["answers"],
        ballots=[(kind, cast[kind]) for kind in Kind if cast[kind]],
        proposals=proposals["all"],
        corrected=row["corrected"],
        people=[person | {"role": User.Role(person["role"]).label} for person in row["people"] or []],
        closed=[each for each in editions if each.is_closed and each.closes_at and each.closes_at > since],
        published=[each for each in editions if each.published_at and each.published_at > since],
    )


def _newly_cast(user: User, since: datetime) -> QuerySet[Ballot]:
    """Leave out recasts: how often a government casts is sealed until the close."""
    window = Q(annual_list__edition__opens_at__lte=Now(), annual_list__edition__closes_at__gt=Now())
    was_not_cast = IsNull(_value_at(Ballot.pgh_event_model, "cast_at", since), True)
    cast = Ballot.objects.cast().filter(window, was_not_cast, government__seat__isnull=False)
    return cast.exclude(government=user.government_id)


def _corrected(since: datetime) -> QuerySet[Entry]:
    events = Entry.pgh_event_model.objects.filter(pgh_created_at__gt=since, pgh_context__has_key="corrects")
    return Entry.objects.filter(pk__in=events.values("pgh_obj")).order_by("annual_list", "position")


def _joined(user: User, since: datetime) -> QuerySet[User]:
    if not user.is_voter or user.government is None:
        return User.objects.none()
    government_then = _value_at(User.pgh_event_model, "government_id", since)
    elsewhere = Q(IsNull(government_then, True)) | ~Q(Exact(government_then, user.government_id))
    return User.objects.speaking_for(user.government).filter(elsewhere).exclude(pk=user.pk)


def _value_at(events: type[Model], column: str, at: datetime) -> Subquery:
    until_then: QuerySet[Model] = QuerySet(events).filter(pgh_obj_id=OuterRef("pk"), pgh_created_at__lte=at)
    return Subquery(until_then.order_by("-pgh_id").values(column)[:1])


def _numbers_of(rows: QuerySet[Any], **conditions: Q) -> Subquery:
    """Count the rows that meet each condition. JSON, or null if there are no rows."""
    numbers = JSONObject(**{name: Count("pk", filter=condition) for name, condition in conditions.items()})
    return Subquery(rows.order_by().values(one=Value(1)).annotate(numbers=numbers).values("numbers"))
