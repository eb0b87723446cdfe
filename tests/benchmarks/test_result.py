import pytest

from tests.benchmarks.result import Result, milliseconds, print_table, ratio


@pytest.mark.parametrize(
    ("result", "is_over"),
    [
        (milliseconds("tally", 3.0, 3), False),
        (milliseconds("tally", 3.1, 3), True),
        (milliseconds("anything", 10_000), False),
        (ratio("list", 10, 2, 5), False),
        (ratio("list", 10.1, 2, 5), True),
        (ratio("list", 10, 2, 5, queries=12), False),
        (ratio("list", 10, 2, 5, queries=13), True),
    ],
)
def test_what_is_over_its_budget_is_marked(result, is_over, capsys):
    assert result.is_over_budget is is_over
    assert print_table([result, Result("no budget", "1 ms")]) is not is_over
    assert ("OVER BUDGET" in capsys.readouterr().out) is is_over
