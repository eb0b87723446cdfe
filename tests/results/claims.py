"""Read pages as a reader does, sentence by sentence, and hold each sentence against the figures on the pages.

`FIGURE` finds the sentences that say a figure. Each must fit one of the claims of the page, whose check recomputes it
from what the list's page and its public file show. So a new sentence with a figure needs a new claim.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from xml.etree.ElementTree import Element

from mixportal.tables.text import ordinal_word, spelled
from tests.reading import text

SVG = "{http://www.w3.org/2000/svg}"
INLINE = set("a abbr b bdi cite code data dd del dt em i ins mark q s small span strong sub sup time u".split())
UNREAD = {"nav", "script", "style", "head", "form", "select", "br"}
HEADINGS = {"h1", "h2", "h3", "h4", "th", "li", "summary"}
RUN_IN = {"Much the same", "Higher with us", "Lower with us", "Up", "Down"}
NAME = re.compile("«([^»]*)»")
_END = re.compile(r"(?<=[.?!])\s+(?=[A-Z0-9«“])")
_NUMBERS = {spelled(number): number for number in range(1, 21)} | {"none": 0, "no": 0, "the": 1}
_ORDINALS = {ordinal_word(number): number for number in range(1, 21)}
FIGURE = re.compile(
    rf"\d|\b(?:{'|'.join([*(spelled(number) for number in range(1, 21)), *_ORDINALS])})\b"
    r"|\b(?:half|most|none|no|all|every|last|more|fewer|joint|steady|clearly|agreed|mixed|divided|divide)\b",
    re.IGNORECASE,
)

ORDINAL = r"\d+(?:st|nd|rd|th)"
NAMES = "(?P<names>«[^»]*»(?:(?:, | and )«[^»]*»)*)"


@dataclass(frozen=True)
class Sentence:
    words: str
    about: str = ""  # the entry in the heading above
    under: str = ""  # the run-in heading above

    @property
    def names(self) -> list[str]:
        return NAME.findall(self.words)


def number(words: str) -> int:
    return int(words.replace(",", "")) if words[0].isdigit() else _NUMBERS[words.lower()]


def place(words: str) -> int:
    """Return the place in "3rd", "joint 3rd" or "third"."""
    last = words.lower().removeprefix("joint ")
    return int(re.sub(r"\D", "", last)) if last[0].isdigit() else _ORDINALS[last]


def blocks(element: Element) -> Iterator[tuple[str, str]]:
    """The tag and the text of each block, spaces collapsed, and the names of pictures."""
    said: list[str] = [element.text or ""]
    if label := element.get("aria-label"):
        yield "svg", " ".join(label.split())
    for child in () if element.tag == f"{SVG}svg" else element:
        # what has `data-figure` is read cell by cell
        hidden = child.get("aria-hidden") or child.get("data-figure")
        if not isinstance(child.tag, str) or child.tag in UNREAD or hidden:
            said.append(" ")
        elif child.tag in INLINE:
            inner = list(blocks(child))
            said.append(" " if child.tag in ("dd", "small") else "")
            said.append(" ".join(words for _, words in inner))
            said.append(" " if child.get("class") == "vh" else "")
        else:
            yield from blocks(child)
        said.append(child.tail or "")
    if words := " ".join("".join(said).split()):
        yield element.tag, words


def sentences(root: Element, titles: Sequence[str]) -> list[Sentence]:
    """The sentences of a page, entries as «Title»."""
    by_length = sorted(titles, key=len, reverse=True)
    name = re.compile("|".join(rf"(?<![A-Za-z]){re.escape(title)}(?![A-Za-z])" for title in by_length))
    read = [(tag, name.sub(lambda match: f"«{match[0]}»", block)) for tag, block in blocks(root)]
    about = next((NAME.findall(words)[0] for tag, words in read if tag == "h1" and NAME.search(words)), "")
    found, under = [], ""
    for (tag, words), (_, after) in zip(read, [*read[1:], ("", "")], strict=True):
        if tag in HEADINGS and len(names := NAME.findall(words)) == 1:
            about = names[0]
        if re.fullmatch(rf"(?:joint )?{ORDINAL}", words) and NAME.search(after):  # the place is above its entry
            about = NAME.findall(after)[0]
        if words in RUN_IN:
            under = words
        found += [Sentence(each, about, under) for each in _END.split(words)]
    return found


@dataclass
class Row:
    """An entry as the list's page shows it; a figure that is withheld is None."""

    title: str
    place: int
    joint: bool
    bracket: int
    low: int = 0
    high: int = 0
    average: str | None = None
    top3: int | str | None = None
    middle: list[int] = field(default_factory=list)
    word: str = ""
    few: tuple[int, int] | None = None
    steps: dict[str, int] = field(default_factory=dict)
    over: str = ""  # "1st to 3rd" of "more than 90 % put it 1st to 3rd"

    @property
    def words(self) -> str:
        suffix = {1: "st", 2: "nd", 3: "rd"}.get(self.place % 10 if self.place % 100 not in (11, 12, 13) else 0, "th")
        return f"{'joint ' if self.joint else ''}{self.place}{suffix}"


@dataclass
class Fed:
    """Hold drawn facts that no page shows ballot by ballot."""

    took_part: dict[str, int]  # governments by kind
    has_earlier: bool = False  # whether a list of 2029 was published
    both: int = 0  # governments that ranked this list and the earlier one
    changes: dict[str, tuple[int, int]] = field(
        default_factory=dict
    )  # higher and lower now, by title of shared entries


class ListPage:
    """Read the page of one list and its public file."""

    def __init__(self, kind: str, root: Element, figures: Mapping, fed: Fed) -> None:
        self.kind, self.root, self.file, self.fed = kind, root, figures, fed
        self.used, self.m = figures["used"], len(figures["alternatives"])
        self.cast, self.seats = figures["governments_cast"], figures["governments_seated"]
        self.rows: dict[str, Row] = {}
        self.others: list[ListPage] = []
        self.before: ListPage | None = None  # the last list of the kind
        tally = next((each for each in root.iter() if each.get("data-testid") == "tally"), None)
        if tally is not None and tally.tag == "table":
            for number_, body in enumerate(tally.iter("tbody")):
                for row in body.findall("tr")[1:]:
                    self._read_row(row, number_)
        elif tally is not None:
            for row in tally.iter("li"):
                words = text(row)
                title = text(next(row.iter("a")))
                found = place(re.search(ORDINAL, words)[0])
                self.rows[title] = Row(title, found, "joint" in words, bracket=found)

    @property
    def has_figures(self) -> bool:
        return any(row.low for row in self.rows.values())

    def _read_row(self, row: Element, bracket: int) -> None:
        cells = {cell.get("data-figure"): cell for cell in row}
        title = text(next(cells["entry"].iter("a")))
        shown = re.match(rf"(?:joint )?(\d+) ?(?:st|nd|rd|th) (joint, )?(?:firmly ({ORDINAL})|could be ({ORDINAL}) to ({ORDINAL}))$",
                         text(cells["place"]))  # fmt: skip
        assert shown, text(cells["place"])
        low, high = (place(shown[3]), place(shown[3])) if shown[3] else (place(shown[4]), place(shown[5]))
        found = Row(title, int(shown[1]), bool(shown[2]), bracket, low, high)
        if average := re.search(r"\d+\.\d", text(cells["average"])):
            found.average = average[0]
        if top3 := re.search(r"top three on (over 90 %|\d+) of (\d+) lists", text(cells["top3"])):
            found.top3 = top3[1] if top3[1].startswith("over") else int(top3[1])
            assert int(top3[2]) == self.used
        _, _, middle = text(cells["places"]).partition("middle half ")
        found.middle = [place(each) for each in re.findall(ORDINAL, middle)]
        said = text(cells["agreement"])
        if few := re.fullmatch(r"few ranked it: (\d+) of (\d+)", said):
            found.few = int(few[1]), int(few[2])
        else:
            found.word = said
        labels = [each.get("aria-label") for each in cells["places"].iter(f"{SVG}svg") if each.get("aria-label")]
        if labels:
            found.steps = steps_of(labels[0])
        elif over := re.search(r"more than 90 % put it (.*?)(?: middle half|$)", text(cells["places"])):
            found.over = over[1]
        self.rows[title] = found

    @cached_property
    def brackets(self) -> list[list[str]]:
        found: dict[int, list[str]] = {}
        for row in self.rows.values():
            found.setdefault(row.bracket, []).append(row.title)
        return list(found.values())

    def of(self, title: str, figure: str):
        """A figure of the public file."""
        return self.file[figure][self.file["titles"].index(title)]


def steps_of(label: str) -> dict[str, int]:
    """{"1st": 4, "2nd or 3rd": 5, "not ranked": 2} of the name of a chart."""
    found = re.findall(rf"({ORDINAL}(?: (?:or|to) {ORDINAL})?(?: or not ranked)?|not ranked): (\d+)", label)
    return {words: int(count) for words, count in found}


Check = Callable[[ListPage, re.Match, Sentence], bool]


def claim(pattern: str, check: Check) -> tuple[re.Pattern, Check]:
    """Numbers that are the list's own are named: `{used}`, `{cast}`, `{seats}`, `{m}`."""
    return re.compile(pattern), check


def _as_said(words: str) -> str:
    return rf"(?P<{words}>\d[\d,]*|[A-Za-z]+)"


NUMBERS = {name: _as_said(name) for name in ("used", "cast", "seats", "m", "n")}


def unread(
    shown: Sequence[Sentence], lists: Mapping[str, ListPage], kind: str, claims: Sequence[tuple[re.Pattern, Check]]
) -> list[str]:
    """The sentences with a figure that fit no claim, or whose claim is wrong."""
    wrong = []
    for sentence in shown:
        if not FIGURE.search(NAME.sub("", sentence.words)):
            continue
        fits = [(found, check) for pattern, check in claims if (found := pattern.fullmatch(sentence.words))]
        if not fits:
            wrong.append(f"no claim is known for: {sentence.words!r}")
        for found, check in fits:
            groups = found.groupdict()
            of = lists[kind_of(sentence, groups.get("kind"), lists, kind)]
            own = all(
                number(groups[name]) == getattr(of, name) for name in ("used", "cast", "seats", "m") if groups.get(name)
            )
            try:
                is_true = own and check(of, found, sentence)
            except (KeyError, IndexError, AttributeError) as error:
                wrong.append(f"{sentence} fits {found.re.pattern!r}: {error!r}")
                continue
            if not is_true:
                wrong.append(f"not so ({of.kind}): {sentence}")
    return wrong


def kind_of(sentence: Sentence, said: str | None, lists: Mapping[str, ListPage], kind: str) -> str:
    """The list that a sentence is about: its own words, the entries it names, the heading above, or the page's."""
    if said:
        return {"priority": "priorities", "challenge": "challenges"}.get(said.lower(), said.lower())
    for title in [*sentence.names, sentence.about]:
        for key, of in lists.items():
            if title in of.file.get("titles", ()):
                return key
    return kind
