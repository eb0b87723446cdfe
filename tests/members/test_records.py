"""A government takes its own records home."""

from __future__ import annotations

import csv
import io
import zipfile

from members import records
from tests.conftest import closed, rank

URL = "/governments/port-merrow-county/records.zip"


def opened(answer) -> dict[str, str]:
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == 'attachment; filename="port-merrow-county-records.zip"'
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    return {name: archive.read(name).decode() for name in archive.namelist()}


def rows(files: dict[str, str], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[name], newline="")))


def test_the_zip_holds_every_registered_part_and_says_what_each_is(world, sign_in):
    files = opened(sign_in(world.member_a).get(URL))
    assert {"README.txt", "government.csv", "people.csv", "ballots.csv", "history.csv"} <= set(files)
    assert len(files) == len(records.registered()) + 1
    for part in records.registered():
        assert f"{part.name}.csv: {part.title}" in files["README.txt"]
    assert files["README.txt"].startswith(
        "The records of Port Merrow County in the MIX portal\nDownloaded by Rosa Delgado"
    )
    assert [row["name"] for row in rows(files, "people.csv")] == ["Rosa Delgado", "Ines Marchetti", "Lee Park"]
    assert [row["slug"] for row in rows(files, "government.csv")] == ["port-merrow-county"]


def test_ballots_are_there_as_they_stand_and_as_they_count(world, sign_in):
    rank(world.edition, world.member_a, "Data", "Workforce")
    rank(world.edition, world.member_a, "Workforce", action="save")
    rank(world.edition, world.member_b, "Governance")
    found = rows(opened(sign_in(world.delegate_a).get(URL)), "ballots.csv")
    assert [(row["slug"], row["place"], row["place_that_counts"]) for row in found] == [
        ("data", "", "1"),
        ("workforce", "1", "2"),
    ]
    assert {(row["edition"], row["list"], row["cast_by"]) for row in found} == {("2030", "priorities", "Rosa Delgado")}


def test_a_curator_takes_no_sealed_placement_and_never_a_working_order(world, sign_in):
    rank(world.edition, world.member_a, "Data", "Workforce")
    rank(world.edition, world.member_a, "Workforce", action="save")
    files = opened(sign_in(world.curator).get(URL))
    assert rows(files, "ballots.csv") == []
    assert "cast place" not in files["history.csv"]
    closed(world.edition)
    found = rows(opened(sign_in(world.curator).get(URL)), "ballots.csv")
    assert [(row["slug"], row["place"], row["place_that_counts"]) for row in found] == [
        ("data", "", "1"),
        ("workforce", "", "2"),
    ]


def test_a_cell_that_a_spreadsheet_would_run_is_neutral_in_the_zip(world, sign_in):
    type(world.port).objects.filter(pk=world.port.pk).update(name="=1+1")
    assert rows(opened(sign_in(world.member_a).get(URL)), "government.csv")[0]["name"] == "'=1+1"
