"""How the history of people, governments and offices is told (members/record.py)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import F, Q, QuerySet

from members import record
from members.models import CuratorGroup, CuratorPermission, Government, Invitation, Office, User
from members.preferences import MailPreference


def _people_of(events: QuerySet, government: Any) -> QuerySet:
    """While somebody belonged to the government, and the event by which they ceased to."""
    ever = QuerySet(events.model).filter(government=government).values("pgh_obj_id")  # spares looking back for the rest
    return (
        events.filter(pgh_obj_id__in=ever)
        .annotate(belonged=record.previous(events.model, F("government_id")))
        .filter(Q(government=government) | Q(belonged=government.pk))
    )


def register() -> None:
    record.register(
        record.Chapter(
            User,
            "name",
            singular="person",
            of_government=_people_of,
            unsaid=frozenset({"joined_at"}),
            private=frozenset({"email", "phone"}),
        )
    )
    record.register(
        record.Chapter(
            Government, "name", of_government=lambda events, government: events.filter(pgh_obj=government.pk)
        )
    )
    record.register(
        record.Chapter(
            Office, "person_name", of_government=lambda events, government: events.filter(government=government)
        )
    )
    record.register(
        record.Chapter(
            Invitation,
            "email",
            of_government=lambda events, government: events.filter(government=government),
            unsaid=frozenset({"token_sha256"}),
        )
    )
    record.name(Group, "name")
    record.name(Permission, "name")
    for powers, singular in ((CuratorGroup, "group of a curator"), (CuratorPermission, "permission")):
        record.register(record.Chapter(powers, "user__name", singular=singular, permission="members.view_user"))
    record.leave_out(MailPreference)  # whoever has them reads them on their own page
