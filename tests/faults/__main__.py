"""Plant each fault in a copy of the tree, run its tests, and print whether they noticed: python -m tests.faults

Words on the command line choose the faults whose names contain one of them. Exits with 1 unless every fault is killed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from mixportal import database
from tests.faults.fault import Fault, NoLongerAppliesError
from tests.faults.planted import FAULTS

MAX_SECONDS = 300  # for the tests of one fault
PASSED, FAILED = 0, 1  # exit codes of pytest; all others mean that the tests did not run


def main(words: list[str]) -> int:
    chosen = [fault for fault in FAULTS if not words or any(word in fault.name for word in words)]
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        tree = Path(folder)
        copy_the_tree(tree)
        environment = test_environment()
        if failure := first_failure_without_faults(chosen, tree, environment):
            print(f"Without any fault the tests fail already:\n{failure}")
            return 1
        verdicts: Counter[str] = Counter()
        for fault in chosen:
            verdict, detail = judge(fault, tree, environment)
            verdicts[verdict] += 1
            print(f"{verdict:16} {fault.name}" + (f"\n{'':17}{detail}" if detail else ""), flush=True)
    print(", ".join(f"{count} {verdict}" for verdict, count in verdicts.items()))
    return 0 if verdicts["killed"] == len(chosen) else 1


def first_failure_without_faults(faults: list[Fault], tree: Path, environment: dict[str, str]) -> str:
    """Run the tests of all faults on the tree as it is; return what pytest says where one fails, else nothing."""
    tests = set()
    for fault in faults:
        with contextlib.suppress(NoLongerAppliesError):
            tests.update(fault.node_ids(tree))
    code, said = run(sorted(tests), tree, environment, 10 * MAX_SECONDS) if tests else (PASSED, "")
    return "" if code == PASSED else said


def judge(fault: Fault, tree: Path, environment: dict[str, str]) -> tuple[str, str]:
    """Return the verdict, and what there is to say about it."""
    try:
        tests = fault.node_ids(tree)
        changed, text = fault.plant(tree)
    except NoLongerAppliesError as problem:
        return "no longer applies", str(problem)
    try:
        code, _ = run(tests, tree, environment)
    finally:
        changed.write_text(text)
    if code == PASSED:
        return "survived", f"{changed.relative_to(tree)}, {' '.join(tests)}"
    return ("killed", "") if code == FAILED else ("does not run", str(changed.relative_to(tree)))


def copy_the_tree(to: Path) -> None:
    """Copy the files that git knows or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if Path(name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(name, to / name)


def test_environment() -> dict[str, str]:
    """Return the environment of the tests: the tests' own server, and a database beside theirs."""
    url = os.environ.get("DATABASE_URL") or database.start(
        database.folder("test-pg"), options=database.TEST_OPTIONS, database="mixportal_faults"
    )
    return {**os.environ, "DATABASE_URL": url, "DATA_DIR": str(database.data_dir()), "PYTHONDONTWRITEBYTECODE": "1"}


def run(tests: list[str], tree: Path, environment: dict[str, str], seconds: int = MAX_SECONDS) -> tuple[int, str]:
    """Return the exit code of pytest and what it printed; a test that does not end has failed."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "--reuse-db", "-p", "no:cacheprovider", *tests]
    try:
        done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        return FAILED, f"no end after {seconds} seconds"
    return done.returncode, done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
