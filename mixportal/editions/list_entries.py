import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from mixportal.tables.reader import SOFT_HYPHEN, Problem, TableError, quote

MAX_ENTRIES = 40
MAX_TITLE = 120
MAX_SHORT = 60
MAX_TEXT = 5_000

COLUMNS = ("kind", "title", "description", "in_plain_words", "more", "short")
SINGULAR = {"priorities": "priority", "challenges": "challenge"}
LOST_CHARACTER = re.compile(r"\ufffd|[ÂÃâ][^\x00-\x7f]|=[CE][23]=[89AB]")  # like "â€™", "=E2=80=99"
KINDS = {word: kind for kind, singular in SINGULAR.items() for word in (kind, singular)}


@dataclass(frozen=True)
class ListedEntry:
    kind: str
    title: str
    description: str
    in_plain_words: str = ""
    more: str = ""
    short: str = ""
    line: int = 0
    is_split_by_space: bool = False


@dataclass(frozen=True)
class LeftOut:
    line: int
    text: str
    may_belong: bool = False


@dataclass(frozen=True)
class ListText:
    entries: tuple[ListedEntry, ...]
    headings: tuple[LeftOut, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    hyphens: tuple[LeftOut, ...] = ()  # words of two lines
    meanings: tuple[LeftOut, ...] = ()  # lines below an entry that may be entries

    @property
    def questions(self) -> list[LeftOut]:
        every = (each for each in (*self.headings, *self.left_out) if each.may_belong)
        return sorted(every, key=lambda each: each.line)

    @property
    def notices(self) -> list[LeftOut]:
        return [each for each in self.left_out if not each.may_belong]


def one_line(text: str) -> str:
    return " ".join(text.replace(SOFT_HYPHEN, "").split())


def check_entry(entry: ListedEntry, problems: list[Problem]) -> ListedEntry | None:
    """Return the entry in NFC, or add to `problems`."""
    texts: dict[str, str] = {name: getattr(entry, name) for name in COLUMNS[1:]}
    limits = {"title": MAX_TITLE, "short": MAX_SHORT}
    wrong = [
        f"{name} has {len(text):,} characters, at most {limits.get(name, MAX_TEXT):,} fit: {quote(text)}"
        for name, text in texts.items()
        if len(text) > limits.get(name, MAX_TEXT)
    ]
    wrong += [
        f"{name} has a character that was lost: {quote(text)}"
        for name, text in texts.items()
        if LOST_CHARACTER.search(text)
    ]
    if not entry.title:
        wrong.append("This entry has no title.")
    elif not is_name(entry.title):
        wrong.append(f"The title {quote(entry.title)} has no letter from A to Z, so it cannot have an address.")
    problems.extend(Problem(entry.line, reason) for reason in wrong)
    # NFC takes minutes on long runs of combining marks, refused above.
    if wrong:
        return None
    composed = {name: unicodedata.normalize("NFC", text) for name, text in texts.items()}
    return ListedEntry(kind=entry.kind, line=entry.line, is_split_by_space=entry.is_split_by_space, **composed)


def require_valid(
    entries: list[ListedEntry], problems: list[Problem], left_out: Sequence[LeftOut] = ()
) -> tuple[ListedEntry, ...]:
    first_lines: dict[tuple[str, str], int] = {}
    for entry in entries:
        first_line = first_lines.setdefault((entry.kind, _likeness(entry.title)), entry.line)
        if first_line != entry.line:
            problems.append(Problem(entry.line, f"{quote(entry.title)} is listed on line {first_line} already."))
    for kind in SINGULAR:
        for entry in [entry for entry in entries if entry.kind == kind][MAX_ENTRIES : MAX_ENTRIES + 1]:
            problems.append(Problem(entry.line, f"With this entry there are more than {MAX_ENTRIES} {kind}."))
    if not entries and not problems:
        found = "; ".join(f"{quote(left.text)} (line {left.line})" for left in left_out[:5])
        advice = f" Put a bullet (•) before each entry. Read as something else: {found}." if found else ""
        problems.append(Problem(0, f"The list is empty.{advice}"))
    if problems:
        raise TableError(problems)
    return tuple(entries)


def is_name(title: str) -> bool:
    """Return whether the title can have an address, and is no number like "87%"."""
    plain = _likeness(title[:MAX_TITLE])
    return len(plain) > 2 or not (plain or "0").isdigit()


def _likeness(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return "".join(filter(str.isalnum, plain))
