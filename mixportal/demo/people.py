import secrets
from datetime import datetime, timedelta
from pathlib import Path

import pgtrigger
from django.db import models

import mixportal.editions
from members.invitations import VALIDITY, Invitation
from members.models import Government, Office, User
from mixportal.demo.world import EASTERN, Seat, World, rows_of
from mixportal.editions.models import Edition, slug_for
from mixportal.summaries.models import ShareLink

REAL_DATA = Path(mixportal.editions.__file__).parent / "data"
VOTERS_SINCE = datetime(2024, 1, 8, 9, tzinfo=EASTERN)
INVITATIONS = (
    ("leader", "Odalys Brannigan", "odalys.brannigan", 2),
    ("delegate", "Tomasz Ekwueme", "tomasz.ekwueme", 5),
    ("leader", "Harriet Lindqvist", "harriet.lindqvist", 23),  # expired
)
SHARE_LINKS = (
    ("County commissioners, budget workshop", 6, 30, 1),
    ("Citizens’ technology board", 71, 30, 52),  # expired
)


def enter_real_governments_and_offices() -> None:
    for row in rows_of(REAL_DATA / "offices-2018.csv"):
        name = row.pop("government")
        government = Government.objects.create(
            name=name, slug=slug_for(name), kind=row.pop("kind"), state=row.pop("state")
        )
        Office.objects.create(government=government, **{field: value or None for field, value in row.items()})


def enter_governments_and_people(world: World) -> None:
    Government.objects.bulk_create(world.governments)
    users = [world.curator, world.former_member]
    for seat in world.seats.values():
        users += [*([seat.leader] if seat.leader else []), *seat.voters]
    User.objects.bulk_create(users)
    set_voter_since(User.objects.all(), VOTERS_SINCE)


def set_voter_since(people: models.QuerySet[User], since: datetime) -> None:
    with pgtrigger.ignore("members.User:keeps_voter_since"):
        people.update(voter_since=since, sees_since=since, let_in_by=None)


def enter_invitations(seat: Seat, now: datetime) -> None:
    member, delegate = seat.voters
    domain = member.email.partition("@")[2]
    waiting = [
        _invitation(member, role, f"{local}@{domain}", name, now - timedelta(days=days))
        for role, name, local, days in INVITATIONS
    ]
    accepted = _invitation(member, "delegate", delegate.email, delegate.name, now - timedelta(days=400))
    accepted.accepted_at, accepted.accepted_by = accepted.sent_at + timedelta(hours=3), delegate
    Invitation.objects.bulk_create([*waiting, accepted])


def _invitation(member: User, role: str, email: str, name: str, at: datetime) -> Invitation:
    return Invitation(
        government=member.government,
        role=role,
        email=email,
        name=name,
        token_sha256=secrets.token_hex(),
        invited_by=member,
        created_at=at,
        sent_at=at,
        expires_at=at + VALIDITY,
        times_sent=1,
    )


def enter_shares(seat: Seat, edition: Edition, now: datetime) -> None:
    ShareLink.objects.bulk_create(
        ShareLink(
            government=seat.government,
            edition=edition,
            token_sha256=secrets.token_hex(),
            label=label,
            created_by=seat.member,
            created_at=now - timedelta(days=made),
            expires_at=now - timedelta(days=made - good_for),
            last_used_at=now - timedelta(days=used),
        )
        for label, made, good_for, used in SHARE_LINKS
    )
