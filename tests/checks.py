"""The quick checks of `make check` that need Django: migrations are complete, and the deploy check is clean."""

import os
import secrets
import subprocess
import sys

from mixportal import database


def run(what: str, *arguments: str, **environment: str) -> bool:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], env={**os.environ, **environment}, capture_output=True, text=True
    )
    if done.returncode:
        print(f"{what} failed:\n{done.stdout}{done.stderr}")
    return done.returncode == 0


def main() -> int:
    url = os.environ.get("DATABASE_URL") or database.start(
        database.folder("test-pg"), options=database.TEST_OPTIONS, database="mixportal_tests"
    )
    production = {
        "PORTAL_MODE": "production",
        "DATABASE_URL": url,
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ALLOWED_HOSTS": "portal.example.org",
        "EMAIL_HOST": "mail.example.org",
        "DEFAULT_FROM_EMAIL": "MIX portal <portal@example.org>",
    }
    fine = [
        run("makemigrations --check", "makemigrations", "--check", "--dry-run", PORTAL_MODE="demo", DATABASE_URL=url),
        run("check --deploy", "check", "--deploy", "--fail-level", "WARNING", **production),
    ]
    return 0 if all(fine) else 1


if __name__ == "__main__":
    sys.exit(main())
