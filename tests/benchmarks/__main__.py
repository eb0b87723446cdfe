"""`make bench`: the budgets of the design, measured here and now, as a table."""

import sys

from tests.benchmarks import bench_consensus, bench_notes, bench_pages


def main() -> int:
    table = [*bench_consensus.rows(), *bench_pages.rows(), *bench_notes.rows()]
    widths = [max(len(row[column]) for row in table) for column in range(3)]
    for row in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    return 0


if __name__ == "__main__":
    sys.exit(main())
