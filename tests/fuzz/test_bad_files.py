"""Files that are not what a command reads: each is refused in a sentence, and nothing of it is stored."""

from __future__ import annotations

import io
import json
import os
import random
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from mixportal import consensus
from mixportal.results.ballot_table import read_ballots
from mixportal.results.management.commands.tally import _as_json
from tests.fuzz.values import FILES, VALUES
from tests.test_safe_requests import tables

DRAWN = 60  # spoiled tables for each command

TABLES = {
    "import_governments": "slug,name,kind,state,population,population_year,form_of_government,it_structure,it_staff,"
    "annual_it_budget,website,seat\nelm,Elm,city,AZ,1000,2025,mayor_council,federated,12.5,48000000,https://elm.example,9\n",
    "import_list": "kind,title,description\npriority,Data,What it means\nchallenge,Talent,Who does it\n",
    "import_outside": "source,short_name,year,list,url,how_made,license,rank,percent,title,certainty,disputed,note,priorities,challenges\n"
    "State CIOs,state CIOs’,2030,,https://states.example,Asked,CC0,1,,Security,stated,no,,2030/cybersecurity (unsure),\n",
    "import_ballots": "government,cybersecurity,workforce,data,governance,social-media,technology-infrastructure,emergency-communications,"
    "citizen-engagement\nport-merrow-county,1,2,3,4,5,6,7,\n",
    "tally": "count,A,B,C\n3,1,2,\n2,2,1,3\n1,,1,1\n",
}
COMMANDS = {name: (name,) for name in TABLES} | {
    "import_list": ("import_list", "2032"),
    "import_ballots": ("import_ballots", "2030", "priorities", "--by", "curator@mix.example"),
}


def run(command: str, path: object) -> bool:
    """Whether the file was taken. Whatever else than a refusal goes wrong is an error of ours; nothing stays stored."""
    name, *arguments = COMMANDS[command]
    try:
        with transaction.atomic():
            call_command(name, *arguments, str(path), stdout=io.StringIO(), stderr=io.StringIO())
            connection.check_constraints()
            transaction.set_rollback(True)
    except CommandError as refused:
        assert str(refused)
        return False
    return True


def spoiled(table: str, draw: random.Random) -> bytes:
    lines = [line.split(",") for line in table.splitlines()]
    for _ in range(draw.choice((1, 1, 2, 4))):
        cells = draw.choice(lines)
        cells[draw.randrange(len(cells))] = draw.choice(VALUES).decode("utf-8", "surrogateescape")
    return "\n".join(",".join(cells) for cells in lines).encode("utf-8", "surrogateescape")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_that_is_no_table_is_refused_in_a_sentence(world, tmp_path, command, count):
    before = tables()
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    taken = [name for name in FILES if run(command, tmp_path / name)]
    for odd in (
        tmp_path,
        tmp_path / "none.csv",
        tmp_path / "empty.csv" / "x",
        "/dev/null",
        "/proc/self/mem",
        "x" * 5000,
    ):
        assert not run(command, odd)
    count("bad files", files=len(FILES) + 6, taken=len(taken))
    assert len(taken) < len(FILES) / 2
    assert tables() == before


@pytest.mark.parametrize("command", COMMANDS)
def test_a_table_with_spoiled_cells_is_taken_or_refused_in_a_sentence(world, tmp_path, command, count):
    draw, path, taken = random.Random(1), tmp_path / "table.csv", 0
    path.write_text(TABLES[command])
    assert run(command, path)
    for _ in range(DRAWN):
        path.write_bytes(spoiled(TABLES[command], draw))
        taken += run(command, path)
    count("bad files", files=DRAWN, taken=taken)
    assert taken < DRAWN


def test_a_results_file_with_spoiled_figures_is_counted_again_or_refused(db, tmp_path, count):
    path, draw = tmp_path / "results.json", random.Random(1)
    profile = read_ballots(TABLES["tally"])
    published = json.loads(_as_json(consensus.count(profile, seed=1)))
    odd = [None, True, -1, 10**30, 1.5, float("nan"), float("inf"), "", "x", "\x00", [], {}, [[]], {"a": 1}, [None] * 3]
    path.write_text(json.dumps(published))
    assert run("tally", path)
    taken = 0
    for key in [*published, "none"]:
        for _ in range(4):
            held = json.loads(json.dumps(published))
            held[key] = draw.choice(odd)
            if isinstance(published.get(key), list) and published[key] and draw.random() < 0.6:
                held[key] = [draw.choice(odd), *published[key][1:]]
            path.write_text(json.dumps(held))
            taken += run("tally", path)
    count("bad files", files=4 * len(published) + 4, taken=taken)


@pytest.mark.parametrize("command", ["import_governments", "import_list", "import_outside", "import_ballots"])
def test_a_file_whose_name_is_not_utf_8_is_imported(world, tmp_path, command):
    path = Path(os.fsdecode(os.fsencode(tmp_path / "donn") + b"\xe9es.csv"))
    path.write_text(TABLES[command])
    assert run(command, path)
