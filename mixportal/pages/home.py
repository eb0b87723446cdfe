from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import BooleanField, Count, F, IntegerField, JSONField, Q
from django.db.models.expressions import RawSQL

from members.models import Government, User
from mixportal.ballots.models import Ballot
from mixportal.editions.models import Edition, EditionQuerySet, Kind
from mixportal.notes.models import NEWS_PERIOD, NoteQuerySet
from mixportal.results.turnout import NewVoter, turnout_of

# The ORM composes these slowly.
TOTALS = """
    SELECT jsonb_object_agg(list.kind, (SELECT count(*) FROM editions_entry WHERE annual_list_id = list.id))
    FROM editions_annuallist list WHERE list.edition_id = editions_edition.id
"""
TOTAL_ENTRIES = {"totals": RawSQL(TOTALS, [], JSONField())}  # noqa: S611
RANKED = "SELECT count(place) FROM ballots_placement WHERE ballot_id = ballots_ballot.id"
EDITED = """
    SELECT EXISTS (
        SELECT FROM ballots_placement WHERE ballot_id = ballots_ballot.id AND place IS DISTINCT FROM cast_place
    )
"""
PROPOSALS = """
    SELECT jsonb_build_object('all', count(*), 'new', count(*) FILTER (
        WHERE proposal.proposed_at > %s AND proposal.government_id IS DISTINCT FROM %s
    ))
    FROM proposals_proposal proposal JOIN editions_annuallist list ON list.id = proposal.annual_list_id
    WHERE list.edition_id = editions_edition.id AND proposal.withdrawn_at IS NULL
"""
CORRECTED = """
    SELECT jsonb_agg(
        jsonb_build_object('title', entry.title, 'slug', entry.slug, 'kind', list.kind, 'year', editions_edition.year)
        ORDER BY list.id, entry.position
    )
    FROM editions_entry entry JOIN editions_annuallist list ON list.id = entry.annual_list_id
    WHERE list.edition_id = editions_edition.id AND entry.id IN (
        SELECT pgh_obj_id FROM editions_entryevent WHERE pgh_created_at > %s AND pgh_context ? 'corrects'
    )
"""
GOVERNMENT_THEN = """
    SELECT event.government_id FROM members_userevent event
    WHERE event.pgh_obj_id = members_user.id AND event.pgh_created_at <= %s
    ORDER BY event.pgh_id DESC LIMIT 1
"""


@dataclass(frozen=True)
class Task:
    kind: Kind
    total: int
    ballot: Ballot | None

    @property
    def ranked(self) -> int:
        return getattr(self.ballot, "ranked", 0) if self.ballot and self.ballot.sees_working else 0

    @property
    def numbers(self) -> range:
        return range(1, self.total + 1)

    @property
    def is_sealed(self) -> bool:
        return self.ballot is not None and not (self.ballot.sees_working and self.ballot.sees_cast)

    @property
    def is_done(self) -> bool:
        ballot = self.ballot
        return ballot is not None and ballot.is_cast and (self.is_sealed or not getattr(ballot, "edited", False))


@dataclass(frozen=True)
class ListTurnout:
    kind: Kind
    cast: list[Government]
    waiting: list[Government]
    new_voters: list[NewVoter]
    own: Government | None
    others_since: int  # other governments that cast since the last visit

    @property
    def seats(self) -> int:
        return len(self.cast) + len(self.waiting)

    @cached_property
    def has_own_cast(self) -> bool:
        return self.own in self.cast

    @cached_property
    def is_own_waiting(self) -> bool:
        return self.own in self.waiting

    @property
    def others_cast(self) -> int:
        return len(self.cast) - self.has_own_cast

    @property
    def others_waiting(self) -> int:
        return len(self.waiting) - self.is_own_waiting


def tasks_for(edition: Edition, user: User) -> list[Task]:
    own = Ballot.objects.of_voter(user).filter(annual_list__edition=edition)
    names = {"cast_by_name": F("cast_by__name"), "updated_by_name": F("updated_by__name")}
    numbers = {
        "ranked": RawSQL(RANKED, [], IntegerField()),  # noqa: S611
        "edited": RawSQL(EDITED, [], BooleanField()),  # noqa: S611
    }
    found = own.annotate(**names, **numbers).select_related("annual_list")
    ballots = {ballot.annual_list.kind: ballot for ballot in found}
    return [Task(kind, edition.totals[kind], ballots.get(kind)) for kind in Kind]


def turnouts_of(edition: Edition, own: Government | None, since: datetime | None = None) -> list[ListTurnout]:
    turnout = turnout_of(edition, since=since)
    seats = turnout.seats if turnout else []
    return [
        ListTurnout(
            kind,
            cast=[seat.government for seat in seats if seat.cast[number]],
            waiting=[seat.government for seat in seats if not seat.cast[number]],
            new_voters=turnout.new_voters if turnout else [],
            own=own,
            others_since=sum(kind in seat.cast_since for seat in seats if seat.government != own),
        )
        for number, kind in enumerate(Kind)
    ]


def news_for(
    user: User,
    editions: list[Edition],
    turnouts: Iterable[ListTurnout],
    people: Iterable[User],
    notes: NoteQuerySet,
    since: datetime,
) -> dict[str, object]:
    """Put together the news. Needs editions by `with_news`, and people by `colleagues_of`.

    `notes` are those of others.
    """
    to_own = Q(reply_to__isnull=False, reply_to__government=user.government_id)
    counts = {"all": Count("pk"), "answers": Count("pk", filter=to_own)}
    written = notes.new_for(user, since).aggregate(**counts)
    news: dict[str, object] = {
        "notes": written["all"],
        "answers": written["answers"],  # to the own government, among the notes
        "other_notes": written["all"] - written["answers"],
        "ballots": [(turnout.kind, turnout.others_since) for turnout in turnouts if turnout.others_since],
        "proposals": [each for each in editions if each.is_drafting and each.proposals["new"]],
        "corrected": [each for edition in editions for each in edition.corrected or ()],
        "people": [
            each for each in people if each != user and getattr(each, "government_then", None) != user.government_id
        ],
        "closed": [each for each in editions if each.is_closed and each.closes_at and each.closes_at > since],
        "published": [each for each in editions if each.published_at and each.published_at > since],
    }
    return news | {"is_empty": not any(news.values()), "days": NEWS_PERIOD.days}


def with_news(editions: EditionQuerySet, user: User, since: datetime) -> EditionQuerySet:
    annotations = {
        "proposals": RawSQL(PROPOSALS, [since, user.government_id], JSONField()),  # noqa: S611
        "corrected": RawSQL(CORRECTED, [since], JSONField()),  # noqa: S611
    }
    return editions.annotate(**annotations, **TOTAL_ENTRIES)


def colleagues_of(user: User, moment: datetime) -> list[User]:
    """Return who speaks for a voter's government, with their government at the moment."""
    if not user.is_voter or user.government is None:
        return []
    then = RawSQL(GOVERNMENT_THEN, [moment], IntegerField())  # noqa: S611
    people = User.objects.speaking_for(user.government).annotate(government_then=then)
    return list(people.only("name", "role", "email", "voter_since", "sees_since"))
