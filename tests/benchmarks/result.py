"""The lines of the benchmarks' table."""

from __future__ import annotations

from dataclasses import dataclass

MAX_QUERIES = 12  # of any page


@dataclass(frozen=True)
class Result:
    what: str
    measured: str
    budget: str = ""
    is_over_budget: bool = False

    @property
    def mark(self) -> str:
        return "OVER BUDGET" if self.is_over_budget else ""


def milliseconds(what: str, taken: float, budget: float | None = None) -> Result:
    if budget is None:
        return Result(what, _ms(taken))
    return Result(what, _ms(taken), f"<= {budget:g} ms", taken > budget)


def ratio(what: str, taken: float, constant: float, budget: float, queries: int | None = None) -> Result:
    """Set the milliseconds that something took against those of a constant task; a page's queries count too."""
    times = taken / constant
    measured, allowed = f"{_ms(taken)}, {times:.1f} x", f"<= {budget:g} x"
    if queries is None:
        return Result(what, measured, allowed, times > budget)
    measured, allowed = f"{measured}, queries: {queries}", f"{allowed}, queries: {MAX_QUERIES}"
    return Result(what, measured, allowed, times > budget or queries > MAX_QUERIES)


def _ms(taken: float) -> str:
    return f"{taken:,.0f} ms" if taken >= 100 else f"{taken:.3g} ms"


def print_table(results: list[Result]) -> bool:
    """Print the results and how many of them are over budget; return whether none is."""
    table = [(result.what, result.measured, result.budget, result.mark) for result in results]
    widths = [max(len(row[column]) for row in table) for column in range(4)]
    for row in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    over = sum(result.is_over_budget for result in results)
    with_budget = sum(bool(result.budget) for result in results)
    print(f"\n{over} of {with_budget} are over budget." if over else f"\nAll {with_budget} are within budget.")
    return over == 0
