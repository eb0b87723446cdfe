"""`manage.py demo` where the demonstration is loaded already."""

from datetime import timedelta

import pytest
from django.core.management import CommandError
from django.db import connection

from members.models import User
from mixportal.ballots.models import Ballot
from mixportal.demo.models import Marker, migrations_digest
from mixportal.editions.models import Edition, database_now
from tests.demo.test_command import demo

pytestmark = pytest.mark.usefixtures("demonstration_database", "db")


def orders():
    ballots = Ballot.objects.cast().with_placements()
    ballots = ballots.order_by("annual_list__edition__year", "annual_list__kind", "government__slug")
    return [(ballot.government.slug, ballot.counted) for ballot in ballots]


def test_loading_twice_changes_nothing_and_says_so(capsys):
    before = orders()

    assert "loaded already, with seed 1" in demo(capsys)
    assert orders() == before


def test_closes_in_moves_the_open_close(capsys, stop_database_clock):
    moment = database_now()
    stop_database_clock(moment)

    said = demo(capsys, closes_in=120)

    assert Edition.objects.get(year=2026).closes_at == moment + timedelta(seconds=120)
    assert "The ballots of 2026 close on" in said


def test_closes_in_after_the_close_is_refused(capsys):
    Edition.objects.get(year=2026).close_now()

    with pytest.raises(CommandError, match="have closed, for good"):
        demo(capsys, closes_in=120)


def test_another_seed_needs_a_reset(capsys):
    with pytest.raises(CommandError, match="Seed 2 needs --reset"):
        demo(capsys, seed=2)

    assert Marker.objects.get().seed == 1


def test_a_reset_makes_the_same_demonstration_anew_and_drops_what_was_done_in_it(capsys):
    before = orders()
    User.objects.create_user("guest@city.example", name="Guest")
    connection.check_constraints()

    demo(capsys, reset=True, closes_in=3600)

    assert orders() == before
    assert not User.objects.filter(name="Guest").exists()
    assert Edition.objects.get(year=2026).closes_at < database_now() + timedelta(hours=1)


@pytest.mark.slow
def test_a_reset_with_another_seed_draws_other_ballots(capsys):
    before = orders()

    demo(capsys, reset=True, seed=2)

    assert orders() != before
    assert Marker.objects.get().seed == 2


def test_a_demonstration_of_another_version_is_made_anew_and_the_command_says_so(capsys):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE demo_marker DROP COLUMN migrations")
        cursor.execute("DROP TABLE notes_endorsement CASCADE; CREATE TABLE of_an_older_version (id int)")

    assert "of another version of the portal" in demo(capsys)

    assert Marker.objects.get().migrations == migrations_digest()
    assert "of_an_older_version" not in connection.introspection.table_names()
    assert "notes_endorsement" in connection.introspection.table_names()
    assert Ballot.objects.cast().exists()
