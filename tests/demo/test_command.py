"""`manage.py demo` on databases that it made, and on others."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from members.models import Government, User
from mixportal.demo.models import Marker

pytestmark = pytest.mark.django_db


def demo(capsys, **options) -> str:
    call_command("demo", **options)
    return capsys.readouterr().out


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


@pytest.mark.parametrize("seconds", [0, -1, 10**30])
def test_a_close_in_the_past_or_beyond_reason_is_refused(capsys, seconds):
    with pytest.raises(CommandError, match="seconds from 1 to"):
        demo(capsys, closes_in=seconds)


@pytest.mark.parametrize("seed", [-1, 10**30])
def test_a_seed_that_cannot_be_stored_is_refused(capsys, seed):
    with pytest.raises(CommandError, match="--seed is a number"):
        demo(capsys, seed=seed)
