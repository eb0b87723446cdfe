"""Claims about a list’s result, checked against the places, ranges and counts shown."""

from __future__ import annotations

import re

from tests.results.claims import (
    NAMES,
    ORDINAL,
    ListPage,
    claim,
    number,
    place,
)
from tests.results.claims_of_certainty import CERTAINTY
from tests.results.claims_of_entries import (
    KIND,
    OF_ENTRIES,
    ON_ENTRIES,
    ON_LISTS,
    OVER,
    C,
    M,
    N,
    S,
    T,
    U,
    always,
    has_ties_below_third,
    names_in,
)
from tests.results.claims_of_summaries import SUMMARY


def _is_bracket(index: int):
    return lambda of, found, _: of.brackets[index] == names_in(found)


def _size_of_bracket(index: int):
    return lambda of, found, _: len(of.brackets[index]) == number(found["n"]) > 1


def _is_first_clearly(of: ListPage, found: re.Match, _) -> bool:
    first = of.rows[found["title"]]
    after = len(of.brackets[1]) if len(of.brackets) > 1 else 0
    return (
        of.brackets[0] == [first.title]
        and bool(found["clearly"]) == (first.low == first.high == 1)
        and (number(found["n"]) if found["n"] else 1) == max(after, 1)
    )


def counts(of: ListPage) -> dict[str, int]:
    """Return the number of ballots with each entry in the top three, where it is shown."""
    return {
        title: of.used if row.top3 == "over 90 %" else row.top3
        for title, row in of.rows.items()
        if row.top3 is not None
    }


def _is_most_in_top_three(of: ListPage, found: re.Match, _) -> bool:
    mine = of.rows[found["title"]].top3
    said = "over 90 %" if found["over"] else number(found["n"])
    return mine == said and counts(of)[found["title"]] == max(counts(of).values())


def _is_most_with_ties(of: ListPage, *_) -> bool:
    most = max(counts(of).values())
    return any(count == most and has_ties_below_third(of.rows[title]) for title, count in counts(of).items())


def _rest_on_half(of: ListPage) -> list[str]:
    first = max(counts(of), key=lambda title: counts(of)[title])
    return [title for title, count in counts(of).items() if title != first and 2 * count >= of.used]


def _are_on_half(of: ListPage, found: re.Match, _) -> bool:
    return _rest_on_half(of) == names_in(found) and (found["verb"] == "is") == (len(names_in(found)) == 1)


def _none_on_half(of: ListPage, found: re.Match, _) -> bool:
    return not _rest_on_half(of) and bool(found["other"]) == (2 * max(counts(of).values()) >= of.used)


def _divide(of: ListPage, found: re.Match, _) -> bool:
    divided = [title for title, row in of.rows.items() if row.word == "divided"]
    names = names_in(found) if found["names"] else []
    return (
        names == divided and number(found["n"]) == len(divided) and (found["verb"] == "divides") == (len(divided) == 1)
    )


def _heading(of: ListPage, found: re.Match, _) -> bool:
    """Some bracket has these places."""
    shown = [[of.rows[title].place for title in titles] for titles in of.brackets]
    if found["all"]:
        return len(shown) == 1
    first, last = place(found["first"]), place(found["last"] or found["first"])
    fitting = [places for places in shown if (places[0], places[-1]) == (first, last)]
    return len(fitting) == 1 and (len(fitting[0]) > 1) == bool(found["close"] or found["joint"])


def _is_steady(index: int):
    def check(of: ListPage, *_) -> bool:
        rows = [of.rows[title] for title in of.brackets[index]]
        return len(rows) == 1 and rows[0].low == rows[0].high == rows[0].place

    return check


def _took_part(of: ListPage, found: re.Match, _) -> bool:
    said = {kind: int(count) for count, kind in re.findall(r"(\d+) (city|cities|county|counties|that)", found[0])}
    singular = {"cities": "city", "counties": "county", "that": "consolidated"}
    kinds = {singular.get(kind, kind): count for kind, count in said.items()}
    took_part = sum(of.fed.took_part.values())
    return number(found["n"]) == took_part and (not found["kinds"] or kinds == of.fed.took_part)


HEADLINES = [
    claim(rf"{NAMES} (?:comes first|is the most pressing) in 2030\.?", _is_bracket(0)),
    claim(
        rf"{NAMES} lead together in 2030\.?",
        lambda of, found, _: of.brackets[0] == names_in(found) and 2 <= len(of.brackets[0]) <= 3,
    ),
    claim(rf"No one {KIND} stands out in 2030\.?", lambda of, *_: len(of.brackets[0]) > 3),
    claim(rf"The {N} that follow are too close to call\.", _size_of_bracket(1)),
    claim(rf"{NAMES} follow, too close to call\.", _is_bracket(1)),
    claim(rf"{NAMES} follows\.", _is_bracket(1)),
    claim(rf"{NAMES} comes last\.", _is_bracket(-1)),
    claim(
        rf"Fewer than 10 governments ranked the {KIND}, so the order is shown alone"
        r"(?:\.|: figures of so few would show single governments\.)",
        lambda of, *_: 0 < of.used < 10 and not of.has_figures,
    ),
    claim(rf"{U} of {S} governments? ranked the {KIND}, in whole or in part\.", always),
    claim(rf"{C} of {S} governments? cast a ballot\.", lambda of, *_: of.used == 0),
    claim("No ballot puts anything in order, so there is no result\\.", lambda of, *_: of.used == 0),
    claim(rf"The first {N} can’t be told apart\.", _size_of_bracket(0)),
    claim(rf"{T} is (?P<clearly>clearly )?first(?:; the {N} that follow can’t be told apart)?\.", _is_first_clearly),
]
FACTS = [
    claim(r"A tie for 3rd and 4th does not count\.", _is_most_with_ties),
    claim(rf"(?:{OVER}|{N} of {U}) put {T} among their top three\.", _is_most_in_top_three),
    claim(rf"{NAMES} (?P<verb>is|are) there on half of the lists or more\.", _are_on_half),
    claim(rf"No (?P<other>other )?{KIND} is there on half of the lists\.", _none_on_half),
    claim(
        rf"(?P<share>\d+) in 100 times, two governments picked at random agree on which of two {KIND} matters more\.",
        lambda of, found, _: int(found["share"]) == round(100 * of.file["same_order_share"]),
    ),
    claim(r"A coin flip would give 50\.", always),
    claim(
        rf"{N} of {M} {KIND} (?P<verb>divides?) the network: (?:none is put high by some and low by others|{NAMES})\.",
        _divide,
    ),
    claim(r"Some put (?:it|each priority) high, others low\.", always),
]
HEADINGS = [
    claim(r"Clear first place", _is_steady(0)),
    claim(r"Clear last place", _is_steady(-1)),
    claim(
        rf"(?P<all>All of them): too close to call|(?P<joint>Joint )?(?P<first>{ORDINAL})"
        rf"(?: place| (?:to|and) (?P<last>{ORDINAL}): (?P<close>too close to call))",
        _heading,
    ),
]
OF_THE_NETWORK = [
    claim(
        rf"{N} more ballots? put every {KIND} level and counts? as abstaining\.",
        lambda of, found, _: number(found["n"]) == of.file["abstentions"] > 0,
    ),
    claim(
        rf"{N} of {S} (?:seats? filled in|(?:cities and counties of the Metropolitan Information Exchange|governments?)"
        r" took part(?P<kinds>: .*)?\.)",
        _took_part,
    ),
    claim(
        r"(?P<one>\d+) ranked the (?P<kind>priorities|challenges)(?: and (?P<two>\d+) the challenges)?,"
        r" in whole or in part, without seeing any other list\.",
        lambda of, found, _: (
            number(found["one"]) == of.used
            and (found["two"] is None) == (of.kind == "challenges" or not of.others[0].used)
            and (found["two"] is None or number(found["two"]) == of.others[0].used)
        ),
    ),
    claim(
        r"(?P<one>\d+) priorit(?:y|ies) and (?P<two>\d+) challenges?(?P<unranked>, not ranked)?\.",
        lambda of, found, _: (
            (number(found["one"]), number(found["two"])) == (of.m, of.others[0].m)
            and bool(found["unranked"]) == (not of.used and not of.others[0].used)
        ),
    ),
    claim(
        rf"Result of the {KIND} of 2030 computed once, on \w+ \d+, 20\d\d, from {C} cast ballots?; method .*", always
    ),
]
# Sentences about the method, all years or the network, not about this list.
CONSTANT = [
    claim(words, always)
    for words in (
        r"Demonstration: all governments .*",
        r"From a demonstration: all governments .*",
        r".*demonstration: all figures are invented",
        r".*[Aa] network of at most 64 .*",
        r"Once a year they say together .*",
        r"Each government’s list gives every (?:priority|challenge) a place\.",
        r"Every figure on it can be had as data, and counted again\.",
        r"This page on A4 paper \(PDF\)",
        r"(?:A code that leads telephones to )?http://localhost\S*/(?:2030/summary|governments/[\w-]+/2030)/",
        r"The range below a place is where it landed in 95 of 100 recounts with other governments like these\.",
        r"Agreed: most lists put it in about the same place\.|Divided: some high, some low\.|Mixed: in between\.",
        r"We average each (?:priority|challenge)’s place on every list\.",
        r"Since 2029",
        r"A dash means a figure that is withheld, because a count of more than 90 % .*",
        r"The places that (?:the others|governments) gave it are withheld.*",
        r"governments giving that place.*",
        r"Arrow keys turn the slides, Home and End go to the first and last, .*",
        r".*\b(?:November|October|December) \d+, 20\d\d.*",
        r"agreed|mixed|divided",
        r"(?:Priorities|Challenges) of 2030|The list of 2030|2030|MIX .*|.*· MIX|Middle half ?of places",
        r"What (?:city and county )?chief information officers .* put on their common list.*",
        r"No other site may show this list in a frame yet\.",
        r"Three questions to ask|All (?:priorities|challenges) of 2030",
        r"Summary to print.*",
    )
]
PUBLIC = [
    *HEADLINES,
    *FACTS,
    *HEADINGS,
    *OF_THE_NETWORK,
    *OF_ENTRIES,
    *ON_LISTS,
    *ON_ENTRIES,
    *CONSTANT,
    *SUMMARY,
    *CERTAINTY,
]
