from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from members.models import User
from mixportal.editions.models import Edition, EditionQuerySet, Entry, Kind
from mixportal.notes.models import NEWS_PERIOD, NoteQuerySet
from mixportal.pages.tasks import ListTurnout
from mixportal.proposals.models import Proposal
from mixportal.tables.values import value_at


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
    drafting = [each.proposals for each in editions if each.is_drafting and each.proposals]
    return News(
        notes=written["all"],
        answers=written["answers"],
        ballots=[(turnout.kind, turnout.others_since) for turnout in turnouts if turnout.others_since],
        proposals=sum(proposals["new"] for proposals in drafting),
        corrected=[each for edition in editions for each in edition.corrected],
        people=[
            each for each in people if each != user and getattr(each, "government_then", None) != user.government_id
        ],
        closed=[each for each in editions if each.is_closed and each.closes_at and each.closes_at > since],
        published=[each for each in editions if each.published_at and each.published_at > since],
    )


def with_news(editions: EditionQuerySet, user: User, since: datetime) -> EditionQuerySet:
    """Annotate the numbers of proposals, and the entries that were corrected since."""
    proposals = Proposal.objects.visible_to(user).filter(annual_list__edition=OuterRef("pk")).order_by()
    by_others = Q(proposed_at__gt=since) & ~Q(government=user.government_id)
    numbers = JSONObject(all=Count("pk"), new=Count("pk", filter=by_others))
    events = Entry.pgh_event_model.objects.filter(pgh_created_at__gt=since, pgh_context__has_key="corrects")
    corrected = Entry.objects.filter(pk__in=events.values("pgh_obj"), annual_list__edition=OuterRef("pk"))
    entry = JSONObject(title="title", slug="slug", kind="annual_list__kind", year="annual_list__edition__year")
    annotations = {
        "proposals": Subquery(proposals.values("annual_list__edition").annotate(numbers=numbers).values("numbers")),
        "corrected": ArraySubquery(corrected.order_by("annual_list", "position").values_list(entry)),
    }
    return editions.annotate(**annotations)


def colleagues_of(user: User, moment: datetime) -> list[User]:
    """Return who speaks for a voter's government, with the government that they spoke for at the moment."""
    if not user.is_voter or user.government is None:
        return []
    then = value_at(User.pgh_event_model, "government_id", moment)
    people = User.objects.speaking_for(user.government).annotate(government_then=then)
    return list(people.only("name", "role", "email", "voter_since", "sees_since"))


def _government_then(person: User) -> int | None:
    found: int | None = getattr(person, "government_then")  # noqa: B009  annotated
    return found
