"""The command tally counts ballots from a file without the database."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from mixportal import consensus
from mixportal.results.disclosure import public_tally
from mixportal.results.splits import SPLITS

BALLOTS = "count,A,B,C\n3,1,2,\n2,2,1,3\n1,,1,1\n"


def tally(capsys, path, *options):
    call_command("tally", str(path), *options)
    return capsys.readouterr()


@pytest.fixture
def ballots(tmp_path):
    path = tmp_path / "ballots.csv"
    path.write_text(BALLOTS)
    return path


def test_the_json_has_the_keys_of_the_design_in_header_order(ballots, capsys):
    result = json.loads(tally(capsys, ballots, "--json").out)
    assert result["alternatives"] == ["A", "B", "C"]
    assert (result["ballots"], result["used"], result["abstentions"]) == (6, 6, 0)
    # A: 3 x 1, 2 x 2 and once 3; B: 3 x 2, 2 x 1 and once 1.5
    assert result["average_place"] == pytest.approx([10 / 6, 9.5 / 6, 16.5 / 6])
    assert result["borda_tiers"] == [["B"], ["A"], ["C"]]
    assert result["kemeny"]["score"] == 4
    assert {
        "support",
        "margin",
        "copeland_score",
        "condorcet_winner",
        "schulze_rank",
        "kendall_w",
        "mean_tau_b",
    } <= set(result)


def test_the_table_names_the_order_and_what_it_is_out_of(ballots, capsys):
    shown = tally(capsys, ballots).out
    assert "6 ballots" in shown
    assert shown.index(" B ") < shown.index(" A ") < shown.index(" C ")


def test_the_same_seed_gives_the_same_ranges(ballots, capsys):
    first = tally(capsys, ballots, "--json", "--seed", "7").out
    assert first == tally(capsys, ballots, "--json", "--seed", "7").out
    assert json.loads(first)["seed"] == 7


def test_the_table_names_its_seed_and_leads_to_that_of_a_published_list(ballots, capsys):
    for options, seed in (((), 1), (("--seed", "2026"), 2026)):
        shown = " ".join(tally(capsys, ballots, *options).out.split())
        assert f"(seed {seed};" in shown
        assert "foot of a published list's page names the seed" in shown


def test_results_json_is_counted_again_from_its_head_to_heads(ballots, capsys, tmp_path):
    whole = json.loads(tally(capsys, ballots, "--json").out)
    published = tmp_path / "results.json"
    published.write_text(json.dumps({key: whole[key] for key in ("alternatives", "used", "support", "average_place")}))
    again = json.loads(tally(capsys, published, "--json").out)
    assert again["average_place"] == pytest.approx(whole["average_place"])
    assert again["kemeny"] == whole["kemeny"]


def test_results_that_contradict_their_own_head_to_heads_are_pointed_out(ballots, capsys, tmp_path):
    whole = json.loads(tally(capsys, ballots, "--json").out)
    forged = tmp_path / "results.json"
    forged.write_text(json.dumps(whole | {"average_place": [1, 2, 3]}))
    assert "average_place" in tally(capsys, forged).err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("A,B\n1,0\n", "Line 2"),
        ("A,B\n1,x\n", "Line 2"),
        ("A,A\n1,2\n", "A"),
        ("A,B\n1,2,3\n", "Line 2"),
        ("1,2\n2,1\n", "header"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_line(text, said, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text(text)
    with pytest.raises(CommandError, match=said):
        call_command("tally", str(path))


def test_a_missing_file_and_one_of_fifty_megabytes_are_refused(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("tally", str(tmp_path / "none.csv"))
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(50_000_001)
    with pytest.raises(CommandError, match="50,000,000"):
        call_command("tally", str(large))


def test_twenty_thousand_ballots_are_counted_in_300_megabytes_without_a_database(tmp_path):
    path = tmp_path / "many.csv"
    row = ",".join(str(place) for place in range(1, 14))
    path.write_text(",".join("ABCDEFGHIJKLM") + "\n" + (row + "\n") * 20_000)
    script = (
        "import pathlib, runpy, sys; sys.argv = ['manage.py', 'tally', sys.argv[1], '--json'];"
        "runpy.run_path('manage.py', run_name='__main__');"
        "print(pathlib.Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0], file=sys.stderr)"
    )
    environment = {"PATH": "/usr/bin", "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "SECRET_KEY": "x" * 60}
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], env=environment, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout)["used"] == 20_000
    kilobytes = done.stderr.split()[-1]
    assert int(kilobytes) < 300 * 1024


# public files


@pytest.fixture
def public_file(tmp_path):
    """Return a function that writes the public file of some ballots, changed as asked."""

    def write(rows: list[list[int | None]], **changes) -> Path:
        profile = consensus.Profile.from_places("abcdefghij"[: len(rows[0])], rows)
        counted = consensus.count(profile, seed=1)
        facts = [dict.fromkeys([split.fact for split in SPLITS])] * len(profile.rows)
        public = public_tally(profile, counted, facts, seed=1, digest="")
        path = tmp_path / "results.json"
        path.write_text(json.dumps(public | changes))
        return path

    return write


DIVERSE = [[1, 2, 3, 4], [2, 3, 4, 1], [3, 4, 1, 2], [1, 4, 2, 3], [2, 1, 4, 3]] * 4
OF_SIX = [random.Random(number).sample(range(1, 7), 6) for number in range(40)]
LIKE = [[1, 2, 3, 4, 5], [1, 3, 2, 5, 4], [2, 1, 3, 4, 5], [1, 2, 4, 3, None], [2, 3, 1, 4, 5]] * 5


def test_a_public_file_in_which_nothing_is_withheld_is_recounted_whole(public_file, capsys):
    told = " ".join(tally(capsys, public_file(OF_SIX)).out.split())
    assert "the same winner, head-to-heads and order for 5 of 5 neighbors; 6 averages exactly;" in told
    assert "0 of 15 pair counts are withheld" in told


def test_of_a_public_file_the_recount_says_how_far_it_goes(public_file, capsys):
    path = public_file(LIKE)
    found = json.loads(tally(capsys, path, "--json").out)
    stated = json.loads(path.read_text())
    withheld = sum(row[:i].count(None) for i, row in enumerate(stated["support"]))
    assert found["pairs_withheld"] == withheld > 0
    counted = consensus.count(consensus.Profile.from_places("abcde", LIKE), seed=1)["average_place"]
    for low, average, high in zip(found["average_low"], counted, found["average_high"], strict=True):
        assert low - 1e-9 <= average <= high + 1e-9
    assert found["differs"] == []
    told = " ".join(tally(capsys, path).out.split())
    assert f"order for {found['neighbors_confirmed']} of 4 neighbors" in told
    assert f"{withheld} of 10 pair counts are withheld" in told


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"condorcet_winner": "d"}, "condorcet_winner"),
        ({"average_place": [1.0] * 6}, "average_place"),
        ({"order": [5, 4, 3, 2, 1, 0]}, "order"),
        ({"wins": [[0] * 6] * 6}, "wins"),
    ],
)
def test_a_public_file_that_contradicts_itself_is_pointed_out(public_file, capsys, changes, key):
    assert key in tally(capsys, public_file(OF_SIX, **changes)).err


def test_the_public_file_of_few_ballots_cannot_be_counted_again(public_file):
    with pytest.raises(CommandError, match="holds the order alone"):
        call_command("tally", str(public_file(DIVERSE[:5])))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"order": [0, 1, 2, 9]}, "order has 9, but the 4 alternatives are numbered from 0 to 3"),
        ({"bands": [[0, 1], [2, 4]]}, "bands has 4"),
        ({"place": [1, 2, 3, 5]}, "place has 5, but the places of 4 alternatives are from 1 to 4"),
        ({"interval_high": [1, 2, 3, 40]}, "interval_high has 40"),
        ({"support": [[0, None, 1, 1]] * 4}, "support of"),
        ({"wins": [[0, 1, 1, 1]] * 4}, "each beat the other"),
        ({"wins": []}, "wins must be a list of 4"),
    ],
)
def test_a_public_file_that_names_what_is_not_there_is_refused(public_file, changes, said):
    with pytest.raises(CommandError, match=said):
        call_command("tally", str(public_file(DIVERSE, **changes)))
