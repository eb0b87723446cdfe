"""The statements on accessibility and security: what they claim is there, and their counts are right."""

from __future__ import annotations

import csv
import re
from collections import Counter

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class

from mixportal.pages.views.about import CRITERIA
from mixportal.summaries import plain_language
from tests.browser.test_looks import READ
from tests.reading import links, page, said, text, with_testid

SVG = "{http://www.w3.org/2000/svg}"
ACCESSIBILITY, SECURITY = "/about/accessibility/", "/about/security/"
OPERATORS_COMMANDS = set(
    "anonymise backup import_ballots import_governments import_list import_outside invite prune remind restore "
    "restore_access rotate_keys sendtestemail tally upgrade web_role worker".split()
)
PARTS = {"1. Perceivable": 20, "2. Operable": 20, "3. Understandable": 13, "4. Robust": 2}


def test_each_criterion_of_levels_a_and_aa_is_answered_once(db, client):
    criteria = list(csv.DictReader(CRITERIA.read_text(encoding="utf-8").splitlines()))
    assert Counter(row["principle"] for row in criteria) == PARTS
    assert Counter(row["level"] for row in criteria) == {"A": 31, "AA": 24}
    shown = page(client.get(ACCESSIBILITY))
    rows = [text(cell) for cell in shown.iter("th") if re.match(r"\d\.\d", text(cell))]
    assert rows == [f"{row['number']} {row['name']} ({row['level']})" for row in criteria]
    assert all(row["remark"].endswith((".", "”")) for row in criteria)


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


def test_each_control_names_tests_that_exist_and_their_last_result(db, client):
    controls = [each for each in page(client.get(SECURITY)).iter("section") if each.get("data-testid") == "control"]
    assert len(controls) >= 15
    for control in controls:
        results = [text(item) for item in control.iter("li")]
        assert results, text(control)
        for result in results:
            named = re.match(r"(tests/\S+\.py) : \d+ passed", result)
            assert named, result
            assert (settings.BASE_DIR / named[1]).is_file(), named[1]


def test_the_drawing_of_the_data_flow_has_each_line_in_words(db, client):
    shown = page(client.get(SECURITY))
    drawn = [text(number) for number in shown.iter(f"{SVG}tspan")]
    lines = list(with_testid(shown, "flow").iter("li"))
    assert drawn == [str(number) for number in range(1, len(lines) + 1)]


def test_the_security_page_says_where_to_report_a_weakness(db, client, settings):
    settings.SECURITY_CONTACT = "mailto:security@larimer.example"
    assert "mailto:security@larimer.example" in links(page(client.get(SECURITY)))


def test_the_commands_of_the_operating_page_exist_with_their_options(db, client):
    codes = [text(code).split() for code in page(client.get("/about/operating/")).iter("code")]
    commands = [code for code in codes if code[0] in get_commands()]
    assert {code[0] for code in commands} >= OPERATORS_COMMANDS
    for name, *arguments in commands:
        parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
        for option in (each for each in arguments if each.startswith("--")):
            assert option in parser._option_string_actions, (name, option)


@pytest.mark.parametrize("url", [ACCESSIBILITY, SECURITY])
def test_the_statements_are_in_plain_words(db, client, url):
    main = next(page(client.get(url)).iter("main"))
    words = "\n".join(text(element) for element in main.iter() if element.tag in ("p", "li", "td"))
    assert plain_language.long_sentences(words) == []
    assert (plain_language.grade(words) or 0) < 8
