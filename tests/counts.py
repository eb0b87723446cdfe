"""A pytest plugin: the last lines of a run say how often the large tests tried what they guard against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

COUNT = "count"


@pytest.fixture
def count(record_property) -> Callable[..., None]:
    """`count("seats race", writers=200, seated=2)`: a line at the end. Tests that count under one name are added up."""

    def counted(what: str, **numbers: int) -> None:
        record_property(COUNT, [what, {name.replace("_", " "): number for name, number in numbers.items()}])

    return counted


def pytest_terminal_summary(terminalreporter) -> None:
    counts: dict[str, Counter[str]] = {}
    for report in [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]:
        for name, value in getattr(report, "user_properties", ()):
            if name == COUNT and report.when == "call":
                what, numbers = value
                sums = counts.setdefault(what, Counter())
                for each, number in numbers.items():
                    sums[each] += number
    if counts:
        terminalreporter.section("counts")
    for what, sums in sorted(counts.items()):
        terminalreporter.line(f"{what}: {', '.join(f'{number:,} {each}' for each, number in sums.items())}")
