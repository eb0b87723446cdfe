"""Claims about single entries, on the pages of a list and of an entry."""

from __future__ import annotations

import re

from tests.results.claims import NAME, NUMBERS, ORDINAL, ListPage, Row, Sentence, claim, number, place, steps_of

U, C, S, M, N = (NUMBERS[name] for name in ("used", "cast", "seats", "m", "n"))
KIND = "(?P<kind>priorities|challenges|priority|challenge)"
T = "«(?P<title>[^»]*)»"


def names_in(found: re.Match) -> list[str]:
    return NAME.findall(found["names"])


def _row(of: ListPage, found: re.Match, sentence: Sentence):
    title = found.groupdict().get("title") or sentence.about
    return of.rows[title]


def words_of(at: int, joint: bool) -> str:
    return Row("", at, joint, 0).words


def has_place(of: ListPage, found: re.Match, sentence: Sentence) -> bool:
    return _row(of, found, sentence).words == found["place"].lower()


def _has_range(of: ListPage, found: re.Match, sentence: Sentence) -> bool:
    row = _row(of, found, sentence)
    low, high = (place(found["low"]), place(found["high"])) if found["low"] else (row.place, row.place)
    return row.words == found["place"].lower() and (low, high) == (row.low, row.high) and low <= row.place <= high


def _firm(of: ListPage, found: re.Match, sentence: Sentence) -> bool:
    row = _row(of, found, sentence)
    is_firm = found["firm"] is not None and place(found["firm"]) == row.place == row.low == row.high
    return row.words == found["place"].lower() and (is_firm or not row.low)


def _in_top_three(of: ListPage, found: re.Match, sentence: Sentence) -> bool:
    row = _row(of, found, sentence)
    return row.top3 == ("over 90 %" if found["over"] else number(found["n"]))


def _few(of: ListPage, found: re.Match, sentence: Sentence) -> bool:
    row = _row(of, found, sentence)
    few = number(found["n"])
    return row.few == (few, of.used) and 2 * few < of.used and of.of(row.title, "ranked_by") == few


def _in_first_three(row: Row) -> int:
    """Return how many the chart shows at 1st to 3rd."""
    return sum(count for words, count in row.steps.items() if re.fullmatch("1st.*|2nd.*|3rd", words)
               and place(re.findall(ORDINAL, words)[-1]) <= 3)  # fmt: skip


def has_ties_below_third(row: Row) -> bool:
    return isinstance(row.top3, int) and _in_first_three(row) > row.top3


def _ties(of: ListPage, found: re.Match, sentence: Sentence) -> bool:
    row = _row(of, found, sentence)
    shown = number(found["n"]), number(found["top"])
    return shown == (_in_first_three(row), row.top3) and has_ties_below_third(row)


def _steps(of: ListPage, found: re.Match, sentence: Sentence) -> bool:
    row = _row(of, found, sentence)
    if row.over:
        return bool(found["over"]) and found[0].startswith(f"More than 90 % put it {row.over} of")
    steps = {words: count for words, count in row.steps.items() if words != "not ranked"}
    parts = re.findall(
        rf"(\d+|[Nn]one)(?: of \d+ put it)? ({ORDINAL}(?: (?:or|to) {ORDINAL})?(?: or not ranked)?)", found[0]
    )
    return {words: number(count) for count, words in parts} == steps and not found["over"]


def _scale(of: ListPage, found: re.Match, _) -> bool:
    row = of.rows[found["title"]]
    stays = found["stays"]
    low, high = (place(stays), place(stays)) if stays else (int(found["low"]), int(found["high"]))
    return (int(found["place"]), low, high) == (row.place, row.low, row.high)


def _duels(of: ListPage, found: re.Match, sentence: Sentence) -> bool:
    average = float(of.rows[sentence.about].average or "nan")
    return int(found["share"]) == round(100 * (of.m - average) / (of.m - 1))


def _abstained(of: ListPage, found: re.Match, _) -> bool:
    level = of.cast - of.used
    return number(found["n"]) == level and ("puts" in found[0]) == (level == 1) == ("it is" in found[0])


def _middle(of: ListPage, found: re.Match, sentence: Sentence) -> bool:
    row = of.rows[sentence.about]
    said = [place(each) for each in re.findall(ORDINAL, found[0])]
    return said == row.middle and (found["word"] or "") == row.word


def _chart(of: ListPage, found: re.Match, _) -> bool:
    return bool(of.rows[found["title"]].steps)


def _steps_of_chart(of: ListPage, found: re.Match, sentence: Sentence) -> bool:
    return steps_of(found[0]) in [row.steps for row in of.rows.values()]


def _over_the_years(of: ListPage, found: re.Match, _) -> bool:
    said = {int(year): words for words, year in re.findall(rf"((?:joint )?{ORDINAL}) in (\d{{4}})", found["years"])}
    assert of.before is not None
    shown = {2029: of.before.rows[found["title"]].words, 2030: of.rows[found["title"]].words}
    return said == shown


def always(*_) -> bool:
    return True


PLACE = rf"(?P<place>(?:[Jj]oint )?{ORDINAL})"
OVER = "(?P<over>(?:More than|Over) 90 %)"
STEP = rf"{ORDINAL}(?: (?:or|to) {ORDINAL})?(?: or not ranked)?"
OF_ENTRIES = [
    claim(
        rf"(?P<n>\d+) ?{T}(?P<joint> joint)?",
        lambda of, found, s: _row(of, found, s).words == words_of(int(found["n"]), bool(found["joint"])),
    ),
    claim(rf"{PLACE}: ?{T}(?: joint)?(?: {PLACE.replace('place', 'again')})?", has_place),
    claim(rf"(?P<place>(?:[Jj]oint )?{ORDINAL})", has_place),
    claim(rf"{PLACE}, (?:(?P<low>{ORDINAL}) to (?P<high>{ORDINAL})|and steady there)\.", _has_range),
    claim(rf"(?:{OVER}|{N} of {U}) put it in their top three\.", _in_top_three),
    claim(rf"[Ff]ew ranked it: {N} of {U}\.?", _few),
    claim(r"Opinion is divided\.", lambda of, found, sentence: _row(of, found, sentence).word == "divided"),
    claim(rf"(?:{OVER}|{N} of {U}) put it {STEP} of the {M}(?:, (?:\d+|none) {STEP})*\.", _steps),
    claim(
        rf"{T}: place (?P<place>\d+) on a scale of 1 to {M}; "
        rf"(?:between (?P<low>\d+) and (?P<high>\d+)|stays (?P<stays>{ORDINAL}))\.",
        _scale,
    ),
    claim(rf"Joint {PLACE.replace('place', 'x')}\.", lambda of, found, s: _row(of, found, s).words == f"joint {found['x']}"),
    claim(rf"The dot is the place, from 1st at the left to (?P<last>{ORDINAL}) at the right\.",
          lambda of, found, _: place(found["last"]) == of.m),
    claim(rf"{M} {KIND}(?:, the most pressing first, each)? with what an elected or appointed leader can do\.",
          lambda of, found, _: (of.m == 1) == (found["kind"] == "challenge" or found["kind"] == "priority")),
    claim(rf"{M} {KIND}, in order of publication, each with what an elected or appointed leader can do\.",
          lambda of, found, _: of.used == 0),
]  # fmt: skip
ON_LISTS = [
    claim(r"“Top three” takes the middle of its places: a tie for 3rd and 4th is 3\.5\.", always),
    claim(rf"The {M} {KIND} of 2030 in the order of the network, from {U} lists?", always),
    claim(rf"Places given by {U} governments?", always),
    claim(rf"Average place of {M}", always),
    claim(rf"Top three, of {U}(?: lists?)?", always),
    claim(rf"{T}: number of governments by the place that they give it\.", _chart),
    claim(rf"{STEP}: \d+(?:, {STEP}: \d+)*(?:; not ranked: \d+)?\.", _steps_of_chart),
    claim(
        rf"{N} more of the ballots cast puts? everything level; (?:it is|they are) counted as abstaining\.", _abstained
    ),
    claim(r"The governments themselves cast every ballot\.", lambda of, *_: of.cast > 0),
]
ON_ENTRIES = [
    claim(rf"So the chart shows {N} governments? at 1st to 3rd, and the top three counts (?P<top>none|\d+)\.", _ties),
    claim(rf"{KIND.replace('priorities', 'Priority|Challenge')} of 2030", always),
    claim(rf"{PLACE} of {M}(?: Firmly (?P<firm>{ORDINAL})\.)?", _firm),
    claim(
        rf"{PLACE} of {M} With another set of similar governments it could be "
        rf"(?P<low>{ORDINAL}) to (?P<high>{ORDINAL})\.",
        _has_range,
    ),
    claim(
        rf"The middle half of governments put it (?:between )?{ORDINAL}(?: and {ORDINAL})?(?:: (?P<word>\w+) ?)?\.", _middle
    ),
    claim(rf"Its average place is (?P<average>\d+\.\d) of {M}\.",
          lambda of, found, s: of.rows[s.about].average == found["average"]),
    claim(
        rf"So on (?P<share>\d+) of 100 lists it stands above a {KIND} picked at random\.", _duels
    ),
    claim(rf"Next: {T}, {PLACE}", has_place),
    claim(
        rf"Number of governments giving each place ?{U} lists? of 2030(?:; the line below spans the middle half)?",
        always,
    ),
    claim(
        rf"{KIND.replace('priorities', 'Priority|Challenge')} of 2030 · in order of publication, not ranked",
        lambda of, *_: of.used == 0,
    ),
    claim(rf"{T}, places by year: on ours (?P<years>.*)", _over_the_years),
    claim(r"Continues «(?P<title>[^»]*)» of 2029\.", lambda of, found, s: found["title"] == s.about),
    claim(rf"More than 90 % of the {U} governments put it (?P<step>.*)\.",
          lambda of, found, s: of.rows[s.about].over == found["step"]),
    claim(rf"Governments of {U}", always),
]  # fmt: skip
