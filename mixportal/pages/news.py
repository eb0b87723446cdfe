from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, IntegerField, JSONField, Q
from django.db.models.expressions import RawSQL

from members.models import User
from mixportal.editions.models import Edition, EditionQuerySet, Kind
from mixportal.notes.models import NEWS_PERIOD, NoteQuerySet
from mixportal.pages.tasks import ListTurnout

# The ORM composes these slowly.
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
class News:
    notes: int
    answers: int  # to the own government, among the notes
    ballots: list[tuple[Kind, int]]  # of other governments
    proposals: int  # by other governments
    corrected: list[dict[str, object]]
    people: list[User]  # who joined the own government
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


def news_for(
    user: User,
    editions: list[Edition],
    turnouts: Iterable[ListTurnout],
    people: Iterable[User],
    notes: NoteQuerySet,
    since: datetime,
) -> News:
    """Put together the news. Needs editions by `with_news`, and people by `colleagues_of`.

    `notes` are those of others.
    """
    to_own = Q(reply_to__isnull=False, reply_to__government=user.government_id)
    counts = {"all": Count("pk"), "answers": Count("pk", filter=to_own)}
    written = notes.new_for(user, since).aggregate(**counts)
    drafting = [each.proposals["new"] for each in editions if each.is_drafting]
    return News(
        notes=written["all"],
        answers=written["answers"],
        ballots=[(turnout.kind, turnout.others_since) for turnout in turnouts if turnout.others_since],
        proposals=sum(drafting),
        corrected=[each for edition in editions for each in edition.corrected or ()],
        people=[
            each for each in people if each != user and getattr(each, "government_then", None) != user.government_id
        ],
        closed=[each for each in editions if each.is_closed and each.closes_at and each.closes_at > since],
        published=[each for each in editions if each.published_at and each.published_at > since],
    )


def with_news(editions: EditionQuerySet, user: User, since: datetime) -> EditionQuerySet:
    annotations = {
        "proposals": RawSQL(PROPOSALS, [since, user.government_id], JSONField()),  # noqa: S611
        "corrected": RawSQL(CORRECTED, [since], JSONField()),  # noqa: S611
    }
    return editions.annotate(**annotations)


def colleagues_of(user: User, moment: datetime) -> list[User]:
    """Return who speaks for a voter's government, with their government at the moment."""
    if not user.is_voter or user.government is None:
        return []
    then = RawSQL(GOVERNMENT_THEN, [moment], IntegerField())  # noqa: S611
    people = User.objects.speaking_for(user.government).annotate(government_then=then)
    return list(people.only("name", "role", "email", "voter_since", "sees_since"))
