"""Pages of a small network: closed and published years that few ranked, and a portal with nothing in it."""

from __future__ import annotations

import pytest

from tests.browser.test_pages import faults_of

pytestmark = pytest.mark.django_db(transaction=True)

CLOSED = ["2029/", "2029/summary/", "2029/priorities/"]


@pytest.mark.parametrize("who", ["member_a", "leader_a"])
def test_a_year_that_is_closed_and_not_published(phases, enter, session_of, who):
    assert faults_of(enter(session_of(getattr(phases, who))), *CLOSED) == {}


def test_a_published_year_that_two_ranked(phases, enter):
    assert faults_of(enter(), "2028/", "2028/summary/", "2028/priorities/data/") == {}


def test_a_portal_with_nothing_in_it(transactional_db, enter):
    assert faults_of(enter(), "", "governments/", "about/") == {}
