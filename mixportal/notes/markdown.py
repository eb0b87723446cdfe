"""The only module that turns users' text into HTML."""

import re
from functools import lru_cache
from html import unescape
from html.parser import HTMLParser

import nh3
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from linkify_it.main import Match
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from mixportal.tables.text import without_invisible

# not in an e-mail address or path
MENTION = re.compile(r"(?<![\w@./-])@([a-z0-9]+(?:-[a-z0-9]+)*)(?![\w@])", re.IGNORECASE)
TAGS = set("p br strong em code pre blockquote ul ol li a hr h3 h4 h5 h6 table thead tbody tr th td".split())
TOP_HEADING_LEVEL = 3
FENCE = re.compile(r" {0,3}(```|~~~)")
NUMBERED_ITEM = re.compile(r'<li value="([0-9]+)">')
PASTED_BULLET = re.compile(r"(?m)^([ \t]*)[•▪▫■□◦●○‣❖★➢➤✓✔·][ \t\u00a0]+")
NUMBERED_LINE = re.compile(r" {0,3}(?:> ?)*(?:\([0-9]{1,3}\)|[0-9]{1,3}\.\)|\(?[a-z]\))[ \t]+\S", re.IGNORECASE)
LINE_BREAK = "  "  # at the end of a line
OPERAND_BEFORE = re.compile(r"(?:[0-9]|(?<![^\W_])[a-z])\Z", re.IGNORECASE)
OPERAND_AFTER = re.compile(r"[0-9]|[a-z](?![^\W_])", re.IGNORECASE)
BLOCK_TAG = re.compile(r"<(?!/?(?:a|em|strong|code)\b)")
LIST_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


def clean_body(body: str) -> str:
    return without_invisible(body.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")).strip()


def mentioned_slugs(body: str) -> set[str]:
    return {slug.lower() for slug in MENTION.findall(body)}


def _as_meant(body: str) -> str:
    """Make pasted bullets a list, keep lines such as "(1) One" apart, and end a quotation where its marks end."""
    lines: list[str] = []
    is_code = is_quote = False
    for line in body.split("\n"):
        is_code ^= bool(FENCE.match(line))
        was_quote, is_quote = is_quote, line.lstrip(" ").startswith(">") and not is_code
        if was_quote and not is_quote and line.strip():
            lines.append("")
        if NUMBERED_LINE.match(line) and lines and lines[-1].strip() and not is_code:
            lines[-1] += LINE_BREAK
        lines.append(line if is_code else PASTED_BULLET.sub(r"\1- ", line))
    return "\n".join(lines)


@lru_cache(maxsize=2048)
def to_html(body: str, names: tuple[tuple[str, str], ...] = ()) -> SafeString:
    """`names` are pairs of slug and name."""
    html = _markdown.render(_as_meant(body), {"names": dict(names)})
    clean = nh3.clean(
        html,
        tags=TAGS,
        attributes={"*": set(), "a": {"href"}, "li": {"value"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener",
        generic_attribute_prefixes=set(),
    )
    return _HtmlRebuilder(clean).html


class _HtmlRebuilder(HTMLParser):
    """Filter again after nh3: pass only TAGS and escape the text."""

    def __init__(self, clean: str) -> None:
        super().__init__()
        self._pieces: list[SafeString] = []
        self.feed(clean)
        self.close()

    @property
    def html(self) -> SafeString:
        return format_html_join("", "{}", ((piece,) for piece in self._pieces))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href, number = dict(attrs).get("href"), dict(attrs).get("value")
        if tag == "li" and number is not None and LIST_NUMBER.fullmatch(number):
            self._pieces.append(format_html('<li value="{}">', number))
        elif tag == "a" and href is not None:
            href = f"https://{href}" if href.lower().startswith("www.") else href
            self._pieces.append(format_html('<a href="{}" rel="nofollow noopener">', href))
        elif tag in TAGS:
            self._pieces.append(format_html("<{}>", tag))

    def handle_endtag(self, tag: str) -> None:
        if tag in TAGS:
            self._pieces.append(format_html("</{}>", tag))

    def handle_data(self, data: str) -> None:
        self._pieces.append(format_html("{}", data))


@lru_cache(maxsize=2048)
def plain_text(body: str, names: tuple[tuple[str, str], ...] = ()) -> str:
    html = _markdown.render(_as_meant(body), {"names": dict(names)})
    html = BLOCK_TAG.sub(" <", html)  # keeps a space between paragraphs
    html = NUMBERED_ITEM.sub(r"\g<0>\1. ", html)
    return " ".join(unescape(nh3.clean(html, tags=set())).split())


def _keep_numbers(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "list_item_open" and token.info:
            token.attrSet("value", token.info)


def _lower_headings(state: StateCore) -> None:
    level = TOP_HEADING_LEVEL - 1
    for token in state.tokens:
        if token.type == "heading_open":
            level = min(int(token.tag[1]) + TOP_HEADING_LEVEL - 1, level + 1, 6)
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
    tokens = []
    for index, piece in enumerate(MENTION.split(text)):  # text, slug, text, slug, text
        slug = piece.lower()
        if index % 2 and slug in names:
            link = Token("link_open", "a", 1, attrs={"href": reverse("government", args=[slug])})
            tokens += [link, _text(names[slug]), Token("link_close", "a", -1)]
        else:
            tokens.append(_text(f"@{piece}" if index % 2 else piece))
    return tokens


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _with_scheme(linkify: object, match: Match) -> None:
    match.url = f"https://{match.url}"


def _times(state: StateInline, silent: bool) -> bool:
    """Keep the asterisk of 5*3*2 or a*b."""
    end = state.pos
    while end < state.posMax and state.src[end] == "*":
        end += 1
    before, after = state.src[max(0, state.pos - 2) : state.pos], state.src[end : end + 2]
    if end == state.pos or not (OPERAND_BEFORE.search(before) and OPERAND_AFTER.match(after)):
        return False
    if not silent:
        state.pending += state.src[state.pos : end]
    state.pos = end
    return True


def _make_markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "linkify": True}).enable(["table", "linkify"]).disable("image")
    assert markdown.linkify is not None
    markdown.linkify.set({"fuzzy_link": False})  # a bare name.example may be a file
    markdown.linkify.tlds("[a-z]{2,24}", True)  # of mail addresses
    host = rf"^(?=[^/\s]*\w\.\w){markdown.linkify.re['src_host_port_strict']}{markdown.linkify.re['src_path']}"
    markdown.linkify.add("www.", {"validate": host, "normalize": _with_scheme})
    markdown.inline.ruler.before("emphasis", "times", _times)
    markdown.core.ruler.push("keep_numbers", _keep_numbers)
    markdown.core.ruler.push("lower_headings", _lower_headings)
    markdown.core.ruler.push("link_mentions", _link_mentions)
    return markdown


_markdown = _make_markdown()
