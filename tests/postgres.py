"""A pytest plugin, loaded before the settings are: gives the tests a Postgres of their own (`.data/test-pg`).

With DATABASE_URL set the tests use that server instead. The demonstration's server is never touched.
"""

import os

import pytest

from mixportal import database

os.environ.setdefault("PORTAL_MODE", "demo")
(database.data_dir() / "static").mkdir(parents=True, exist_ok=True)  # whitenoise warns of a missing folder


if not os.environ.get("DATABASE_URL"):
    try:
        os.environ["DATABASE_URL"] = database.start(
            database.folder("test-pg"), options=database.TEST_OPTIONS, database="mixportal_tests"
        )
    except database.UnusableDatabaseError as problem:
        pytest.exit(f"The tests' database cannot be used: {problem}", returncode=1)
