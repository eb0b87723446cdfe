"""Claims of the summary: its ranked list, how sure it is, and what changed since the last list."""

from __future__ import annotations

import re
from math import comb

from tests.results.claims import NAMES, NUMBERS, ORDINAL, Check, ListPage, Sentence, claim, number, place
from tests.results.claims_of_entries import KIND, PLACE, STEP, T, always, has_place

U, M, N, S = (NUMBERS[name] for name in ("used", "m", "n", "seats"))
DATE = r"[A-Z][a-z]+ \d+, \d{4}"
CHANGE = r"new on the list|same place as in 2029|(?:up|down) \d+ places? since 2029"
TIER = rf"Clear first place|Joint {ORDINAL}(?:: ?too close to call)?|{ORDINAL} (?:to|and) {ORDINAL}: ?too close to call"


def _leads_clearly(of: ListPage, *_) -> bool:
    first = of.rows[of.brackets[0][0]]
    return len(of.brackets[0]) == 1 and first.low == first.high == 1


def _is_certain(of: ListPage, *_) -> bool:
    first = of.brackets[0]
    return len(first) == 1 and of.file["missing"]["worst"][of.file["titles"].index(first[0])] == 1


def _change(of: ListPage, title: str) -> str:
    """Return its change since the last list in words."""
    if title not in of.fed.changes:
        return "new on the list"
    assert of.before is not None
    by = of.before.rows[title].place - of.rows[title].place
    words = f"{'up' if by > 0 else 'down'} {abs(by)} place{'' if abs(by) == 1 else 's'} since 2029"
    return words if by else "same place as in 2029"


def clear_moves(of: ListPage) -> list[str]:
    """Return the entries that moved clearly, by a sign test for each, and went the same way on the list."""
    found = []
    for title, (up, down) in of.fed.changes.items():
        assert of.before is not None
        by = of.before.rows[title].place - of.rows[title].place
        tail = sum(comb(up + down, k) for k in range(min(up, down) + 1))
        if by * (up - down) > 0 and of.fed.both >= 10 and 40 * tail * len(of.fed.changes) < 2 ** (up + down):
            found.append(title)
    return found


def _far(of: ListPage) -> list[str]:
    assert of.before is not None
    clear = clear_moves(of)
    return [
        title
        for title in of.fed.changes
        if title not in clear and abs(of.before.rows[title].place - of.rows[title].place) >= 2
    ]


def _row_of_ladder(of: ListPage, found: re.Match, sentence: Sentence) -> bool:
    title, tier = found["title"], found["tier"] or ""
    bracket = next(each for each in of.brackets if title in each)
    row, first, last = of.rows[title], of.rows[bracket[0]], of.rows[bracket[-1]]
    if title != bracket[0]:
        expected = set()
    elif len(bracket) == 1:
        expected = {place("1st")} if _leads_clearly(of) and title == of.brackets[0][0] else set()
    else:
        expected = {first.place, last.place}
    said = {1} if tier == "Clear first place" else set(map(place, re.findall(ORDINAL, tier)))
    return (
        row.words == found["place"].lower()
        and (not tier or expected == said)
        and (tier == "Clear first place") <= (len(bracket) == 1)
        and (found["average"] is None or found["average"] == row.average)
        and (found["change"] is None or found["change"] == _change(of, title))
    )


def _could_be(of: ListPage, found: re.Match, sentence: Sentence) -> bool:
    row = of.rows[sentence.about]
    said = (place(found["low"]), place(found["high"])) if found["low"] else (row.place, row.place)
    return row.words == (found["place"] or found["steady"]).lower() and said == (row.low, row.high)


def _range(of: ListPage, title: str) -> tuple[int, int]:
    return of.rows[title].low, of.rows[title].high


def _is_word(word: str):
    return lambda of, found, sentence: of.rows[sentence.about].word == word


def _moved(of: ListPage, found: re.Match, _) -> bool:
    higher, lower = of.fed.changes[found["title"]]
    most, least = (higher, lower) if found["way"] == "rose" else (lower, higher)
    if (found["way"] == "rose") != (found["direction"] == "higher") or found["title"] not in clear_moves(of):
        return False
    if found["over"]:
        return 10 * most > 9 * of.fed.both
    return (number(found["n"]), number(found["least"])) == (most, least) and 10 * most <= 9 * of.fed.both


def of_leading(check: Check) -> Check:
    """Changes are told of the priorities alone."""
    return lambda of, found, sentence: check(of if of.kind == "priorities" else of.others[0], found, sentence)


SURE = [
    claim(r"It leads clearly\.", _leads_clearly),
    claim(r"They are too close to call\.", lambda of, *_: 1 < len(of.brackets[0]) < len(of.rows)),
    claim(r"First place is too close to call\.", lambda of, *_: len(of.brackets[0]) > 1),
    claim(
        rf"The averages of the first {N} {KIND} are too close together to say which comes first\.",
        lambda of, found, _: number(found["n"]) == len(of.brackets[0]) > 1,
    ),
    claim(r"First place is certain\.", _is_certain),
    claim(
        rf"(?:All {N} governments|The (?P<one>one) government) that did not vote could have put {T} last, and it would "
        r"still be first\.",
        lambda of, found, _: (
            number(found["n"] or found["one"]) == of.file["missing"]["ballots"] == of.seats - of.cast
            and _is_certain(of)
            and of.brackets[0] == [found["title"]]
        ),
    ),
    claim(r"First place is firm\.", _leads_clearly),
    claim(
        r"We drew the governments at random and counted again, 2,000 times\.",
        lambda of, *_: of.file["resamples"] == 2000,
    ),
    claim(
        rf"{T} came first in at least 95 of 100 recounts\.",
        lambda of, found, _: of.brackets[0] == [found["title"]] and _leads_clearly(of),
    ),
    claim(r"First place could change\.", lambda of, *_: len(of.brackets[0]) == 1 and not _leads_clearly(of)),
    claim(
        rf"With another set of similar governments, {T} could have come as low as (?P<high>{ORDINAL})\.",
        lambda of, found, _: (
            of.brackets[0] == [found["title"]] and of.rows[found["title"]].high == place(found["high"]) > 1
        ),
    ),
    claim(
        rf"The (?:{N} governments that did not vote, together,|(?P<one>one) government that did not vote) might have put "
        rf"another {KIND} first\.",
        lambda of, found, _: (
            number(found["n"] or found["one"]) == of.file["missing"]["ballots"] == of.seats - of.cast
            and len(of.brackets[0]) == 1
            and not _is_certain(of)
        ),
    ),
    claim(rf"{U} governments? ranked the {KIND}, in whole or in part\.", always),
    claim(
        rf"Of {U} governments?, how many ranked the {KIND} first in the middle last not at all"
        r"(?P<joined> in two shades: the places from the upper shade to the lower one, counted together)?",
        lambda of, found, _: (
            bool(found["joined"])
            == any(
                re.search(" (?:or|to) ", step.removesuffix(" or not ranked"))
                for row in of.rows.values()
                for step in [*row.steps, row.over]
            )
        ),
    ),
]


def _first_five(of: ListPage, found: re.Match, sentence: Sentence) -> bool:
    said = re.findall(rf"((?:Joint )?{ORDINAL}): «([^»]*)»", sentence.words)
    return said == [(row.words.capitalize(), row.title) for row in list(of.rows.values())[:5]]


MEMO = [
    claim(rf"(?:(?:Joint )?{ORDINAL}: «[^»]*» ?){{2,}}", _first_five),
    claim(
        rf"{T}: (?P<place>(?:joint )?{ORDINAL}) of {M} {KIND} in 2030\.",
        lambda of, found, _: of.rows[found["title"]].words == found["place"],
    ),
    claim(
        rf"With another set of similar governments it could be (?P<low>{ORDINAL}) to (?P<high>{ORDINAL})\.",
        lambda of, found, s: (place(found["low"]), place(found["high"])) == _range(of, s.about),
    ),
    claim(
        r"The place is firm: it stayed in at least 95 of 100 recounts with governments drawn at random\.",
        lambda of, _, s: len(set(_range(of, s.about))) == 1,
    ),
    claim(
        rf"Source: Metropolitan Information Exchange \(MIX\), {KIND} of 2030, ranked by {U} of {S} governments?, "
        rf"published {DATE}\.",
        always,
    ),
    claim(r"http://localhost:8000/2030/(?:summary|(?:priorities|challenges)/[a-z0-9-]+)/", always),
]

TALK = [
    claim(r"Each year up to 64 cities and counties rank what matters most in government technology\.", always),
    claim(
        rf"{N} of {S} took part in 2030, and none saw another’s list first\.",
        lambda of, found, _: number(found["n"]) == sum(of.fed.took_part.values()),
    ),
    claim(r"The arrows compare it with 2029\.", lambda of, *_: of.fed.has_earlier),
    claim(r"Fewer than 10 governments ranked this list, so it shows the order alone\.", lambda of, *_: of.used < 10),
    claim(r"Its place is firm\.", lambda of, _, s: len(set(_range(of, s.about))) == 1),
    claim(
        rf"It could be (?P<low>{ORDINAL}) to (?P<high>{ORDINAL})\.",
        lambda of, found, s: (place(found["low"]), place(found["high"])) == _range(of, s.about),
    ),
]

LADDER = [
    claim(rf"The {M} {KIND}(?: in order| in plain words)?", always),
    claim(rf"(?:(?P<tier>{TIER}) )?{PLACE}: ?{T}(?: average place (?P<average>\d+\.\d),)?(?: (?P<change>{CHANGE}))?",
          _row_of_ladder),
    claim(rf"{PLACE}: ?{T} What it means", has_place),
    claim(rf"{PLACE} \(could be (?P<low>{ORDINAL}) to (?P<high>{ORDINAL})\)\.|(?P<steady>{ORDINAL})\.", _could_be),
    claim(rf"More than 90 % put it (?P<step>{STEP})\.", lambda of, found, s: of.rows[s.about].over == found["step"]),
    claim(rf"Places 6 to {M}", always),
    claim(r"Opinions are divided: some rank it high, others low\.", _is_word("divided")),
    claim(r"Opinions on it are mixed\.", _is_word("mixed")),
    claim(r"Governments broadly agree on it\.", _is_word("agreed")),
]  # fmt: skip

SINCE = [
    claim(r"None of these changes is large enough to be sure of\.", lambda of, *_: not clear_moves(of)),
    claim(r"No entry of 2029 is on this list\.", lambda of, *_: not of.fed.changes),
    claim(
        r"Fewer than 10 governments ranked both lists, so no change can be called clear\.",
        lambda of, *_: of.fed.both < 10 and bool(of.fed.changes),
    ),
    claim(rf"{N} governments? ranked both lists\.", lambda of, found, _: number(found["n"]) == of.fed.both >= 10),
    claim(
        rf"Of the {N} (?:entry|entries) on both, (?P<clear>none|\w+) clearly rose or fell\.",
        lambda of, found, _: (
            number(found["n"]) == len(of.fed.changes) and number(found["clear"]) == len(clear_moves(of))
        ),
    ),
    claim(
        rf"{N} (?P<more>more )?moved by two places or more, which can happen by chance\.",
        lambda of, found, _: number(found["n"]) == len(_far(of)) and bool(found["more"]) == bool(clear_moves(of)),
    ),
    claim(
        rf"{T} (?P<way>rose|fell): (?:(?P<over>more than 90 %) of these governments|{N} of them) put it"
        r" (?P<direction>higher|lower) than before(?:, (?P<least>\d+|none) (?:higher|lower))?\.",
        _moved,
    ),
    claim(rf"New: {NAMES}\.", lambda of, found, s: set(s.names) == set(of.rows) - set(of.fed.changes)),
    claim(
        r"(?:What changed|Arrows show the change) since 2029\.?|See all years|See every move|(?:See a|A)ll figures",
        always,
    ),
    claim(r"2030 (?:priorities|challenges) \((?:CSV|JSON)\)", always),
]
SUMMARY = [*SURE, *LADDER, *MEMO, *TALK, *((pattern, of_leading(check)) for pattern, check in SINCE)]
