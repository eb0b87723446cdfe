"""What a brief says of one government's order beside the network's, held against the places that it prints."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import combinations

from tests.results.claims import NAME, NAMES, NUMBERS, ORDINAL, ListPage, Sentence, claim, number
from tests.results.claims_of_entries import KIND, OF_ENTRIES, words_of
from tests.results.claims_of_lists import CONSTANT, HEADLINES, OF_THE_NETWORK

M, N = NUMBERS["m"], NUMBERS["n"]
T = "«(?P<title>[^»]*)»"
JOINT = rf"(?:joint )?{ORDINAL}"


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
        """How many pairs are the same way round on both lists, and how many both put in order."""
        same = both = 0
        for one, two in combinations(self.of.rows, 2):
            ours = self.order.get(one, 10**6) - self.order.get(two, 10**6)
            theirs = self.of.rows[one].place - self.of.rows[two].place
            both += bool(ours and theirs)
            same += ours * theirs > 0
        return same, both

    def agrees(self, title: str, ours: str, theirs: str) -> bool:
        """Whether these are its places with us and in the network."""
        mine = self.words.get(title) or ("not on our list" if "not on" in ours else "not ranked")
        return ours.replace("not on the list", "not on our list") == mine and theirs == self.of.rows[title].words


def claims_of_brief(ours: Mapping[str, Ours]) -> list:
    """The claims of a brief, held against `ours`, by kind."""

    def mine(of: ListPage) -> Ours:
        return ours[of.kind]

    def names(found: re.Match) -> list[str]:
        return NAME.findall(found["names"])

    def is_near(of: ListPage, found: re.Match, _) -> bool:
        own = mine(of)
        said = re.findall(rf"«([^»]*)» \(({JOINT}) with us, ({JOINT}) in the network\)", found[0])
        near = [title for title in own.place if abs(own.higher(title)) <= 1]
        others = number(found["n"]) if found["n"] else 0
        return len(said) + others == len(near) and all(
            title in near and own.agrees(title, *places) for title, *places in said
        )

    def is_far(of: ListPage, found: re.Match, sentence: Sentence) -> bool:
        own, title = mine(of), found["title"]
        far = own.higher(title) >= 2 if sentence.under == "Higher with us" else own.higher(title) <= -2
        return far and own.agrees(title, found["ours"], found["theirs"])

    def stands_alike(of: ListPage, found: re.Match, _) -> bool:
        same, both = mine(of).pairs
        said = both if found["all"] else number(found["n"])
        verb = ("stands" in found[0]) == (said == 1)
        return (said, number(found["all"] or found["both"])) == (same, both) and both > 1 and verb

    def in_a_group(of: ListPage, found: re.Match, _) -> bool:
        index = of.file["titles"].index(found["title"])
        parts = [(part["size"], part["average"][index]) for part in of.file["cohorts"]["parts"]]
        return (number(found["n"]), float(found["average"])) in parts

    return [
        claim(
            rf"We cast no ballot of {KIND} in 2030, so this page shows the network’s list alone\.",
            lambda of, *_: not mine(of).order,
        ),
        claim(
            rf"No ballot puts the {KIND} of 2030 in order, so there is no result\.",
            lambda of, *_: of.used == 0,
        ),
        claim(
            rf"We put {T} first, and the network (?P<jointly>jointly )?does the same\.",
            lambda of, found, _: (
                mine(of).first == [found["title"]]
                and of.rows[found["title"]].words == ("joint 1st" if found["jointly"] else "1st")
            ),
        ),
        claim(
            rf"We put {T} first, where the network has it (?P<theirs>{JOINT})\.",
            lambda of, found, _: (
                mine(of).first == [found["title"]] and of.rows[found["title"]].words == found["theirs"]
            ),
        ),
        claim(
            rf"We put {NAMES} first together\.",
            lambda of, found, _: mine(of).first == names(found) and len(names(found)) > 1,
        ),
        claim(r"The network does the same\.", lambda of, *_: mine(of).first == mine(of).network_first),
        claim(
            rf"The network jointly puts {NAMES} first\.",
            lambda of, found, _: mine(of).network_first == names(found) and len(names(found)) > 1,
        ),
        claim(rf"The network puts {T} first\.", lambda of, found, _: mine(of).network_first == [found["title"]]),
        claim(
            rf"The network’s first, {T}, is (?:our (?P<ours>{JOINT})|not on our list)\.",
            lambda of, found, _: (
                mine(of).network_first == [found["title"]] and mine(of).words.get(found["title"]) == found["ours"]
            ),
        ),
        claim(rf"We ranked all {M} {KIND}\.", lambda of, *_: not mine(of).left_off),
        claim(
            rf"We ranked {N} of the {M} {KIND}\.",
            lambda of, found, _: 0 < number(found["n"]) == len(mine(of).place) < of.m,
        ),
        claim(
            rf"The {N} left off share the places below\.",
            lambda of, found, _: number(found["n"]) == len(mine(of).left_off) > 1,
        ),
        claim(
            rf"{NAMES} were left off and share the places below\.",
            lambda of, found, _: names(found) == mine(of).left_off,
        ),
        claim(rf"{T} was left off and stands below\.", lambda of, found, _: [found["title"]] == mine(of).left_off),
        claim(
            rf"The one pair of {KIND} that both put in order stands the (?P<way>same|other) way round on our list and"
            r" the network’s\.",
            lambda of, found, _: mine(of).pairs == (int(found["way"] == "same"), 1),
        ),
        claim(
            rf"(?:All (?P<all>\d+)|{N} of the (?P<both>\d+)) pairs of {KIND} that both put in order stands? the same way"
            r" round on both lists\.",
            stands_alike,
        ),
        claim(
            rf"At most one place apart: (?:(?:, | and )?«[^»]*» \({JOINT} with us, {JOINT} in the network\))+"
            rf"(?:,? and {N} others?)?\.",
            is_near,
        ),
        claim(
            rf"None of the {KIND} that we ranked stands within one place of the network’s\.",
            lambda of, *_: not any(abs(mine(of).higher(title)) <= 1 for title in mine(of).place),
        ),
        claim(
            rf"{T}: (?P<ours>{JOINT} with us|not on our list), (?P<theirs>{JOINT}) in the network\.".replace(
                " with us|", "|"
            ).replace("list), ", "list)(?: with us)?, "),
            is_far,
        ),
        claim(
            r"Nothing on our list stands far from the network’s\.",
            lambda of, *_: not any(abs(mine(of).higher(title)) >= 2 for title in of.rows),
        ),
        claim(
            rf"As a group, .* \({N} ballots\) put {T} at an average place of (?P<average>\d+\.\d) of {M}\.", in_a_group
        ),
        claim(
            rf"We put {T} (?P<ours>{JOINT}), the network (?P<theirs>{JOINT})\.",
            lambda of, found, _: (
                mine(of).higher(found["title"]) >= 2 and mine(of).agrees(found["title"], found["ours"], found["theirs"])
            ),
        ),
        claim(
            rf"The network puts {T} (?P<theirs>{JOINT}); with us it is (?P<ours>{JOINT}|not on the list)\.",
            lambda of, found, _: (
                mine(of).higher(found["title"]) <= -2
                and mine(of).agrees(found["title"], found["ours"], found["theirs"])
            ),
        ),
        claim(rf"We put {NAMES} first\.", lambda of, found, _: mine(of).first[:3] == names(found)),
        claim(rf"The network puts {NAMES} first\.", lambda of, found, _: mine(of).network_first[:3] == names(found)),
        claim(rf"{T} is in our top three\.", lambda of, found, _: mine(of).place[found["title"]] <= 3),
        claim(
            rf"(?P<ours>{JOINT})",
            lambda of, found, sentence: mine(of).words[sentence.about] == found["ours"],
        ),
        claim(
            rf"{T} ?network (?P<theirs>{JOINT}) of {M}",
            lambda of, found, _: of.rows[found["title"]].words == found["theirs"],
        ),
        claim(
            rf"{T} ?(?:(?P<ours>{JOINT}|not ranked) with us, )?(?P<theirs>{JOINT}) in the network",
            lambda of, found, _: (
                bool(found["ours"]) == bool(mine(of).order)
                and mine(of).agrees(
                    found["title"], found["ours"] or mine(of).words.get(found["title"], "not ranked"), found["theirs"]
                )
            ),
        ),
        claim(
            r"What would move (?P<one>one of them|it) forward\?",
            lambda of, found, _: (found["one"] == "it") == (len(mine(of).first) == 1),
        ),
        claim(r"Town \w+, 2030", lambda *_: True),
        claim(r"We have not said yet what we do about these priorities\.", lambda *_: True),
        claim(
            r"How this was counted: .*|What kept us from ranking .*|What would we stop doing to make room for what comes first\?",
            lambda *_: True,
        ),
        *[each for each in OF_ENTRIES if "«" in each[0].pattern],
        *HEADLINES,
        *OF_THE_NETWORK,
        *CONSTANT,
    ]
