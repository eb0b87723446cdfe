from __future__ import annotations

import csv
import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pghistory
import pgtrigger
from django.db import models

import mixportal.editions
from members.invitations import VALIDITY, Invitation
from members.models import NOTICE_VERSION, Government, Office, User
from mixportal.demo.ballots import Voter
from mixportal.demo.world import POPULATION_YEAR, InventedGovernment, Person, World
from mixportal.editions.models import Edition, slug_for
from mixportal.summaries.models import ShareLink

REAL_DATA = Path(mixportal.editions.__file__).parent / "data"
EASTERN = ZoneInfo("America/New_York")
CONSENT = {
    "consented_at": datetime(2026, 11, 22, 9, tzinfo=EASTERN),
    "consent_version": NOTICE_VERSION,
}
OLD_CONSENT = {
    "consented_at": datetime(2024, 6, 3, 10, tzinfo=EASTERN),
    "consent_version": "2024-05-20",
}

VOTERS_SINCE = datetime(2024, 1, 8, 9, tzinfo=EASTERN)
CONTACT_INTERVAL = 3
INVITATIONS = (
    ("leader", "Odalys Brannigan", "odalys.brannigan", 2),
    ("delegate", "Tomasz Ekwueme", "tomasz.ekwueme", 5),
    ("leader", "Harriet Lindqvist", "harriet.lindqvist", 23),  # expired
)
ACCEPTED_AFTER = timedelta(hours=3)
SHARE_LINKS = (
    ("County commissioners, budget workshop", 6, 30, 1),
    ("Citizens’ technology board", 71, 30, 52),  # expired
)


def enter_real_governments_and_offices() -> None:
    with (REAL_DATA / "offices-2018.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    governments = {
        row["government"]: Government(
            name=row["government"],
            slug=slug_for(row["government"]),
            kind=row["kind"],
            state=row["state"],
        )
        for row in rows
    }
    Government.objects.bulk_create(governments.values())
    Office.objects.bulk_create(
        Office(
            person_name=row["person_name"],
            title_then=row["title_then"],
            government=governments[row["government"]],
            office=row["office"],
            from_year=row["from_year"] or None,
            to_year=row["to_year"] or None,
            note=row["note"],
        )
        for row in rows
    )


def government_of(row: InventedGovernment) -> Government:
    return Government(
        name=row.name,
        slug=row.slug,
        kind=row.kind,
        state=row.state,
        population=row.population,
        population_year=POPULATION_YEAR,
        form_of_government=row.form_of_government,
        it_structure=row.it_structure,
        it_staff=row.it_staff,
        annual_it_budget=row.annual_it_budget,
        website=row.website,
        seat=row.seat,
    )


def enter_governments_and_people(world: World) -> dict[str, Voter]:
    governments = [government_of(each) for each in world.governments]
    Government.objects.bulk_create(governments)
    voters = {}
    users = [_user(world.curator, is_staff=True, is_superuser=True), _user(world.former_member)]
    for invented, government in zip(world.governments, governments, strict=True):
        agreed = OLD_CONSENT if invented == world.government_b else CONSENT
        voting = [_user(invented.member, government=government, role=User.Role.MEMBER, **agreed)]
        if invented.delegate:
            voting.append(_user(invented.delegate, government=government, role=User.Role.DELEGATE, **agreed))
        if invented.leader:
            users.append(_user(invented.leader, government=government, role=User.Role.LEADER))
        users += voting
        voters[invented.slug] = Voter(government, voting)
    User.objects.bulk_create(users)
    set_voter_since(User.objects.all(), VOTERS_SINCE)
    return voters


def set_voter_since(people: models.QuerySet[User], since: datetime) -> None:
    with pgtrigger.ignore("members.User:keeps_voter_since"):
        people.update(voter_since=since, sees_since=since, let_in_by=None)


def _user(person: Person, **fields: Any) -> User:
    user = User(name=person.name, title=person.title, email=person.email, **fields)
    user.set_unusable_password()
    return user


def give_contacts(members: Iterable[User]) -> None:
    for number, member in enumerate(members):
        if number % CONTACT_INTERVAL == 0:
            member.phone = f"202-555-01{number:02}"
            member.shows_email = number % 2 == 0
            with pghistory.context(user=member.pk):
                member.save(update_fields=["phone", "shows_email"])


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


def enter_shares(world: World, edition: Edition, now: datetime) -> None:
    government = Government.objects.get(slug=world.government_a.slug)
    member = government.people.get(role="member")
    ShareLink.objects.bulk_create(
        ShareLink(
            government=government,
            edition=edition,
            token_sha256=hashlib.sha256(secrets.token_bytes()).hexdigest(),
            label=label,
            created_by=member,
            created_at=now - timedelta(days=made),
            expires_at=now - timedelta(days=made - good_for),
            last_used_at=now - timedelta(days=used),
        )
        for label, made, good_for, used in SHARE_LINKS
    )
