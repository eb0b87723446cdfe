"""An early or moved close during concurrent saves, two hundred times."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import transaction

from mixportal.ballots.models import Ballot
from mixportal.editions.models import AnnualList, Edition, Entry, Line, WindowClosedError, database_now
from tests.ballots.test_concurrency import together
from tests.worlds import rank

ROUNDS = 200


def drafted_editions() -> list[Edition]:
    """Return a drafted edition with a short list for each round, made with few statements."""
    with transaction.atomic():
        years = [year for year in range(1966, 2200) if year != 2030][:ROUNDS]
        editions = Edition.objects.bulk_create(Edition(year=year, mail_previewed_at=database_now()) for year in years)
        Entry.objects.bulk_create(
            Entry(
                annual_list=annual_list, line=Line.objects.create(kind=annual_list.kind),
                title=title, slug=title.lower(), description="d", position=position,
            )
            for annual_list in AnnualList.objects.filter(edition__in=editions)
            for position, title in enumerate(("Data", "Workforce"), start=1)
        )  # fmt: skip
    return list(Edition.objects.filter(year__in=years).order_by("year"))


@pytest.mark.django_db(transaction=True)
def test_two_hundred_closes_against_saves_lose_no_ballot_and_take_none_too_late(world, count):
    world.edition.close_now()
    editions = drafted_editions()
    barrier = threading.Barrier(2)
    saved: dict[int, bool] = {}

    def save() -> None:
        for edition in editions:
            barrier.wait(timeout=60)
            try:
                rank(edition, world.member_a, "Data", "Workforce")
                saved[edition.pk] = True
            except WindowClosedError:
                saved[edition.pk] = False
            barrier.wait(timeout=60)

    def close() -> None:
        for number, edition in enumerate(editions):
            edition.open_now(closes_at=database_now() + timedelta(days=1))
            barrier.wait(timeout=60)
            if number % 4 == 3:
                edition.move_close(edition.closes_at + timedelta(days=1), reason="A storm.")
            else:
                edition.close_now()
            barrier.wait(timeout=60)
            if number % 4 == 3:  # two editions are never open at once
                edition.close_now()

    together(save, close)
    ballots = {
        ballot.annual_list.edition_id: ballot for ballot in Ballot.objects.select_related("annual_list__edition")
    }
    wrongly_told = [key for key, was_saved in saved.items() if (key in ballots) != was_saved]
    too_late = [ballot for ballot in ballots.values() if ballot.updated_at >= ballot.edition.closes_at]
    count(
        "close race",
        rounds=len(saved),
        saved=sum(saved.values()),
        wrongly_told=len(wrongly_told),
        saved_too_late=len(too_late),
    )
    assert len(saved) == len(editions) == ROUNDS
    assert wrongly_told == [], "told “saved” exactly where it is stored"
    assert too_late == [], "none after the close"
    assert all(saved[edition.pk] for edition in editions[3::4]), "a moved close refuses nobody"
