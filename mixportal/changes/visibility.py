"""Before the close, other governments learn only that a ballot was cast or withdrawn.

Placements and earlier orders stay private to the own government even after it.
"""

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Now
from django.db.models.lookups import Exact, IsNull
from pghistory.models import Event

from challenges.models import Hindrance, HindranceResponse
from members.models import Government, User
from mixportal.ballots.models import Ballot, Placement
from mixportal.ballots.sight import sees_everything, wrote
from mixportal.editions.models import AnnualList, Entry, Kind, Lineage
from mixportal.notes.models import Note
from mixportal.notes.visibility import SEALED, readable_by
from mixportal.summaries.models import ShareLink
from priorities.models import Investment

VIEW_ENTRIES = {
    Kind.PRIORITIES: "priorities.view_priority",
    Kind.CHALLENGES: "challenges.view_challenge",
}


def event_model(model: type[Model]) -> type[Event]:
    event: type[Event] = model.pgh_event_model  # type: ignore[attr-defined]  # set by pghistory
    return event


def visible_events(user: User) -> dict[type[Model], Q]:
    """All events of other models are visible."""
    own = _own(user, "government")
    closed = Exists(AnnualList.objects.filter(pk=OuterRef("annual_list_id"), edition__closes_at__lte=Now()))
    seen = AnnualList.objects.filter(sees_everything(user, "edition__"))
    was_not_cast = IsNull(_value_before(Ballot, "cast_at"), True)
    cast = Q(was_not_cast, cast_at__isnull=False)
    withdrawn = Q(~Q(was_not_cast), cast_at__isnull=True)
    written = Note.objects.filter(wrote(user))
    own_notes = own & (~Q(kind=SEALED) | Q(entry__annual_list__in=seen) | Q(pgh_obj__in=written))
    readable_notes = Note.objects.filter(readable_by(user), withdrawn_at__isnull=True).values("pk")
    return {
        Ballot: own & Q(annual_list__in=seen) | closed | cast | withdrawn,
        Placement: _own(user, "ballot__government") & Q(ballot__annual_list__in=seen),
        HindranceResponse: own | Q(edition__closes_at__lte=Now()),
        Hindrance: _own(user, "response__government") | Q(response__edition__closes_at__lte=Now()),
        Note: own_notes | Q(pgh_obj__in=readable_notes) if user.is_curator else own_notes,
        Investment: own | ~Q(audience=Investment.Audience.GOVERNMENT),
        ShareLink: own,
        Entry: _of_permitted_kinds(user, "annual_list__kind"),
        Lineage: _of_permitted_kinds(user, "earlier__annual_list__kind"),
    }


def events_of_people(government: Government) -> Q:
    """Return what happened to people while they belonged to the government, and as they left."""
    ever: QuerySet[Event] = QuerySet(event_model(User)).filter(Q(government=government))
    left = Exact(_value_before(User, "government_id"), government.pk)
    return Q(Q(government=government) | Q(left), pgh_obj__in=ever.values(person=F("pgh_obj")))


def _own(user: User, government: str) -> Q:
    return Q((government, user.government_id)) if user.is_voter else Q(pk__in=[])


def _of_permitted_kinds(user: User, kind: str) -> Q:
    permitted = [kind for kind, permission in VIEW_ENTRIES.items() if user.is_curator and user.has_perm(permission)]
    if len(permitted) == len(VIEW_ENTRIES):
        return Q()  # of deleted lists too
    return Q((f"{kind}__in", permitted))


def _value_before(model: type[Model], column: str) -> Subquery:
    earlier: QuerySet[Event] = QuerySet(event_model(model))
    earlier = earlier.filter(Q(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id")))
    return Subquery(earlier.order_by("-pgh_id").values(column)[:1])
