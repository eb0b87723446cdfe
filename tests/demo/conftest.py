import pytest
from django.db import connection, transaction

from mixportal.demo import loading


@pytest.fixture(scope="module")
def demonstration(django_db_setup, django_db_blocker):
    """The whole demonstration, loaded once for a module and rolled back at its end; each test rolls back its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        loading.load()
        connection.check_constraints()  # no deferred check may be left when a reset truncates the tables
        yield
        transaction.set_rollback(True)
