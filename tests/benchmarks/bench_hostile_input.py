"""Input that is as large or as awkward as the portal takes: no file and no text keeps it busy."""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from mixportal.consensus import count
from mixportal.consensus.kemeny import kemeny
from mixportal.editions.list_text import read_list
from mixportal.notes.markdown import to_html
from mixportal.tables.reader import TableError
from tests.benchmarks.result import Result, milliseconds
from tests.consensus.examples import no_consensus

LINE_BYTES = 990_000
LINE_UNITS = ("a", "a – ", "*", "*a", "_a", " ", "a\u0301\u0323", "(", "-", "a.", '"', "a:")
NOTE_LENGTH = 4_000
NOTE_UNITS = ("[", ">", "*a_", "`", "![", "- ", "<", "(a](", "|")


def results() -> list[Result]:
    pasted = [f"Priorities\n• {unit * (LINE_BYTES // len(unit))}" for unit in LINE_UNITS]
    csv = [f"kind,title,description\npriority,a,{unit * (LINE_BYTES // len(unit))}" for unit in LINE_UNITS]
    notes = [unit * (NOTE_LENGTH // len(unit)) for unit in NOTE_UNITS]
    circle = no_consensus(64, 40)
    return [
        milliseconds("pasted list, a line of a megabyte: the slowest of 12", _slowest(_refused, pasted), 1000),
        milliseconds("list as CSV, a line of a megabyte: the slowest of 12", _slowest(_refused, csv), 1000),
        milliseconds("Markdown of 4,000 characters: the slowest of 9", _slowest(to_html, notes), 1000),
        milliseconds("count of 40 items in one circle", _ms(lambda: count(circle, seed=1)), 1000),
        milliseconds("Kemeny of 20 items, nearly all subsets", _ms(_kemeny_of_twenty), 10_000),
        milliseconds("tally command, 20,000 ballots, its start included", _tally_command(), 2500),
    ]


def _ms(task: Callable[[], object]) -> float:
    began = time.perf_counter()
    task()
    return 1000 * (time.perf_counter() - began)


def _slowest(task: Callable[[str], object], texts: list[str]) -> float:
    return max(_ms(lambda text=text: task(text)) for text in texts)


def _refused(text: str) -> None:
    with contextlib.suppress(TableError):
        read_list(text)


def _kemeny_of_twenty() -> None:
    """A circle of three, and 17 items that only one of them beats."""
    margin = np.zeros((20, 20), np.int64)
    margin[0, 1] = margin[1, 2] = margin[2, 0] = 1
    margin[0, 3:] = 1
    kemeny(margin, np.arange(20))


def _tally_command() -> float:
    """Processor time of the whole process."""
    row = ",".join(str(place) for place in range(1, 14))
    environment = {**os.environ, "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "SECRET_KEY": "x" * 60}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "many.csv")
        file.write_text("A,B,C,D,E,F,G,H,I,J,K,L,M\n" + f"{row}\n" * 20_000)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, "manage.py", "tally", str(file), "--json"],
            env=environment,
            capture_output=True,
            check=True,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
