"""Freezes how the portal behaves: `python -m tests.golden record` keeps it, `check` compares it with what was kept."""

from __future__ import annotations

import argparse
import io
import json
import logging
import os
import re
import sys
import time
import warnings
from typing import TYPE_CHECKING

from tests.golden import clock

if TYPE_CHECKING:
    from tests.golden.recording import Recording


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.golden", description=__doc__)
    parser.add_argument("what", choices=("record", "check"))
    parser.add_argument("--only", default="", metavar="REGEX", help="the addresses and scripts that match")
    parser.add_argument("--browser", action="store_true", help="the texts of pages in Chromium as well")
    parser.add_argument("--ignore-spacing", action="store_true", help="differences of white space alone do not count")
    asked = parser.parse_args()
    began = time.monotonic()
    _start_django()
    from tests.golden.recording import Recording
    from tests.golden.report import compare, lines_of

    only, failed = re.compile(asked.only), False
    recorders = {"pages": _record_pages, "scripts": _record_scripts}
    if asked.browser:
        recorders["browser"] = _record_browser
    for name, record in recorders.items():
        found = Recording()
        problems = record(found, only)
        if asked.what == "record":
            (found.replacing(Recording.read(name), only) if asked.only else found).write(name)
            print(f"{name}: {len(found.cells):,} answers are recorded.")
        else:
            differences = compare(Recording.read(name), found, only, ignore_spacing=asked.ignore_spacing)
            problems += lines_of(differences)
            print(f"{name}: {len(found.cells):,} answers, {len(differences)} differences.")
        for problem in problems:
            print(problem)
            failed = True
    print(f"{time.monotonic() - began:.0f} s")
    return int(failed)


def _start_django() -> None:
    clock.stop()
    os.environ |= {
        "PORTAL_MODE": "demo",
        "DJANGO_SETTINGS_MODULE": "tests.golden.settings",
        "SECRET_KEY": "golden-" * 10,
        "PORT": "8000",
    }
    warnings.filterwarnings("ignore", "No directory at")  # nothing is collected
    from tests.golden import databases

    databases.start_server()
    import django

    django.setup()
    logging.disable(logging.WARNING)  # a refusal is what many requests are for


def _record_pages(recording: Recording, only: re.Pattern[str]) -> list[str]:
    """Record the answers to GET. Return what is wrong with the list of addresses."""
    from django.core.management import call_command

    from tests.golden import addresses, databases, gets

    paths: set[str] = set()
    template = databases.loaded_template()
    for world in (addresses.OPEN, addresses.CLOSED):
        with databases.copied(template):
            paths |= gets.record(recording, world, only)
    if only.pattern:
        return []
    routes = io.StringIO()
    call_command("routes", json=True, stdout=routes)
    missing = gets.uncovered(paths, json.loads(routes.getvalue()))
    return [f"No address of {name} is asked for: add one to addresses.py." for name in missing]


def _record_scripts(recording: Recording, only: re.Pattern[str]) -> list[str]:
    from tests.golden import databases, posts

    posts.record(recording, databases.loaded_template(), only)
    return []


def _record_browser(recording: Recording, only: re.Pattern[str]) -> list[str]:
    from tests.golden import browser, databases

    with databases.copied(databases.loaded_template()):
        browser.record(recording, only)
    return []


if __name__ == "__main__":
    sys.exit(main())
