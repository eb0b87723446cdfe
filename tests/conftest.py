"""The small named world that the tests share: two governments with their people, a curator, and a year to rank."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from challenges.models import Challenge
from members.models import Government, User
from mixportal.editions.models import Edition, database_now, slug_for
from priorities.models import Priority

PRIORITIES = (
    "Cybersecurity", "Workforce", "Data", "Governance", "Social Media",
    "Technology Infrastructure", "Emergency Communications", "Citizen Engagement",
)  # fmt: skip
CHALLENGES = ("Shadow IT", "IT Governance", "Expanding Portfolios")


@pytest.fixture(autouse=True)
def _plain_static_files(settings):
    """Hashed names need collectstatic; one test of the stylesheet runs that by itself."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def make_government(name: str, seat: int | None, **facts) -> Government:
    facts = {"kind": "city", "state": "AZ", "population": 300_000, "population_year": 2025} | facts
    return Government.objects.create(name=name, slug=slug_for(name), seat=seat, **facts)


def make_edition(year: int, **facts) -> Edition:
    """An edition in drafting with both lists."""
    edition = Edition.objects.create(year=year, **facts)
    for model, titles in ((Priority, PRIORITIES), (Challenge, CHALLENGES)):
        model.objects.bulk_create(
            model(
                edition=edition,
                title=title,
                slug=slug_for(title),
                description=f"What {title} means to a CIO.",
                in_plain_words=f"{title} in plain words. And more.",
                position=position,
            )
            for position, title in enumerate(titles, start=1)
        )
    return edition


def open_edition(edition: Edition, **left) -> Edition:
    edition.open_now(closes_at=database_now() + timedelta(**(left or {"days": 9})))
    return Edition.objects.get(pk=edition.pk)


@pytest.fixture
def world(db):
    """Port Merrow (member, delegate, leader), Halloran (member), a curator, a former member; 2030 is open."""
    port = make_government("Port Merrow County", 1, kind="county", state="NC")
    halloran = make_government("Halloran County", 2, kind="county", state="OH")
    people = {
        "member_a": User.objects.create_user("rosa@port.example", name="Rosa Delgado", role="member", government=port),
        "delegate_a": User.objects.create_user(
            "ines@port.example", name="Ines Marchetti", role="delegate", government=port
        ),
        "leader_a": User.objects.create_user("mayor@port.example", name="Lee Park", role="leader", government=port),
        "member_b": User.objects.create_user(
            "ben@halloran.example", name="Ben Nakamura", role="member", government=halloran
        ),
        "former": User.objects.create_user("old@port.example", name="Old Hand"),
        "curator": User.objects.create_superuser("curator@mix.example", name="Cora Curator"),
        "bare_staff": User.objects.create_user("staff@mix.example", name="Bare Staff", is_staff=True),
        "gone_curator": User.objects.create_superuser("gone@mix.example", name="Gone Curator", is_active=False),
    }
    edition = open_edition(make_edition(2030))
    return SimpleNamespace(port=port, halloran=halloran, edition=edition, **people)


@pytest.fixture
def sign_in():
    """A client signed in as somebody; None is a visitor."""

    def signed_in(user: User | None, **options) -> Client:
        client = Client(**options)
        if user is not None and user.is_active:
            client.force_login(user)
        return client

    return signed_in
