from __future__ import annotations

from datetime import timedelta

from members.models import User
from mixportal.editions.models import Edition, Entry, Erratum

CORRECTED = "Emergency Communications"
REASON = "The description left out schools, which the members meant from the beginning."
ADDED = " Schools are meant as well."
ERRATUM = (
    "Conference",
    "The printed handout names a hotel. The conference is held in the municipal auditorium of Hartwell Springs.",
)


def add_correction(edition: Edition) -> None:
    entry = Entry.objects.with_list().get(annual_list__edition=edition, title=CORRECTED)
    entry.correct(reason=REASON, description=entry.description.rstrip() + ADDED)


def add_erratum(edition: Edition, curator: User) -> None:
    assert edition.published_at
    about, body = ERRATUM
    Erratum.objects.create(
        edition=edition, about=about, body=body, added_by=curator, added_at=edition.published_at + timedelta(days=7)
    )
