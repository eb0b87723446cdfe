"""`make bench`: measure the budgets here and now, print a table, and fail where something is over its budget."""

import sys

from tests.benchmarks import bench_casting, bench_consensus, bench_hostile_input, bench_notes, bench_pages
from tests.benchmarks.result import print_table

if __name__ == "__main__":
    modules = (bench_consensus, bench_hostile_input, bench_pages, bench_notes, bench_casting)
    sys.exit(0 if print_table([result for module in modules for result in module.results()]) else 1)
