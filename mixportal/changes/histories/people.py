"""The histories of people, governments and offices. MailPreference has none: people read theirs on their own page."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet

from members.models import CuratorGroup, CuratorPermission, Government, Invitation, Office, User
from mixportal.changes.history import History, of_government, previous


def _people_of(events: QuerySet, government: Government) -> QuerySet:
    """While somebody belonged to the government, and the event by which they ceased to."""
    ever = QuerySet(events.model).filter(government=government).values("pgh_obj_id")  # spares looking back for the rest
    return (
        events.filter(pgh_obj_id__in=ever)
        .annotate(belonged=previous(events.model, F("government_id")))
        .filter(Q(government=government) | Q(belonged=government.pk))
    )


def _government_itself(events: QuerySet, government: Government) -> QuerySet:
    return events.filter(pgh_obj=government.pk)


HISTORIES = (
    History(
        User,
        "name",
        singular="person",
        of_government=_people_of,
        hidden_fields=frozenset({"joined_at"}),
        private_fields=frozenset({"email", "phone"}),
    ),
    History(Government, "name", of_government=_government_itself),
    History(Office, "person_name", of_government=of_government),
    History(Invitation, "email", of_government=of_government),
    History(CuratorGroup, "user__name", singular="group of a curator", permissions=("members.view_user",)),
    History(CuratorPermission, "user__name", singular="permission", permissions=("members.view_user",)),
)
