"""Claims of a brief about its government’s order and the network’s, checked against the places that it prints."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import combinations

from tests.results.claims import NAME, NAMES, NUMBERS, ORDINAL, ListPage, Sentence, claim, number, place
from tests.results.claims_of_entries import KIND, words_of
from tests.results.claims_of_lists import CONSTANT
from tests.results.claims_of_summaries import MEMO, SURE

M, N = NUMBERS["m"], NUMBERS["n"]
T = "«(?P<title>[^»]*)»"
JOINT = rf"(?:joint )?{ORDINAL}"
BOTH_PLACES = rf"(?:({JOINT}) with us, )?({JOINT}) in the network"


class Ours:
    """One government's places of one list, as it ranked them."""

    def __init__(self, order: Mapping[str, int], titles: Mapping[str, str], of: ListPage) -> None:
        places = {titles[slug]: mine for slug, mine in order.items()}
        given = list(places.values())
        self.of, self.order = of, places
        self.place = {title: 1 + sum(each < mine for each in given) for title, mine in places.items()}
        self.words = {title: words_of(self.place[title], given.count(mine) > 1) for title, mine in places.items()}
        self.left_off = [title for title in of.rows if title not in places]

    @property
    def first(self) -> list[str]:
        return [title for title in self.of.rows if self.place.get(title) == 1]

    @property
    def network_first(self) -> list[str]:
        return [title for title, row in self.of.rows.items() if row.place == 1]

    def higher(self, title: str) -> float:
        """By how many places it is higher with us; what we left off shares the last places."""
        last = len(self.place) + (1 + len(self.left_off)) / 2
        return self.of.rows[title].place - self.place.get(title, last)

    @property
    def pairs(self) -> tuple[int, int]:
        """Return how many pairs both lists order the same way, and how many both order."""
        same = both = 0
        for one, two in combinations(self.of.rows, 2):
            ours = self.order.get(one, 10**6) - self.order.get(two, 10**6)
            theirs = self.of.rows[one].place - self.of.rows[two].place
            both += bool(ours and theirs)
            same += ours * theirs > 0
        return same, both

    def agrees(self, title: str, ours: str, theirs: str) -> bool:
        """Return if these are its places with us and in the network."""
        return ours == self.words.get(title, "not ranked") and theirs == self.of.rows[title].words


def claims_of_brief(ours: Mapping[str, Ours]) -> list:
    """The claims of a brief, held against `ours`, by kind."""

    def mine(of: ListPage) -> Ours:
        return ours[of.kind]

    def names(found: re.Match) -> list[str]:
        return NAME.findall(found["names"])

    def is_far(of: ListPage, found: re.Match, sentence: Sentence) -> bool:
        own, title = mine(of), found["title"]
        far = own.higher(title) >= 2 if sentence.under == "Higher with us" else own.higher(title) <= -2
        return far and own.agrees(title, found["ours"], found["theirs"])

    def are_alike(of: ListPage, found: re.Match, _) -> bool:
        return (number(found["n"]), number(found["both"])) == mine(of).pairs and found["both"] != "0"

    def in_a_group(of: ListPage, found: re.Match, _) -> bool:
        """Return if the averages of a group of that size leave exactly this range of places."""
        index = of.file["titles"].index(found["title"])
        groups = []
        for part in of.file["cohorts"]["parts"]:
            average = part["average"][index]
            if part["size"] == number(found["n"]) and average is not None:
                low = 1 + sum(each is not None and each < average for each in part["average"])
                groups.append((low, sum(each is None or each <= average for each in part["average"])))
        return (place(found["low"]), place(found["high"] or found["low"])) in groups

    def in_the_network(of: ListPage, found: re.Match, _) -> bool:
        row = of.rows[found["title"]]
        drawn = (row.low, row.high) if of.has_figures and row.low != row.high else None
        said = (place(found["low"]), place(found["high"])) if found["low"] else None
        return (row.words, drawn) == (found["theirs"], said)

    def is_beside(of: ListPage, found: re.Match, _) -> bool:
        title, said = found["title"], found["ours"]
        return of.rows[title].words == found["theirs"] and mine(of).words.get(title) == (said and said.lower())

    def asks_why(of: ListPage, found: re.Match, _) -> bool:
        title, said = found["title"], found["ours"] or "not ranked"
        return mine(of).higher(title) <= -2 and mine(of).agrees(title, said, found["theirs"])

    def are_first_in_a_memo(of: ListPage, found: re.Match, sentence: Sentence) -> bool:
        said = re.findall(f"«([^»]*)»: {BOTH_PLACES}", sentence.words)
        ranked = [of.rows[title].place if not mine(of).order else mine(of).place[title] for title, *_ in said]
        right = all(mine(of).agrees(title, ours or "not ranked", theirs) for title, ours, theirs in said)
        return right and ranked == sorted(ranked) and len(said) == min(5, len(mine(of).place) or of.m)

    return [
        claim(rf"(?:«[^»]*»: {BOTH_PLACES} ?)+", are_first_in_a_memo),
        claim(rf"The network’s {KIND} in 2030\.?", lambda of, *_: not mine(of).order),
        claim(rf"The {KIND} of 2030\.?", lambda of, *_: bool(mine(of).order)),  # without any result to set it beside
        claim(rf"We put {NAMES} first in 2030\.?", lambda of, found, _: mine(of).first == names(found)),
        claim(
            rf"We put {N} {KIND} first in 2030\.?", lambda of, found, _: number(found["n"]) == len(mine(of).first) > 3
        ),
        claim(
            rf"We cast no ballot of {KIND}, so"
            r" (?:this page shows the network’s list alone|they are in the network’s order)\.",
            lambda of, *_: not mine(of).order and of.used > 0,
        ),
        claim(
            rf"No ballot puts the {KIND} of 2030 in order, so there is no result\.",
            lambda of, *_: of.used == 0,
        ),
        claim(r"The network does the same\.", lambda of, *_: mine(of).first == mine(of).network_first),
        claim(
            rf"The network ranks it (?P<theirs>{JOINT})\.",
            lambda of, found, _: [of.rows[title].words for title in mine(of).first] == [found["theirs"]],
        ),
        claim(
            rf"{NAMES} share first place on our list\.",
            lambda of, found, _: mine(of).first == names(found) and len(names(found)) > 3,
        ),
        claim(
            rf"{NAMES} share first place in the network\.",
            lambda of, found, _: mine(of).network_first == names(found) and len(names(found)) > 1,
        ),
        claim(rf"The network puts {T} first\.", lambda of, found, _: mine(of).network_first == [found["title"]]),
        claim(
            rf"(?:Its|The network’s) first, {T}, is (?:our (?P<ours>{JOINT})|not on our list)\.",
            lambda of, found, _: (
                mine(of).network_first == [found["title"]]
                and mine(of).words.get(found["title"]) == found["ours"]
                and found[0].startswith("Its") == (len(mine(of).first) == 1)
            ),
        ),
        claim(
            rf"{N} of (?P<both>\d+) pairs? of {KIND} that both lists put in order (?:is|are) in the same order on both\.",
            are_alike,
        ),
        claim(rf"{N} of {M} {KIND} ranked\.", lambda of, found, _: number(found["n"]) == len(mine(of).place) > 0),
        claim(
            rf"We left off the other {N}\.",
            lambda of, found, _: number(found["n"]) == len(mine(of).left_off) > 3,
        ),
        claim(  # no government of these networks has reported any
            rf"{N} of (?P<of>\d+) {KIND}(?: that we ranked)? (?:has|have) work that we reported\.",
            lambda of, found, _: (
                (number(found["n"]), number(found["of"])) == (0, len(mine(of).place) or of.m)
                and ("we ranked" in found[0]) == bool(mine(of).order)
            ),
        ),
        claim(rf"our place of {M} the network’s place(?: where the network’s place could fall)?", lambda *_: True),
        claim(
            rf"(?:(?:We and the|The) network, )?1st to (?P<last>{ORDINAL})",
            lambda of, found, _: place(found["last"]) == of.m,
        ),
        claim(
            rf"{T} ?network (?P<theirs>{JOINT})(?:, could be (?P<low>{ORDINAL}) to (?P<high>{ORDINAL}))?",
            lambda of, found, sentence: of.kind == "challenges" or in_the_network(of, found, sentence),
        ),
        claim(
            rf"(?:(?P<ours>(?:Joint )?{ORDINAL}) with us: )?{T} ?network (?P<theirs>{JOINT})",
            lambda of, found, sentence: of.kind == "priorities" or is_beside(of, found, sentence),
        ),
        claim(rf"{T} (?P<ours>{JOINT}|not ranked), network (?P<theirs>{JOINT})", is_far),
        claim(
            r"Nothing that we ranked is two or more places from its place in the network\.",
            lambda of, *_: not any(abs(mine(of).higher(title)) >= 2 for title in mine(of).place),
        ),
        claim(rf"On the {N} ballots of .*, {T} comes (?P<low>{ORDINAL})(?: to (?P<high>{ORDINAL}))?\.", in_a_group),
        claim(
            rf"We rank {T} (?P<ours>{JOINT}), and the network (?P<theirs>{JOINT})\.",
            lambda of, found, _: (
                mine(of).higher(found["title"]) >= 2 and mine(of).agrees(found["title"], found["ours"], found["theirs"])
            ),
        ),
        claim(
            rf"Why (?:do we|did we not) rank {T}(?: (?P<ours>{JOINT}))? when the network ranks it (?P<theirs>{JOINT})\?",
            asks_why,
        ),
        claim(
            rf"We rank {T} (?P<ours>{JOINT})\.",
            lambda of, found, _: mine(of).words[found["title"]] == found["ours"] and place(found["ours"]) <= 3,
        ),
        claim(rf"We put {NAMES} first\.", lambda of, found, _: mine(of).first[:3] == names(found)),
        claim(rf"The network puts {NAMES} first\.", lambda of, found, _: mine(of).network_first[:3] == names(found)),
        claim(
            rf"(?P<place>{JOINT})",
            lambda of, found, sentence: (
                (mine(of).words.get(sentence.about) if mine(of).order else of.rows[sentence.about].words)
                == found["place"]
            ),
        ),
        claim(
            rf"(?:How this was counted: )?{NUMBERS['used']} of {NUMBERS['seats']} governments? ranked the {KIND},"
            r" in whole or in part\.",
            lambda *_: True,
        ),
        claim(
            r"Where we differ most|(?:How this was counted: )?We average each place on every list\.|This page shows no other government’s list\.",
            lambda *_: True,
        ),
        *SURE,
        *MEMO,
        *CONSTANT,
    ]
