"""`manage.py demo`: works in a database of its own making, and in no other."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from members.models import Government, User
from mixportal.demo.models import Marker
from mixportal.editions.models import Edition, database_now
from priorities.models import PriorityBallot

pytestmark = pytest.mark.django_db


def demo(capsys, **options) -> str:
    call_command("demo", **options)
    return capsys.readouterr().out


@pytest.fixture
def loaded(demonstration):
    """As if the command had loaded it."""


def orders():
    ballots = PriorityBallot.objects.cast().with_placements().order_by("edition__year", "government__slug")
    return [(ballot.government.slug, ballot.counted) for ballot in ballots]


def test_an_empty_database_is_loaded_and_marked(capsys):
    assert "loaded, with seed 1" in demo(capsys)

    assert Marker.objects.get().seed == 1
    assert Government.objects.seated().count() == 64


def test_a_database_with_somebodys_work_in_it_is_refused_and_left_alone(capsys):
    User.objects.create_user("curator@city.example", name="Somebody")

    for options in ({}, {"reset": True}, {"closes_in": 60}):
        with pytest.raises(CommandError, match="no demonstration: it holds users"):
            demo(capsys, **options)

    assert User.objects.get().name == "Somebody"
    assert not Government.objects.exists()


def test_a_database_of_another_program_is_refused(capsys):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE payroll (id int)")

    with pytest.raises(CommandError, match="it holds payroll"):
        demo(capsys, reset=True)


@pytest.mark.usefixtures("loaded")
class TestLoaded:
    def test_loading_twice_changes_nothing_and_says_so(self, capsys):
        before = orders()

        assert "loaded already, with seed 1" in demo(capsys)
        assert orders() == before

    def test_closes_in_moves_the_open_close(self, capsys):
        said = demo(capsys, closes_in=120)

        left = Edition.objects.get(year=2026).closes_at - database_now()
        assert timedelta(seconds=110) < left <= timedelta(seconds=120)
        assert "The ballots of 2026 close on" in said

    def test_closes_in_after_the_close_is_refused(self, capsys):
        Edition.objects.get(year=2026).close_now()

        with pytest.raises(CommandError, match="have closed, for good"):
            demo(capsys, closes_in=120)

    def test_another_seed_needs_a_reset(self, capsys):
        with pytest.raises(CommandError, match="Seed 2 needs --reset"):
            demo(capsys, seed=2)

        assert Marker.objects.get().seed == 1

    def test_a_reset_makes_the_same_demonstration_anew_and_drops_what_was_done_in_it(self, capsys):
        before = orders()
        User.objects.create_user("guest@city.example", name="Guest")
        connection.check_constraints()

        demo(capsys, reset=True, closes_in=3600)

        assert orders() == before
        assert not User.objects.filter(name="Guest").exists()
        assert Edition.objects.get(year=2026).closes_at < database_now() + timedelta(hours=1)

    def test_a_reset_with_another_seed_draws_other_ballots(self, capsys):
        before = orders()

        demo(capsys, reset=True, seed=2)

        assert orders() != before
        assert Marker.objects.get().seed == 2


@pytest.mark.parametrize("seconds", [0, -1, 10**30])
def test_a_close_in_the_past_or_beyond_reason_is_refused(capsys, seconds):
    with pytest.raises(CommandError, match="seconds from 1 to"):
        demo(capsys, closes_in=seconds)


@pytest.mark.parametrize("seed", [-1, 10**30])
def test_a_seed_that_cannot_be_stored_is_refused(capsys, seed):
    with pytest.raises(CommandError, match="--seed is a number"):
        demo(capsys, seed=seed)
