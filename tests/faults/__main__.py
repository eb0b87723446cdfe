"""Plant each fault in a copy of the tree, run its tests, and print whether they noticed: python -m tests.faults

Words on the command line choose the faults whose names contain one of them; with --check the tests are not run, and
only those faults are named that no longer apply. Exits with 1 unless every fault is killed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from mixportal import database
from tests.faults.fault import Fault, NoLongerAppliesError
from tests.faults.planted import FAULTS

MAX_SECONDS = 300  # for the tests of one fault
PASSED, FAILED = 0, 1  # exit codes of pytest; all others mean that the tests did not run


def main() -> int:
    arguments = argparse.ArgumentParser(prog="python -m tests.faults")
    arguments.add_argument("words", nargs="*", help="choose the faults whose names contain one of these")
    arguments.add_argument("--check", action="store_true", help="only name the faults that no longer apply")
    asked = arguments.parse_args()
    chosen = [fault for fault in FAULTS if not asked.words or any(word in fault.name for word in asked.words)]
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        tree = Path(folder)
        copy_the_tree(tree)
        stale = check(chosen, tree)
        for name, problem in stale.items():
            print(f"{'no longer applies':17} {name}: {problem}", flush=True)
        if asked.check:
            return 1 if stale else 0
        applying = [fault for fault in chosen if fault.name not in stale]
        if failure := first_failure_without_faults(applying, tree):
            print(f"Without any fault the tests fail already:\n{failure}")
            return 1
        verdicts = Counter({"no longer applies": len(stale)})
        for fault in applying:
            verdict = judge(fault, tree)
            verdicts[verdict] += 1
            print(f"{verdict:17} {fault.name}", flush=True)
    print(", ".join(f"{count} {verdict}" for verdict, count in verdicts.items() if count))
    return 0 if verdicts["killed"] == len(chosen) else 1


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


def check(faults: Sequence[Fault], tree: Path) -> dict[str, str]:
    """Return by name what is wrong with the faults that no longer apply."""
    stale = {}
    for fault in faults:
        try:
            fault.place(tree)
            fault.node_ids(tree)
        except NoLongerAppliesError as problem:
            stale[fault.name] = str(problem)
    return stale


def first_failure_without_faults(faults: Sequence[Fault], tree: Path) -> str:
    """Run the tests of all faults on the tree as it is; return what pytest says where one fails, else nothing."""
    tests = sorted({test for fault in faults for test in fault.node_ids(tree)})
    code, said = run(tests, tree, {}, seconds=20 * MAX_SECONDS) if tests else (PASSED, "")
    return "" if code == PASSED else said


def judge(fault: Fault, tree: Path) -> str:
    with fault.planted(tree) as environment:
        code, _ = run(fault.node_ids(tree), tree, environment)
    return {PASSED: "survived", FAILED: "killed"}.get(code, "does not run")


def run(tests: Sequence[str], tree: Path, more: Mapping[str, str], seconds: int = MAX_SECONDS) -> tuple[int, str]:
    """Return the exit code of pytest and what it printed; a test that does not end has failed."""
    environment = {**os.environ, "DATA_DIR": str(database.data_dir()), "PYTHONDONTWRITEBYTECODE": "1", **more}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    try:
        done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        return FAILED, f"no end after {seconds} seconds"
    return done.returncode, done.stdout


if __name__ == "__main__":
    sys.exit(main())
