"""Claims of the page "How sure is this?" and of the list’s sentence about it."""

from __future__ import annotations

import re

from tests.results.claims import NAMES, ORDINAL, ListPage, Row, Sentence, claim, number, place
from tests.results.claims_of_entries import KIND, C, M, N, S, T, U, always, names_in


def _share(of: ListPage, found: re.Match, _) -> bool:
    return int(found["share"]) == round(100 * of.file["same_order_share"])


def _agreement(of: ListPage, found: re.Match, _) -> bool:
    share = of.file["same_order_share"]
    said = found["share"] and int(found["share"])
    return found["word"] == of.file["agreement_word"] and said == (None if share is None else round(100 * share))


def _first(of: ListPage) -> Row:
    return next(iter(of.rows.values()))


def _is_first_alone(of: ListPage) -> bool:
    return len(of.brackets[0]) == 1


def _is_steady_first(of: ListPage) -> bool:
    return _is_first_alone(of) and _first(of).low == _first(of).high == 1


def _places_of_bracket(of: ListPage) -> list[tuple[int, int]]:
    """Return the first and last place of each bracket of several entries."""
    shown = [[of.rows[title].place for title in titles] for titles in of.brackets if len(titles) > 1]
    return [(places[0], places[-1]) for places in shown]


def close_calls(of: ListPage) -> list[str]:
    """Return the places of each bracket that is no exact tie, in words."""
    found = []
    for titles in of.brackets:
        first, last = (re.sub("joint ", "", of.rows[titles[at]].words) for at in (0, -1))
        found += [f"{first} {'and' if len(titles) == 2 else 'to'} {last}"] if of.has_figures and first != last else []
    return found


def _is_first_place(of: ListPage, found: re.Match, _) -> bool:
    said = found["said"]
    if not _is_first_alone(of):
        return said == "too close to call"
    return said == ("clear" if _is_steady_first(of) else "ahead, but not by much")


def _is_bracket(of: ListPage, found: re.Match, _) -> bool:
    first, last = place(found["first"]), place(found["last"] or found["first"])
    return (first, last) in _places_of_bracket(of)


def _brackets_after_first(of: ListPage) -> int:
    return len(_places_of_bracket(of)) - (not _is_first_alone(of))


def _winner(of: ListPage) -> str | None:
    wins, titles = of.file["wins"], of.file["titles"]
    return next((titles[i] for i in range(of.m) if all(wins[i][j] for j in range(of.m) if i != j)), None)


def _came_first(of: ListPage, found: re.Match, _) -> bool:
    high = place(found["high"]) if found["high"] else 1
    return _is_first_alone(of) and high == _first(of).high and bool(found["beats"]) == (_winner(of) == _first(of).title)


def _bound(of: ListPage, title: str) -> tuple[int, int]:
    at = of.file["titles"].index(title)
    return of.file["missing"]["best"][at], of.file["missing"]["worst"][at]


def _missing(of: ListPage) -> int:
    assert of.file["missing"]["ballots"] == of.seats - of.cast
    return of.seats - of.cast


def _first_to_change(of: ListPage, found: re.Match, _) -> bool:
    moving = next(row for row in of.rows.values() if len({*_bound(of, row.title)}) > 1)
    return place(found["place"]) == moving.place and number(found["n"]) == _missing(of)


def _another_might_be_first(of: ListPage, found: re.Match, _) -> bool:
    others = [title for title in of.rows if title != _first(of).title]
    return any(_bound(of, title)[0] == 1 for title in others) and (found["one"] is not None) == (_missing(of) == 1)


def _moves(of: ListPage, found: re.Match, _) -> bool:
    row = of.rows[found["title"]]
    low, high = place(found["low"]), place(found["high"] or found["low"])
    bound = place(found["best"]), place(found["worst"])
    return row.words == found["place"] and (low, high) == (row.low, row.high) and bound == _bound(of, row.title)


def _beats(of: ListPage, found: re.Match, _) -> bool:
    at = of.file["titles"].index(found["title"])
    return number(found["n"]) == sum(of.file["wins"][at]) and number(found["others"]) == of.m - 1


def _pairs_against_order(of: ListPage) -> set[tuple[str, str]]:
    titles, wins = of.file["titles"], of.file["wins"]
    return {
        (titles[j], titles[i]) for i in range(of.m) for j in range(of.m)
        if wins[j][i] and of.rows[titles[i]].place < of.rows[titles[j]].place
    }  # fmt: skip


def _against_order(of: ListPage, found: re.Match, _) -> bool:
    pairs = _pairs_against_order(of)
    said = re.findall(
        rf"«([^»]*)» \(({ORDINAL})\) beats «([^»]*)» \(({ORDINAL})\)(?: by (\d+) to (\d+))?", found["pairs"]
    )
    for winner, one, loser, other, won, lost in said:
        support = of.of(winner, "support")[of.file["titles"].index(loser)]
        back = of.of(loser, "support")[of.file["titles"].index(winner)]
        shown = (None, None) if not won else (int(won), int(lost))
        places = of.rows[winner].place, of.rows[loser].place
        if (winner, loser) not in pairs or shown != (support, back) or places != (place(one), place(other)):
            return False
    more = found["pairs"].endswith("; and others")
    return number(found["n"]) == len(pairs) and len(said) == min(3, len(pairs)) and more == (len(pairs) > 3)


def _ranks(of: ListPage, method: str) -> list[tuple[int, int]]:
    """Return the first and the last place that a way of counting gives to each entry."""
    if method == "Kemeny":
        return list(zip(of.file["kemeny"]["rank_low"], of.file["kemeny"]["rank_high"], strict=True))
    scores = of.file["copeland_score"]
    ranks = of.file["schulze_rank"] if method == "Schulze" else [1 + sum(s > own for s in scores) for own in scores]
    return [(rank, rank) for rank in ranks]


def _differing(of: ListPage, method: str) -> int:
    ranks, count = _ranks(of, method), 0
    for title, (low, high) in zip(of.file["titles"], ranks, strict=True):
        row = of.rows[title]
        joint = low == high and sum(other[0] == low for other in ranks) > 1
        count += (low, high, joint) != (row.place, row.place, row.joint)
    return count


METHODS = ("Head to head", "Kemeny", "Schulze")


def _orders(of: ListPage, found: re.Match, _) -> bool:
    return of.file["kemeny"]["n_optimal"] == number(found["n"])


def _order(of: ListPage, found: re.Match, sentence: Sentence) -> bool:
    orders = [[of.file["titles"][item] for item in order] for order in of.file["kemeny"]["orders"]]
    said = re.findall(rf"({ORDINAL}) «([^»]*)»", sentence.words)
    return all(orders[int(found["at"]) - 1][place(at) - 1] == title for at, title in said)


def _wins_by(of: ListPage, found: re.Match, _) -> bool:
    steps = [int(step) for step in re.findall(r"by (\d+)", found[0])]
    return steps == sorted(set(steps), reverse=True)


PLACES = rf"{ORDINAL} (?:and|to) {ORDINAL}"
ABOUT_BRACKETS = (
    r"A row says where one \w+ could land\.|A bracket says which \w+ are too close to call: .*\.|The next .*"
)
CERTAINTY = [
    claim(r"How sure is this order\? · See all figures", always),
    claim(
        r"Agreement among governments is (?P<word>\w+)(?:: two of them agree on (?P<share>\d+) of 100 comparisons,"
        r" on average)?\.",
        _agreement,
    ),
    claim(r"One ballot alone neither agrees nor differs\.", lambda of, *_: of.used == 1),
    claim(r"First place is (?P<said>clear|ahead, but not by much|too close to call)\.", _is_first_place),
    claim(r"No two places are too close to call\.", lambda of, *_: not _places_of_bracket(of)),
    # the four findings
    claim(r"Two governments agree on (?P<share>\d+) of 100 comparisons, on average\.", _share),
    claim(r"How often two governments agree is withheld\.", lambda of, *_: of.file["same_order_share"] is None),
    claim(
        rf"{T} is (?P<firmly>firmly )?1st\.",
        lambda of, found, _: of.brackets[0] == [found["title"]] and bool(found["firmly"]) == _is_steady_first(of),
    ),
    claim(
        rf"It came (?:first|1st to (?P<high>{ORDINAL})) in at least 95 of 100 recounts"
        rf"(?P<beats> and beats every other {KIND})?\.",
        _came_first,
    ),
    claim(rf"(?P<first>{ORDINAL}) (?:to|and) (?P<last>{ORDINAL}) are too close to call\.", _is_bracket),
    claim(
        rf"Among the {KIND}, (?:{PLACES} are too close to call|these places are too close to call: {PLACES}.*)\.",
        lambda of, _, s: re.findall(PLACES, s.words) == close_calls(of),
    ),
    claim(rf"Joint (?P<first>{ORDINAL})(?P<last>) is an exact tie\.", _is_bracket),
    claim(
        rf"So (?:is|are) {N} other brackets? further down\.",
        lambda of, found, _: _brackets_after_first(of) == 1 + number(found["n"]),
    ),
    claim(r"No places below them share a bracket\.", lambda of, *_: _brackets_after_first(of) == 1),
    claim(
        r"No other places share a bracket\.",
        lambda of, *_: not _is_first_alone(of) and _brackets_after_first(of) == 0,
    ),
    claim(
        r"Each average place is clearly apart from the next\.",
        lambda of, *_: of.m > 1 and not _places_of_bracket(of),
    ),
    claim(r"No ballot is missing\.", lambda of, *_: _missing(of) == 0),
    claim(rf"(?:Nothing: every|Every) government voted, {C} of {S}\.", lambda of, *_: _missing(of) == 0),
    claim(r"Missing ballots can’t change 1st\.", lambda of, *_: _bound(of, _first(of).title) == (1, 1)),
    claim(r"Missing ballots might have changed 1st\.", lambda of, *_: _bound(of, _first(of).title)[1] > 1),
    claim(rf"The {N} governments? that didn’t vote might have changed (?P<place>\w+) place\.", _first_to_change),
    claim(rf"{N} governments? didn’t vote\.", lambda of, found, _: number(found["n"]) == _missing(of)),
    claim(rf"(?:(?P<one>Its ballot)|Together they) might have put another {KIND} first\.", _another_might_be_first),
    # agreement
    claim(
        rf"Pick any two governments, and any two {KIND} that both put in order:"
        r" (?P<share>\d+) times in 100 they agree on which matters more\.",
        _share,
    ),
    claim(r"A coin flip would give 50\.", always),
    claim(r"(?P<share>\d+) of 100 (?:comparisons agree|squares filled)", _share),
    claim(r"It runs from 0 \(no agreement\) to 1 \(every list is the same\)\.", always),
    claim(
        r"In 2030 it is (?P<w>\d\.\d\d), which we call (?P<word>\w+) agreement\.",
        lambda of, found, _: (float(found["w"]), found["word"]) == (of.file["kendall_w"], of.file["agreement_word"]),
    ),
    claim(
        r"Agreement \(Kendall’s W\) is (?P<w>\d\.\d\d) on a scale from 0 to 1\. little from 0 to 0\.1, .*",
        lambda of, found, _: float(found["w"]) == of.file["kendall_w"],
    ),
    claim(
        r"The figure is withheld, because a count of more than 90 % of the ballots could be worked out from it\.",
        lambda of, *_: of.file["kendall_w"] is None,
    ),
    # recounts
    claim(
        rf"From the {U} ballots?, we drew (?P<drawn>\d+) at random, some more than once, and counted again:"
        r" (?P<times>[\d,]+) times\.",
        lambda of, found, _: number(found["drawn"]) == of.used and number(found["times"]) == of.file["resamples"],
    ),
    claim(rf"Each bar shows where a {KIND} came in at least 95 of 100 recounts\.", always),
    claim(ABOUT_BRACKETS, always),
    # head to head
    claim(r"Two at a time, who wins\?", always),
    claim(
        rf"Each cell counts the governments, of {U}, that rank the {KIND} on the left above the one in the column\.",
        always,
    ),
    claim(rf"Two lists can tie on a pair, so opposite cells don’t always add up to {U}\.", always),
    claim(rf"One square for each of the {M}, in order\.", always),
    claim(rf"Select a row for the numbers, of {U} governments\.", always),
    claim(r"wins by .* loses goes against the order", _wins_by),
    claim(rf"{T} beats {N} of (?P<others>\d+) others\.", _beats),
    claim(
        rf"{T} beats each of the other {N}\.",
        lambda of, found, _: found["title"] == _winner(of) and number(found["n"]) == of.m - 1,
    ),
    claim(rf"No {KIND} beats every other\.", lambda of, *_: _winner(of) is None),
    claim(r"No result goes against the order\.", lambda of, *_: not _pairs_against_order(of)),
    claim(rf"{N} results? go(?:es)? against the order: (?P<pairs>.*)\.", _against_order),
    claim(
        r"A dash is a count that is withheld, because it would reveal more than 90 % of the ballots\.",
        lambda of, *_: any(None in row for row in of.file["support"]),
    ),
    # ways of counting
    claim(
        r"(?:No\.|All four ways of counting give the same order\.)",
        lambda of, *_: not any(_differing(of, method) for method in METHODS),
    ),
    claim(
        rf"(?P<method>{'|'.join(METHODS)}) gives another place to {N} of {M} {KIND}\.",
        lambda of, found, _: _differing(of, found["method"]) == number(found["n"]) > 0,
    ),
    claim(r"“2=” means tied for 2nd\.", always),
    claim(rf"It averages each {KIND}’s place on all {U} lists\.", always),
    claim(
        rf"Head to head counts wins less losses against the other {N}\.", lambda of, f, _: number(f["n"]) == of.m - 1
    ),
    claim(rf"Kemeny finds the order that contradicts the fewest comparisons of two {KIND}\.", always),
    claim(r"In 2030 exactly one order does\.", lambda of, *_: of.file["kemeny"]["n_optimal"] == 1),
    claim(rf"In 2030 {N} orders do so equally well\.", _orders),
    claim(rf"Where the {N} best orders differ", _orders),
    claim(r"A range spans the places in all of them\.", lambda of, *_: of.file["kemeny"]["n_optimal"] > 1),
    claim(rf"Order (?P<at>\d+): {ORDINAL} «.*», {ORDINAL} «[^»]*»\.", _order),
    claim(
        rf"{T}: (?P<low>{ORDINAL}) to (?P<high>{ORDINAL})",
        lambda of, found, _: (
            _ranks(of, "Kemeny")[of.file["titles"].index(found["title"])] == (place(found["low"]), place(found["high"]))
        ),
    ),
    # missing ballots
    claim(rf"{N} of {S} governments? did not vote\.", lambda of, found, _: number(found["n"]) == _missing(of) > 0),
    claim(rf"This is how far each {KIND} could move, at most, if .* to push it up or down\.", always),
    claim(
        rf"{NAMES} would stay (?P<place>{ORDINAL})\.",
        lambda of, found, _: _bound(of, names_in(found)[0]) == (place(found["place"]),) * 2,
    ),
    claim(r"We work this out from averages to one decimal, so the real ranges may be narrower\.", always),
    claim(
        rf"place in 2030 95 of 100 recounts best and worst, at most, with {N} more ballots?",
        lambda of, found, _: number(found["n"]) == _missing(of),
    ),
    claim(
        rf"{T}: (?P<place>(?:joint )?{ORDINAL}); in 95 of 100 recounts (?P<low>{ORDINAL})(?: to (?P<high>{ORDINAL}))?;"
        rf" with the missing ballots (?P<best>{ORDINAL}) to (?P<worst>{ORDINAL}) at most\.",
        _moves,
    ),
]
