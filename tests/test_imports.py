"""Every import takes the same steps: it plans and writes nothing, then writes all or nothing of what was previewed."""

from __future__ import annotations

from functools import partial

import pytest

from members.government_import import GovernmentImport
from members.invitation_import import InvitationImport
from mixportal.ballots.paper_entry import PaperImport
from mixportal.editions.list_import import ListImport
from mixportal.editions.models import Kind
from mixportal.tables.imports import OutdatedPlanError
from mixportal.tables.reader import TableError
from mixportal.trends.outside_import import OutsideImport
from tests.members.test_seats_under_load import at_once
from tests.test_safe_requests import tables
from tests.worlds import PRIORITIES, slug_for

PAPER = "government," + ",".join(map(slug_for, PRIORITIES))
IMPORTS = {
    "governments": (GovernmentImport, "name,kind,state\nElm,city,AZ\n", "Oak,village,AZ\n"),
    "list": (lambda text: ListImport(2032, text), "kind,title,description\npriority,Data,Kept\n", "wish,Peace,\n"),
    "outside": (OutsideImport, "source,year,title,rank\nStates,2028,Data,1\n", "States,2028,Cloud,first\n"),
    "people": (
        None,
        "name,address,government\nAda,ada@h.example,halloran-county\n",
        "Ida,no address,halloran-county\n",
    ),
    "paper": (None, f"{PAPER}\nport-merrow-county,1,2,,,,,,\n", "halloran-county,99,,,,,,,\n"),
}


@pytest.fixture(params=IMPORTS)
def imports(request, world):
    """Return what makes an import of a text, a good text, and a row that is refused."""
    make, good, bad = IMPORTS[request.param]
    if request.param == "people":
        world.member_b.leave(reason="retired")
        make = partial(InvitationImport, by=world.curator)
    priorities = world.edition.list_of(Kind.PRIORITIES)
    return make or (lambda text: PaperImport(priorities, text, world.curator, reason="by phone")), good, bad


def test_a_plan_writes_nothing_and_is_what_is_applied(imports):
    make, good, _ = imports
    before = tables()
    previewed = make(good)
    previewed.plan()
    assert tables() == before
    applied = make(good).apply(reason="a test", previewed=previewed.digest)
    assert applied.counts == previewed.counts
    assert tables() != before


def test_a_file_with_one_wrong_row_is_refused_whole(imports):
    make, good, bad = imports
    before = tables()
    with pytest.raises(TableError, match="Line 3: "):
        make(good + bad).apply(reason="a test")
    assert tables() == before


def test_what_is_no_longer_as_previewed_is_not_written(imports):
    make, good, _ = imports
    previewed = make(good)
    previewed.plan()
    make(good).apply(reason="another person was first")
    before = tables()
    with pytest.raises(OutdatedPlanError):
        make(good).apply(reason="a test", previewed=previewed.digest)
    assert tables() == before


def test_a_repeat_changes_nothing(imports):
    make, good, _ = imports
    make(good).apply(reason="a test")
    before = tables()
    assert not make(good).apply(reason="a test").has_changes
    assert tables() == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["governments", "list", "outside"])
def test_of_imports_at_once_one_makes_what_is_new_and_the_others_find_it(world, name):
    make, good, _ = IMPORTS[name]

    def bring() -> bool:
        try:
            return make(good).apply(reason="a race").has_changes
        except TableError as refused:
            assert "Another person changed the same data in the meantime" in str(refused)
            return False

    assert sum(at_once([bring] * 6)) == 1
    after = make(good)
    after.plan()
    assert not after.has_changes
