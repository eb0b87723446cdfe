"""Safe HTML from Markdown."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from mixportal.notes.markdown import clean_body, mentioned_slugs, plain_text, to_html
from tests.growth import steps

NAMES = (("halloran-county", "Halloran <County>"),)


def test_what_markdown_offers_comes_out():
    html = to_html("**bold** *em* `code`\n\n- one\n- two\n\n> said\n\n| a | b |\n| - | - |\n| 1 | 2 |")
    for piece in (
        "<strong>bold</strong>",
        "<em>em</em>",
        "<code>code</code>",
        "<li>one</li>",
        "<blockquote>",
        "<td>1</td>",
    ):
        assert piece in html


def test_headings_stand_below_the_pages_own_and_skip_no_level():
    assert to_html("# One\n\n## Two\n\n# Three") == "<h3>One</h3>\n<h4>Two</h4>\n<h3>Three</h3>\n"
    assert to_html("###### Deep\n\ntext\n\n###### Deeper").count("<h3>") == 1


def test_links_carry_no_trust_and_no_scheme_but_three():
    assert to_html("[x](https://a.example)") == ('<p><a href="https://a.example" rel="nofollow noopener">x</a></p>\n')
    for bad in (
        "javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "JaVaScRiPt:x",
        "&#106;avascript:x",
        "file:///x",
    ):
        html = to_html(f"[x]({bad}) <{bad}>")
        assert "href" not in html, bad


def test_a_link_that_the_markdown_parser_lets_through_still_runs_no_script(monkeypatch):
    monkeypatch.setattr(MarkdownIt, "validateLink", lambda self, url: True)
    for bad in ("javascript:alert(1)", "data:text/html,x", "vbscript:x"):
        html = to_html(f"[nothing checked]({bad})")
        assert "nothing checked</a>" in html
        assert "href" not in html, bad


def test_images_and_raw_html_are_text():
    html = to_html(
        "![x](https://t.example/p.gif) <img src=x> <div hx-get=/admin/ id=a class=b style=c data-x=1>y</div>"
    )
    assert "<img" not in html
    assert "<div" not in html
    assert "&lt;div hx-get" in html


def test_a_government_is_linked_by_its_at_and_only_a_known_one():
    html = to_html("Ask @halloran-county, not @nobody, mail me@halloran-county or `@halloran-county`.", NAMES)
    assert html.count("/governments/halloran-county/") == 1
    assert "Halloran &lt;County&gt;" in html
    assert "@nobody" in html
    assert "<code>@halloran-county</code>" in html
    assert to_html("[@halloran-county](https://x.example)", NAMES).count("<a ") == 1
    assert mentioned_slugs("@a-b, (@c) x@d @e/ @f.") == {"a-b", "c", "e", "f"}


def test_control_characters_and_turned_writing_are_taken_out():
    assert clean_body(" a\x00\x02\x03\u202eb\r\nc\rd ") == "ab\nc\nd"


def test_plain_text_is_the_words_alone():
    assert plain_text("# A\n\n**b** & <c> [d](https://x.example)") == "A b & <c> d"


@pytest.mark.parametrize("unit", ["[", ">", "*a_", "`", "![", "- ", "<", "(a](", "|"])
def test_a_text_twice_as_long_takes_about_twice_the_steps(unit):
    short, long = (unit * (length // len(unit)) for length in (2000, 4000))
    assert steps(to_html, long) < 2.5 * steps(to_html, short)
