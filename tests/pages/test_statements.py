"""The statements on accessibility and security: what they claim is there, and their counts are right."""

from __future__ import annotations

import re
from collections import Counter

from mixportal.pages.wcag import PRINCIPLES
from tests.browser.test_looks import READ
from tests.reading import page, said, text

ACCESSIBILITY = "/about/accessibility/"
PARTS = {"1. Perceivable": 20, "2. Operable": 20, "3. Understandable": 13, "4. Robust": 2}


def test_each_criterion_of_levels_a_and_aa_is_answered_once(db, client):
    criteria = [criterion for principle in PRINCIPLES for criterion in principle.criteria]
    assert {principle.name: len(principle.criteria) for principle in PRINCIPLES} == PARTS
    assert Counter(criterion.level for criterion in criteria) == {"A": 31, "AA": 24}
    shown = page(client.get(ACCESSIBILITY))
    rows = [text(cell) for cell in shown.iter("th") if re.match(r"\d\.\d", text(cell))]
    assert rows == [f"{each.number} {each.name} ({each.level})" for each in criteria]
    assert all(criterion.remark.endswith((".", "”")) for criterion in criteria)


def test_the_counts_of_support_add_up(db, client):
    words = said(client.get(ACCESSIBILITY), "counts")
    assert sum(map(int, re.findall(r"\d+", words))) == sum(PARTS.values())


def test_the_statement_says_whom_to_write_to(db, client, settings):
    settings.RESPONSIBLE_BODY, settings.CONTACT = "Larimer Crossing", "mailto:access@larimer.example"
    words = said(client.get(ACCESSIBILITY), "responsible")
    assert "Larimer Crossing" in words
    assert "access@larimer.example" in words
    assert ACCESSIBILITY in client.get("/").content.decode()


def test_the_statement_says_how_many_pages_are_read_in_large_type(db, client):
    assert f"{sum(map(len, READ.values()))} pages are read" in text(page(client.get(ACCESSIBILITY)))
