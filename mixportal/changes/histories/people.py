from __future__ import annotations

from django.db.models import F, Q, QuerySet

from members.models import CuratorGroup, CuratorPermission, Government, Invitation, Office, User
from mixportal.changes.history import Events, History, events_of_government, previous_value


def _people_events(events: Events, government: Government) -> Events:
    ever: Events = QuerySet(events.model).filter(government=government)
    events = events.filter(pgh_obj_id__in=ever.values("pgh_obj_id"))
    events = events.annotate(belonged=previous_value(events.model, F("government_id")))
    return events.filter(Q(government=government) | Q(belonged=government.pk))


def _government_events(events: Events, government: Government) -> Events:
    return events.filter(pgh_obj=government.pk)


HISTORIES = (
    History(
        User,
        "name",
        singular="person",
        for_government=_people_events,
        hidden_fields=frozenset({"joined_at"}),
        private_fields=frozenset({"email", "phone"}),
    ),
    History(Government, "name", for_government=_government_events),
    History(Office, "person_name", for_government=events_of_government),
    History(Invitation, "email", for_government=events_of_government),
    History(CuratorGroup, "user__name", singular="group of a curator", permissions=("members.view_user",)),
    History(CuratorPermission, "user__name", singular="permission", permissions=("members.view_user",)),
)
