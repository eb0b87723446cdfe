"""What a page says, as lines of text, without how it is laid out in tags and classes.

Of HTML: the visible text with white space collapsed as a browser does, where links lead, what forms hold, test ids and
accessible names. Numbers and tokens that another run may choose otherwise are masked.
"""

from __future__ import annotations

import functools
import re
from html.parser import HTMLParser

BLOCKS = set(
    "address article aside blockquote body br caption col colgroup dd details dialog div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup option p pre "
    "search section select summary table tbody tfoot thead tr ul".split()
)
BEGINNINGS = {"li": "- ", "summary": "> ", "option": "* ", "dt": ": "} | {
    f"h{level}": "#" * level + " " for level in range(1, 7)
}
CELLS = {"td", "th"}
SILENT = {"script", "style"}
# An attribute's value is what a reader hears, what a program reads, or what happens when something is chosen.
SAID = (
    "aria-label", "alt", "title", "placeholder", "datetime", "aria-current", "aria-sort", "aria-pressed", "aria-checked",
    "aria-live", "colspan", "rowspan", "open", "hidden", "hx-get", "hx-post", "hx-trigger", "hx-target",
    "hx-swap", "download",
)  # fmt: skip
VALUED = {"data", "meter", "progress"}
FIELD = ("type", "name", "value", "checked", "selected", "disabled", "required", "readonly", "min", "max", "maxlength")
UNSAID_META = ("viewport", "color-scheme", "htmx-config")
ALERTS = ("alert", "status")
SVG_TEXTS = {"text", "title", "desc"}

TOKEN = re.compile(r"<input\b[^>]*\bname=[\"']?(?:csrfmiddlewaretoken|made_for)\b[^>]*>")
MASKS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\b(note|proposal|reply|invitation|session|share)([-_])\d+\b", r"\1\2N"),
        (r"/notes/\d+/", "/notes/N/"),
        (r'\bboundary="=+\d+=+"', "boundary=B"),
        (r"([?&]preview=)[\w-]+", r"\1P"),
        (r"([?&](?:note|reply_to)=)\d+", r"\1N"),
        (r"#(priorities|challenges)-\d+\b", r"#\1-N"),
        (r"\bvalue=(drafting-)?(?:[0-9a-f]{16}|[0-9a-f]{64})\b", r"value=\1DIGEST"),
        (r"/admin/r/\d+/\d+/", "/admin/r/N/N/"),
        (r"/proposals/([a-z-]+)/\d+/", r"/proposals/\1/N/"),
        (r"\b[A-Z2-7]{32}\b", "KEY"),
        (r"/demo/mail/[0-9][^/\s\"]*/", "/demo/mail/M/"),
        (r"/mail/stop/[\w:=-]+/", "/mail/stop/T/"),
        (r"/share/[\w-]{20,}/", "/share/T/"),
        (r"/account/invitation/[\w-]{20,}/", "/account/invitation/T/"),
        (r"/account/passkeys/\d+/", "/account/passkeys/N/"),
        (r"/admin/[a-z_]+/[a-z_]+/\d+/", "/admin/APP/MODEL/N/"),
        (r"/admin/[a-z_]+/[a-z_]+/", "/admin/APP/MODEL/"),
        (r"(/desk/[a-z]+)/\d+/", r"\1/N/"),
        (r"\bname=[a-z_]+-(\d+|__prefix__)-", r"name=INLINE-\1-"),
        (r"\bname=position-\d+", "name=position-N"),
        (r"\bvalue=(up|down|entry|proposal):\d+", r"value=\1:N"),
        (r"\bvalue=\d+:\d+(?: \d+:\d+)*", "value=N:N"),
        (r"\bname=user_permissions value=\d+", "name=user_permissions value=N"),
        (r"(/static/[\w/.-]+?)\.[0-9a-f]{12}\.", r"\1."),
    )
)


def masked(text: str) -> str:
    for pattern, replacement in MASKS:
        text = pattern.sub(replacement, text)
    return text


def of_plain_text(text: str) -> str:
    """CSV, JSON, calendars and the like: as they are, but for white space at the ends of lines."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    return masked("\n".join(lines).strip("\n"))


def of_html(html: str) -> dict[str, str]:
    """The parts of a page, `masthead`, `page` and `footer`. A fragment has a `page` only."""
    return _of_html(TOKEN.sub("", html))


@functools.cache
def _of_html(html: str) -> dict[str, str]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_line()
    return {part: masked("\n".join(lines)) for part, lines in reader.parts.items() if lines}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: dict[str, list[str]] = {"masthead": [], "page": [], "footer": []}
        self.part = "page"
        self.line = ""
        self.after_gap = True
        self.beginning = ""
        self.open: list[str] = []
        self.hrefs: list[str | None] = []
        self.in_head = False

    # Lines

    def end_line(self) -> None:
        if text := self.line.strip():
            self.parts[self.part].append(self.beginning + text)
            self.beginning = ""
        self.line, self.after_gap = "", True

    def add(self, text: str) -> None:
        """Add text whose white space is collapsed. A gap at the beginning of a line, or after another, is not shown."""
        if self.after_gap:
            text = text.removeprefix(" ")
        if text:
            self.line += text
            self.after_gap = text.endswith(" ")

    def mark(self, text: str) -> None:
        """Put in what is no text, so that it changes no gap between words."""
        gap = " " if self.line.endswith(" ") else ""
        self.line = f"{self.line.rstrip()}\u27e8{text}\u27e9{gap}"

    def _close_the_gap(self) -> None:
        """Within and around buttons, which are boxes of their own, white space is not seen."""
        self.line, self.after_gap = self.line.rstrip(), True

    # What the parser meets

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: " ".join((value or "").split()) for name, value in attributes}
        if tag not in _VOID:
            self.open.append(tag)
        self._turn_to_part(tag)
        if tag in BLOCKS or self._is_of_picture(tag):
            self.end_line()
            self.beginning = BEGINNINGS.get(tag, "")
        elif tag in CELLS and self.line:
            self.add(" | ")
        if self.in_head:
            self._of_head(tag, found)
            return
        if tag == "a":
            self.hrefs.append(found.get("href"))
        if "data-testid" in found:
            self.mark(f"#{found['data-testid']}")
        said = [f"{name}={found[name]}" if found[name] else name for name in SAID if name in found]
        if found.get("role") in ALERTS:
            said.append(f"role={found['role']}")
        if tag in VALUED and "value" in found:
            said.append(f"value={found['value']}")
        if said:
            self.mark(" ".join(said))
        if tag == "form":
            self.mark(f"form {found.get('method', 'get').lower()} {found.get('action', '')}".rstrip())
        elif tag in ("input", "button", "select", "textarea", "option", "output"):
            if tag == "button":
                self._close_the_gap()
            self._of_field(tag, found)
        elif tag == "img":
            self.mark(f"img {found.get('src', '')}")
        elif tag == "iframe":
            self.mark(f"iframe {found.get('src', '')}")

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.open:
            return
        while self.open.pop() != tag:
            pass
        if tag == "button":
            self._close_the_gap()
        if tag == "a" and self.hrefs and (href := self.hrefs.pop()) is not None:
            self.mark(href)
        if tag in BLOCKS or self._is_of_picture(tag):
            self.end_line()
            self.beginning = ""
        if tag == "head" or (tag == "title" and self.in_head):
            self.end_line()
        if tag == "head":
            self.in_head = False
            self.part = "masthead"
        elif tag == "main":
            self.part = "footer"

    def handle_data(self, data: str) -> None:
        if SILENT.intersection(self.open) or (self.in_head and "title" not in self.open):
            return
        self.add(re.sub(r"[ \t\r\n\f]+", " ", data))

    # Parts and fields

    def _is_of_picture(self, tag: str) -> bool:
        return tag in SVG_TEXTS and "svg" in self.open

    def _turn_to_part(self, tag: str) -> None:
        if tag == "head":
            self.in_head = True
        elif tag == "main":
            self.end_line()
            self.part = "page"

    def _of_head(self, tag: str, found: dict[str, str]) -> None:
        if tag == "title":
            self.add("title: ")
        elif tag == "meta" and (name := found.get("name") or found.get("property")) and name not in UNSAID_META:
            self.parts[self.part].append(f"{name}: {found.get('content', '')}")
        elif tag == "link" and found.get("rel") in ("canonical", "alternate", "next", "prev"):
            self.parts[self.part].append(f"link {found.get('rel')}: {found.get('href', '')}")

    def _of_field(self, tag: str, found: dict[str, str]) -> None:
        if _holds_an_id(tag, found):
            found["value"] = "N"
        said = [name if not found[name] else f"{name}={found[name]}" for name in FIELD if name in found]
        if said or tag in ("select", "textarea"):
            self.mark(" ".join([tag, *said]))


def _holds_an_id(tag: str, found: dict[str, str]) -> bool:
    """Whether the number that a field sends names a row, and no year, version or count."""
    name, value = found.get("name", ""), found.get("value", "")
    if not value.isdecimal():
        return False
    if tag == "option":
        return len(value) != 4
    return name == "_selected_action" or (
        found.get("type") == "hidden" and name != "version" and not name.endswith("_FORMS")
    )


_VOID = set("area base br col embed hr img input link meta param source track wbr".split())
