"""Safe HTML from Markdown."""

from __future__ import annotations

import re

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


def test_a_government_is_linked_by_its_at_in_any_case():
    assert "/governments/halloran-county/" in to_html("@Halloran-County, how?", NAMES)
    assert mentioned_slugs("@Port-Merrow-County, @PORT-MERROW-COUNTY") == {"port-merrow-county"}


@pytest.mark.parametrize(
    ("body", "numbers"),
    [("3. Third\n4. Fourth", [3, 4]), ("2026. A year", [2026]), ("1) One\n\n7) Seven", [1, 7]), ("0. None", [0])],
)
def test_numbers_at_the_start_of_a_line_stay_as_they_were_typed(body, numbers):
    assert [int(number) for number in re.findall(r'<li value="(\d+)">', to_html(body))] == numbers
    assert [int(number) for number in re.findall(r"(\d+)\.", plain_text(body))] == numbers


def test_a_bare_address_is_a_link_and_a_file_name_is_none():
    html = to_html("Our plan is at https://county.example/plan_2026_final.pdf. Ask ann@county.org about manage.py.")
    assert '<a href="https://county.example/plan_2026_final.pdf"' in html
    assert '<a href="mailto:ann@county.org"' in html
    assert html.count("<a ") == 2
    assert to_html("`https://a.example`").count("<a ") == 0


@pytest.mark.parametrize(
    ("first", "second"), [("(1)", "(2)"), ("1.)", "2.)"), ("(a)", "(b)"), ("a)", "b)"), ("(9)", "(12)")]
)
def test_lines_that_begin_with_a_number_of_any_sort_stay_separate_lines(first, second):
    body = f"We did this:\n{first} bought meters\n{second} moved gates\nand pumps"
    assert to_html(body) == f"<p>We did this:<br>\n{first} bought meters<br>\n{second} moved gates\nand pumps</p>\n"
    assert plain_text(body) == f"We did this: {first} bought meters {second} moved gates and pumps"
    assert to_html(f"> {first} one\n> {second} two").count("<br>") == 1
    assert "<br>" not in to_html(f"```\n{first} one\n{second} two\n```")
    assert "<br>" not in to_html(f"As said\nin {first} and {second}.")


@pytest.mark.parametrize("sum", ["5*3*2 = 30", "2**10", "a*b*c", "5*x*2", "3*4=12"])
def test_asterisks_between_numbers_or_letters_are_kept(sum):
    assert to_html(f"It is {sum}.") == f"<p>It is {sum}.</p>\n"
    assert plain_text(f"It is {sum}.") == f"It is {sum}."


def test_asterisks_around_words_still_stress_them():
    html = to_html("*yes*, **1**st, **a*b** and un*believ*able")
    assert html == "<p><em>yes</em>, <strong>1</strong>st, <strong>a*b</strong> and un<em>believ</em>able</p>\n"


@pytest.mark.parametrize(
    "address", ["www.example.org", "www.example.org/a_b(c)?d=1", "WWW.Elm.example", "www.a.b.us:8000"]
)
def test_a_bare_address_that_begins_with_www_is_a_link(address):
    html = to_html(f"See ({address}), or {address}.")
    assert html.count(f'<a href="https://{address}" rel="nofollow noopener">{address}</a>') == 2
    assert plain_text(f"See {address}.") == f"See {address}."
    assert '<a href="https://www.example.org" ' in to_html("[here](www.example.org)")


@pytest.mark.parametrize("address", ["rosa@elm.example", "cio@it.elm.city", "a.b+c@port-merrow.nc.us"])
def test_a_bare_mail_address_is_a_link_whatever_its_domain(address):
    assert f'<a href="mailto:{address}"' in to_html(f"Ask {address}.")


@pytest.mark.parametrize(
    "text", ["www.", "www.a", "xwww.example.org", "elm.example", "a@b", "@elm", "`www.example.org`"]
)
def test_what_is_no_whole_address_is_no_link(text):
    assert "<a " not in to_html(f"See {text} for more.")


@pytest.mark.parametrize("bullet", "•▪◦●‣❖★·✓")
def test_pasted_bullets_are_a_list(bullet):
    html = to_html(f"We did three things:\n{bullet} bought meters\n{bullet}\u00a0moved gates\n  {bullet} sold pumps")
    assert html.count("<li>") == 3
    assert "•" not in to_html("• one")
    assert "• one" in to_html("```\n• one\n```")


def test_words_below_a_quotation_are_not_part_of_it():
    html = to_html("> How did you do it?\nWith patience.\n> And then?\n> What?\n\nNothing.")
    assert html.count("<blockquote>") == 2
    assert "<p>With patience.</p>" in html
    assert "&gt; x\ny" in to_html("```\n> x\ny\n```")


def test_control_characters_and_turned_writing_are_taken_out():
    assert clean_body(" a\x00\x02\x03\u202eb\r\nc\rd ") == "ab\nc\nd"


def test_plain_text_is_the_words_alone():
    assert plain_text("# A\n\n**b** & <c> [d](https://x.example)") == "A b & <c> d"


@pytest.mark.parametrize("unit", ["[", ">", "*a_", "`", "![", "- ", "<", "(a](", "|", "5*", "www.a", "(1) a\n"])
def test_a_text_twice_as_long_takes_about_twice_the_steps(unit):
    short, long = (unit * (length // len(unit)) for length in (2000, 4000))
    to_html(short + unit)  # what a process sets up once does not count
    assert steps(to_html, long) < 2.5 * steps(to_html, short)
