"""Reading published results."""

import json

import pytest

from mixportal.consensus import count
from mixportal.consensus.count import differing_keys, recount
from mixportal.consensus.reading import ResultsFileError, open_results
from tests.consensus.examples import no_consensus


def test_results_are_counted_again_from_head_to_heads_and_agree_with_the_ballots():
    published = count(no_consensus(40, 9, ranked=5), seed=1)
    results = open_results(json.dumps(published))
    again = recount(results)
    for key in again:
        assert again[key] == published[key], key
    assert {"average_place", "margin", "copeland_score", "schulze_rank", "kemeny", "place"} <= again.keys()
    assert "top3" not in again
    assert "kendall_w" not in again
    assert differing_keys(results, again) == []


def test_a_recount_names_the_figures_that_a_file_has_wrong():
    published = count(no_consensus(40, 5), seed=1)
    published["average_place"][2] += 0.001
    published["kemeny"]["score"] += 1
    results = open_results(json.dumps(published))
    assert differing_keys(results, recount(results)) == ["average_place", "kemeny"]


def test_results_without_ballots_are_counted_without_error():
    results = open_results('{"alternatives": ["a", "b"], "used": 0, "support": [[0, 0], [0, 0]]}')
    assert recount(results)["average_place"] == [None, None]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "more than results need"),
        ('{"used": ' + "9" * 5000 + "}", "more than results need"),
        ("[1]", "need the keys"),
        ('{"used": 1, "support": []}', "need the keys"),
        ('{"alternatives": "ab", "used": 1, "support": []}', "list of names"),
        ('{"alternatives": [], "used": 1, "support": []}', "no alternatives"),
        ('{"alternatives": ["a", "a"], "used": 1, "support": []}', "named twice"),
        ('{"alternatives": ["a", "b"], "used": -1, "support": []}', "used must be"),
        ('{"alternatives": ["a", "b"], "used": true, "support": []}', "used must be"),
        ('{"alternatives": ["a", "b"], "used": 1, "support": [[0, 1]]}', "list of 2"),
        ('{"alternatives": ["a", "b"], "used": 1, "support": [[0, 1], [0]]}', "2 rows of 2"),
        ('{"alternatives": ["a", "b"], "used": 1, "support": [[0, 0.5], [0, 0]]}', "whole numbers"),
        ('{"alternatives": ["a", "b"], "used": 1, "support": [[0, NaN], [0, 0]]}', "whole numbers"),
        ('{"alternatives": ["a", "b"], "used": 1, "support": [[1, 0], [0, 0]]}', "to itself"),
        ('{"alternatives": ["a", "b"], "used": 1, "support": [[0, 1], [1, 0]]}', "more than 1 ballots"),
    ],
)
def test_results_that_cannot_be_true_are_refused(text, reason):
    with pytest.raises(ResultsFileError) as refused:
        recount(open_results(text))
    assert reason in str(refused.value)
