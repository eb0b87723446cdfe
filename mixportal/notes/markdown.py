"""Markdown that people type, as HTML that cannot act: no raw HTML, no images, and an allow-list after that.

This is the one place where text of people becomes markup (DESIGN rule 8). The body goes in and nothing else, so the
result may be kept.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from html.parser import HTMLParser

import nh3
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

# @halloran-county; not in an e-mail address, a path or a longer word
MENTION = re.compile(r"(?<![\w@./-])@([a-z0-9]+(?:-[a-z0-9]+)*)(?![\w@])")
TAGS = set("p br strong em code pre blockquote ul ol li a hr h3 h4 h5 h6 table thead tbody tr th td".split())
HIGHEST = 3  # notes stand under headings of the page's own
INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def cleaned(body: str) -> str:
    """As it is stored: no control characters, nor such as turn the direction of writing; one kind of line end."""
    return INVISIBLE.sub("", body.replace("\r\n", "\n").replace("\r", "\n")).strip()


def mentioned_in(body: str) -> set[str]:
    """The slugs that a body may mean with an @."""
    return set(MENTION.findall(body))


@lru_cache(maxsize=2048)
def to_html(body: str, names: tuple[tuple[str, str], ...] = ()) -> SafeString:
    """`names` are the governments that may be linked: (slug, name)."""
    html = _reader.render(body, {"names": dict(names)})
    clean = nh3.clean(
        html,
        tags=TAGS,
        attributes={"*": set(), "a": {"href"}},  # the star: of any tag
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener",
        generic_attribute_prefixes=set(),
    )
    return _Rebuilt(clean).html


class _Rebuilt(HTMLParser):
    """What nh3 let through, put together anew: tags by their names in TAGS, all else escaped by Django."""

    def __init__(self, clean: str) -> None:
        super().__init__()
        self._pieces: list[SafeString] = []
        self.feed(clean)
        self.close()

    @property
    def html(self) -> SafeString:
        return format_html_join("", "{}", ((piece,) for piece in self._pieces))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href")
        if tag == "a" and href is not None:
            self._pieces.append(format_html('<a href="{}" rel="nofollow noopener">', href))
        elif tag in TAGS:
            self._pieces.append(format_html("<{}>", tag))

    def handle_endtag(self, tag: str) -> None:
        if tag in TAGS:
            self._pieces.append(format_html("</{}>", tag))

    def handle_data(self, data: str) -> None:
        self._pieces.append(format_html("{}", data))


@lru_cache(maxsize=2048)
def plain_text(body: str) -> str:
    """The words alone, for one line: a mail, a search without a word, an announcement."""
    html = _reader.render(body, {}).replace("<", " <")  # so that no two paragraphs run together
    return " ".join(unescape(nh3.clean(html, tags=set())).split())


def _lower_headings(state: StateCore) -> None:
    """The first heading of a note follows the page's, and none skips a level."""
    level = HIGHEST - 1
    for token in state.tokens:
        if token.type == "heading_open":
            level = min(int(token.tag[1]) + HIGHEST - 1, level + 1, 6)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{level}"


def _link_mentions(state: StateCore) -> None:
    names = state.env.get("names", {})
    for block in state.tokens:
        if block.type != "inline" or not names:
            continue
        children, within_link = [], 0
        for token in block.children or []:
            within_link += {"link_open": 1, "link_close": -1}.get(token.type, 0)
            children += [token] if token.type != "text" or within_link else _split(token.content, names)
        block.children = children


def _split(text: str, names: dict[str, str]) -> list[Token]:
    tokens, at = [], 0
    for match in MENTION.finditer(text):
        if match[1] not in names:
            continue
        tokens.append(_text(text[at : match.start()]))
        address = reverse("government", args=[match[1]])
        tokens += [Token("link_open", "a", 1, attrs={"href": address}), _text(names[match[1]])]
        tokens.append(Token("link_close", "a", -1))
        at = match.end()
    return [*tokens, _text(text[at:])]


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _make_reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    reader.core.ruler.push("lower_headings", _lower_headings)
    reader.core.ruler.push("link_mentions", _link_mentions)
    return reader


_reader = _make_reader()
