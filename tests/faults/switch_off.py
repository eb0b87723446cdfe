"""A pytest plugin: switches off the triggers that SWITCHED_OFF names, in the database of the tests."""

from __future__ import annotations

import os

import pytest
from django.db import connection

TRIGGERS = """
    SELECT format('ALTER TABLE %%s DISABLE TRIGGER %%I', tgrelid::regclass, tgname) FROM pg_trigger
        WHERE tgname LIKE %s AND tgrelid::regclass::text LIKE %s
"""


@pytest.fixture(scope="session", autouse=True)
def _switched_off(django_db_setup, django_db_blocker) -> None:
    trigger, table = os.environ["SWITCHED_OFF"].split(" on ")
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(TRIGGERS, [f"pgtrigger_{trigger}_%", table])
        statements = [statement for (statement,) in cursor.fetchall()]
        if not statements:
            pytest.exit(f"There is no trigger {trigger} on {table}.", returncode=4)
        for statement in statements:
            cursor.execute(statement)
