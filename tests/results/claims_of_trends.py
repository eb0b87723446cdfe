"""Claims of the trends page, checked against its table and the ballots of the governments that ranked both lists."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from tests.reading import text
from tests.results.claims import NAMES, NUMBERS, ORDINAL, ListPage, claim, number, place
from tests.results.claims_of_entries import KIND, always, names_in
from tests.results.claims_of_lists import CONSTANT
from tests.results.claims_of_summaries import SINCE, clear_moves

N = NUMBERS["n"]
JOINT = rf"(?:joint )?{ORDINAL}"
YEAR = r"20\d\d"


class TrendsPage:
    """The table of places by title and year, and the moves that follow from it."""

    def __init__(self, root: Element, lists: Mapping[int, ListPage]) -> None:
        table = next((each for each in root.iter("table") if each.get("data-testid") == "years"), None)
        self.lists, self.wrong = lists, []
        self.places: dict[str, dict[int, str]] = {}
        self.said: dict[str, str] = {}
        self.columns = 0
        for row in table.iter("tr") if table is not None else ():
            cells = [text(cell) for cell in row]
            found = [re.fullmatch(rf"({YEAR}): ?(?:\S+ )?(.*)", cell) for cell in cells]
            if by_year := {int(each[1]): each[2] for each in found if each}:
                self.columns = len(by_year)
                # an entry of an earlier year that has no part in a newer one may have the same title
                title = f"{cells[0]}, before" if cells[0] in self.places else cells[0]
                self.places[title] = by_year
                self.said[title] = cells[1 + len(by_year)]
        self.drawn = {
            text(next(row.iter("a"))): text(next(row.iter("p")))
            for picture in root.iter("div")
            if picture.get("data-figure") == "picture"
            for row in picture.iter("li")
            if row.find(".//a") is not None
        }
        ranked = [year for year in sorted(lists) if any(self.at(title, year) for title in self.places)]
        self.since, self.newest = ranked[-2:] if len(ranked) > 1 else (None, ranked[-1] if ranked else None)

    def at(self, title: str, year: int | None) -> int | None:
        words = self.places.get(title, {}).get(year or 0, "")
        return place(words) if re.fullmatch(JOINT, words) else None

    @property
    def moves(self) -> dict[str, int]:
        """Return by how many places each entry on both lists is higher now."""
        then = {title: self.at(title, self.since) for title in self.places}
        now = {title: self.at(title, self.newest) for title in self.places}
        return {title: then[title] - now[title] for title in self.places if then[title] and now[title]}

    @property
    def tells_chance(self) -> bool:
        return bool(self.since and self.newest and self.lists[self.newest].fed.both >= 10)

    @property
    def clear(self) -> list[str]:
        """Return the entries that moved clearly, in the order of the table."""
        found = clear_moves(self.lists[self.newest]) if self.since and self.newest else []
        return [title for title in self.places if title in found]

    def wrong_moves(self) -> list[str]:
        """The cells of moves that do not follow from the places beside them."""
        wrong = []
        for title, said in self.said.items():
            by = self.moves.get(title)
            words = f"{'up' if (by or 0) > 0 else 'down'} {abs(by or 0)} place{'' if abs(by or 0) == 1 else 's'}"
            expected = "" if by is None else "the same place" if not by else words
            if self.since and said != expected:
                wrong.append(f"{title}: {said!r} instead of {expected!r}")
            drawn = f"{self.places[title].get(self.newest or 0)} {title} {expected}"
            if self.since and title in self.drawn and by is not None and self.drawn[title] != drawn:
                wrong.append(f"{title}: {self.drawn[title]!r} in the picture instead of {drawn!r}")
        return wrong


def claims_of_trends(shown: TrendsPage) -> list:
    moves, clear = shown.moves, shown.clear
    moved = [title for title, by in moves.items() if by]

    def furthest(way: str) -> int:
        signs = [by for by in moves.values() if (by > 0) == (way == "went up") and by]
        return max((abs(by) for by in signs), default=0)

    def movers(_, found: re.Match, __) -> bool:
        said = re.findall(rf"«([^»]*)» (went up|went down) from ({JOINT}) to ({JOINT})", found[0])
        return all(
            shown.places[title][shown.since] == then
            and shown.places[title][shown.newest] == now
            and abs(moves[title]) == furthest(way)
            and (moves[title] > 0) == (way == "went up")
            for title, way, then, now in said
        )

    def many(_, found: re.Match, __) -> bool:
        way, by = found["way"], number(found["by"])
        same = [each for each in moves.values() if each == (by if way == "went up" else -by)]
        return len(same) == number(found["n"]) > 2 and by == furthest(way) and ("places" in found[0]) == (by != 1)

    def movers_most(_, found: re.Match, __) -> bool:
        most = max(map(abs, moves.values()), default=0)
        told = [title for title in moved if abs(moves[title]) == most]
        ways = {moves[title] > 0 for title in told}
        return not shown.tells_chance and (
            len(told) == number(found["n"])
            if found["n"]
            else told == names_in(found) and ways == {found["way"] == "rose"}
        )

    def movers_clearly(_, found: re.Match, __) -> bool:
        if found["n"]:
            return len(clear) == number(found["n"])
        return clear == names_in(found) and {moves[title] > 0 for title in clear} == {found["way"] == "rose"}

    def named_clearly(_, found: re.Match, __) -> bool:
        told = [title for title in clear if (moves[title] > 0) == (found["way"] == "rose")]
        return len(clear) > 1 and sorted(told) == sorted(names_in(found))

    since = rf"since (?P<year>{YEAR})\.?"
    return [
        claim(rf"{N} {KIND} moved most {since}|{NAMES} (?P<way>rose|fell) most since {YEAR}\.?", movers_most),
        claim(
            rf"{N} {KIND} clearly rose or fell {since}|{NAMES} clearly (?P<way>rose|fell) since {YEAR}\.?",
            movers_clearly,
        ),
        claim(rf"Another list than in {YEAR}\.?", lambda *_: bool(shown.since) and not moves),
        claim(rf"No place has changed {since}", lambda *_: bool(moves) and not moved),
        claim(rf"No clear change {since}", lambda *_: bool(moved) and not clear and shown.tells_chance),
        claim(
            rf"Only (?P<year>{YEAR}) has places so far, so nothing has moved yet\.",
            lambda _, found, __: shown.since is None and int(found["year"]) == shown.newest,
        ),
        claim(
            rf"None of the {KIND} of (?P<now>{YEAR}) was on the list of (?P<then>{YEAR}), so no places can be compared\.",
            lambda _, found, __: not moves and (int(found["then"]), int(found["now"])) == (shown.since, shown.newest),
        ),
        claim(rf"Every {KIND} on both lists kept its place\.", lambda *_: bool(moves) and not moved),
        claim(r"«[^»]*» (?:went up|went down) from .*\.", movers),
        claim(rf"{N} (?P<way>went up|went down) by (?P<by>\d+) places?\.", many),
        claim(rf"{NAMES} clearly (?P<way>rose|fell)\.", named_clearly),
        claim(
            r".*Places are out of (?P<sizes>[^.]*)\.",
            lambda _, found, __: (
                {int(year): int(m) for m, year in re.findall(rf"(\d+) in ({YEAR})", found["sizes"])}
                == {year: shown.lists[year].m for year in (shown.since, shown.newest) if year}
            ),
        ),
        claim(rf"In the order of (?P<year>{YEAR})\.", lambda _, found, __: int(found["year"]) == shown.newest),
        claim(
            rf"Places of {N} {KIND} over (?P<lists>\d+) lists?",
            lambda _, found, __: number(found["n"]) == len(shown.places) and int(found["lists"]) == shown.columns,
        ),
        claim(r"No list has been ranked yet\.|No priorities with places to show\.", lambda *_: shown.newest is None),
        claim(r"20\d\d|Since 20\d\d|Priorities over the years", always),
        claim(
            r"Places on each ranked list, the first on top|“.*|.*merged or split\.|A (?:place|dotted line) .*", always
        ),
        claim(rf"Each line is one {KIND}\.|Heavy lines are those that moved most\.", always),
        *SINCE,
        *CONSTANT,
    ]
