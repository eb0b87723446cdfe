from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from members.invitations import VALIDITY, Invitation
from members.models import Government
from mixportal.demo.world import World

# role, name, local part of the address, age in days
INVITATIONS = (
    ("leader", "Odalys Brannigan", "odalys.brannigan", 2),
    ("delegate", "Tomasz Ekwueme", "tomasz.ekwueme", 5),
    ("leader", "Harriet Lindqvist", "harriet.lindqvist", 23),  # expired
)
ACCEPTED_AFTER = timedelta(hours=3)


def enter_invitations(world: World, now: datetime) -> None:
    government = Government.objects.get(slug=world.government_a.slug)
    member, delegate = government.people.get(role="member"), government.people.get(role="delegate")
    domain = member.email.partition("@")[2]
    waiting = [
        _invitation(government, role, f"{local}@{domain}", name, now - timedelta(days=days))
        for role, name, local, days in INVITATIONS
    ]
    accepted = _invitation(government, "delegate", delegate.email, delegate.name, now - timedelta(days=400))
    accepted.accepted_at, accepted.accepted_by = accepted.sent_at + ACCEPTED_AFTER, delegate
    for invitation in (*waiting, accepted):
        invitation.invited_by = member
    Invitation.objects.bulk_create([*waiting, accepted])


def _invitation(government: Government, role: str, email: str, name: str, at: datetime) -> Invitation:
    return Invitation(
        government=government,
        role=role,
        email=email,
        name=name,
        token_sha256=hashlib.sha256(secrets.token_bytes()).hexdigest(),
        created_at=at,
        sent_at=at,
        expires_at=at + VALIDITY,
        times_sent=1,
    )
