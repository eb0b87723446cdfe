from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mixportal.consensus.words import place_words
from mixportal.tables.text import counted, listed, sentence, spelled

MAX_NEAR_DISTANCE = 1.0
MIN_FAR_DISTANCE = 2.0
MAX_SHOWN = 3


@dataclass(frozen=True)
class Stand:
    """`own` and `network` are a place and whether it is joint. `rank` is the government's mid-rank.

    `average` is the network's, or None if readers may not see it.
    """

    title: str
    own: tuple[int, bool] | None
    rank: float
    network: tuple[int, bool]
    average: float | None

    @property
    def higher(self) -> float:
        theirs = self.average if self.average is not None else float(self.network[0])
        return theirs - self.rank

    @property
    def own_words(self) -> str:
        return place_words(*self.own) if self.own else "not ranked"

    @property
    def network_words(self) -> str:
        return place_words(*self.network)

    @property
    def beside(self) -> str:
        ours = f"{self.own_words} with us" if self.own else "not on our list"
        return f"{ours}, {self.network_words} in the network"


def firsts(stands: Sequence[Stand]) -> list[Stand]:
    return [stand for stand in stands if stand.own and stand.own[0] == 1]


def above(stands: Sequence[Stand]) -> list[Stand]:
    found = [stand for stand in stands if stand.own and stand.higher >= MIN_FAR_DISTANCE]
    return sorted(found, key=lambda stand: -stand.higher)[:MAX_SHOWN]


def below(stands: Sequence[Stand]) -> list[Stand]:
    found = [stand for stand in stands if stand.higher <= -MIN_FAR_DISTANCE]
    return sorted(found, key=lambda stand: stand.higher)[:MAX_SHOWN]


def near(stands: Sequence[Stand]) -> list[Stand]:
    found = [stand for stand in stands if stand.own and abs(stand.higher) <= MAX_NEAR_DISTANCE]
    return sorted(found, key=lambda stand: stand.rank)


def deck(stands: Sequence[Stand], plural: str, year: int) -> str:
    ours = firsts(stands)
    if not ours:
        return f"We cast no ballot of {plural} in {year}, so this page shows the network’s list alone."
    theirs = [stand for stand in stands if stand.network[0] == 1]
    titles = listed([stand.title for stand in ours])
    if len(ours) > 1:
        first = f"We put {titles} first together."
    elif ours[0].network[0] == 1:
        shared = " jointly" if ours[0].network[1] else ""
        return f"We put {titles} first, and the network{shared} does the same."
    else:
        first = f"We put {titles} first, where the network has it {ours[0].network_words}."
    if [stand.title for stand in theirs] == [stand.title for stand in ours]:
        return f"{first} The network does the same."
    others = [stand for stand in theirs if stand not in ours]
    if len(theirs) == 1 and others:
        return f"{first} The network’s first, {others[0].title}, is {_with_us(others[0])}."
    also = "puts" if len(theirs) == 1 else "jointly puts"
    return f"{first} The network {also} {listed([stand.title for stand in theirs])} first."


def _with_us(stand: Stand) -> str:
    return f"our {stand.own_words}" if stand.own else "not on our list"


def ranked(stands: Sequence[Stand], singular: str, plural: str) -> str:
    done = sum(1 for stand in stands if stand.own)
    left = [stand.title for stand in stands if not stand.own]
    if not left:
        return f"We ranked all {len(stands)} {plural}."
    head = f"We ranked {done} of the {len(stands)} {plural}."
    if len(left) > MAX_SHOWN:
        return f"{head} The {spelled(len(left))} left off share the places below."
    verb = "was left off and stands" if len(left) == 1 else "were left off and share the places"
    return f"{head} {listed(left)} {verb} below."


def same_pairs(stands: Sequence[Stand]) -> tuple[int, int]:
    """Return how many pairs both lists order the same way, and how many both order."""
    same = both = 0
    for number, one in enumerate(stands):
        for other in stands[number + 1 :]:
            ours, theirs = one.rank - other.rank, one.network[0] - other.network[0]
            if ours and theirs and (one.own or other.own):
                both += 1
                same += (ours < 0) == (theirs < 0)
    return same, both


def alike(stands: Sequence[Stand], plural: str) -> list[str]:
    same, both = same_pairs(stands)
    said = []
    if both == 1:
        way = "the same way round" if same else "the other way round"
        said.append(f"The one pair of {plural} that both put in order stands {way} on our list and the network’s.")
    elif both:
        share = f"All {both}" if same == both else f"{sentence(str(same or 'none'))} of the {both}"
        verb = "stands" if same == 1 else "stand"
        said.append(f"{share} pairs of {plural} that both put in order {verb} the same way round on both lists.")
    close = near(stands)
    if close:
        named = [f"{stand.title} ({stand.beside})" for stand in close[:MAX_SHOWN]]
        rest = len(close) - MAX_SHOWN
        if rest > 0:
            named.append(counted(rest, "other", "others"))
        said.append(f"At most one place apart: {listed(named)}.")
    elif both:
        said.append(f"None of the {plural} that we ranked stands within one place of the network’s.")
    return said


def higher(stands: Sequence[Stand]) -> list[str]:
    return [f"{stand.title}: {stand.beside}." for stand in above(stands)]


def lower(stands: Sequence[Stand]) -> list[str]:
    return [f"{stand.title}: {stand.beside}." for stand in below(stands)]


def peers(title: str, group: str, size: int, average: float, m: int) -> str:
    return f"As a group, {group} ({size} ballots) put {title} at an average place of {average:.1f} of {m}."


def questions(stands: Sequence[Stand], more: Sequence[str], plural: str) -> list[str]:
    asked = list(more[:2])
    ours = firsts(stands)
    for stand in above(stands)[:1]:
        asked.append(
            f"We put {stand.title} {stand.own_words}, the network {stand.network_words}. "
            "What do we see that others do not?"
        )
    for stand in below(stands)[:1]:
        ours_words = f"with us it is {stand.own_words}" if stand.own else "with us it is not on the list"
        asked.append(
            f"The network puts {stand.title} {stand.network_words}; {ours_words}. Is it settled here, or does it wait?"
        )
    if ours:
        it = "it" if len(ours) == 1 else "one of them"
        asked.append(
            f"We put {listed([stand.title for stand in ours][:MAX_SHOWN])} first. What would move {it} forward?"
        )
    else:
        theirs = [stand.title for stand in stands if stand.network[0] == 1]
        if theirs:
            asked.append(f"The network puts {listed(theirs[:MAX_SHOWN])} first. Where would we put that?")
        asked.append(f"What kept us from ranking the {plural}, and will we the next time?")
    asked += [
        f"Which of these {plural} needs a decision from us this year?",
        "What would we stop doing to make room for what comes first?",
        "What will we look at a year from now to see whether it worked?",
    ]
    return list(dict.fromkeys(asked))[:3]
