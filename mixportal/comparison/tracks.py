"""Which entries of many lists are one line over the years: lineage as tracks. Pure functions.

Every entry stands on one track. Of several that merge, or into which one splits, the line goes on where the name stays,
else in the first of them; the others join it or leave it as branches.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

SAME = ("continued", "renamed")  # what a place can be held against an earlier one along
_FIRST = {"continued": 0, "renamed": 0, "merged": 1, "split": 1, "returned": 2}


@dataclass(frozen=True)
class Node:
    """An entry on the list of one column; columns count the editions from 0, the oldest first."""

    key: int
    column: int
    title: str
    position: int


@dataclass(frozen=True)
class Link:
    """`later` and `earlier` are keys of nodes; `type` as lineage has it."""

    later: int
    earlier: int
    type: str


@dataclass(eq=False)
class Track:
    """A line: its node by column, the link by which each goes on, and the branches that join or leave there."""

    stops: dict[int, Node] = field(default_factory=dict)
    goes_on: dict[int, Link] = field(default_factory=dict)  # by the column of the later end
    joins: dict[int, list[tuple[Node, Link]]] = field(default_factory=dict)  # from another track, by column
    leaves: list[tuple[Node, Link]] = field(default_factory=list)  # to another track

    @property
    def columns(self) -> list[int]:
        return sorted(self.stops)

    @property
    def first(self) -> Node:
        return self.stops[self.columns[0]]

    @property
    def last(self) -> Node:
        return self.stops[self.columns[-1]]

    def is_same_from(self, early: int, late: int) -> bool:
        """Whether its entries of two columns are one and the same, under whatever name: nothing merged or split."""
        if early not in self.stops or late not in self.stops:
            return False
        steps = [column for column in self.columns if early < column <= late]
        return all(
            self.goes_on[column].type in SAME
            and not any(link.type == "merged" for _, link in self.joins.get(column, []))
            for column in steps
        )


def tracks_of(nodes: Iterable[Node], links: Iterable[Link]) -> list[Track]:
    """Every node on one track; tracks in the order of their first node. Links to what is not shown are left out."""
    by_key = {node.key: node for node in sorted(nodes, key=lambda node: (node.column, node.position))}
    known = [
        link
        for link in links
        if link.later in by_key and link.earlier in by_key and by_key[link.later].column > by_key[link.earlier].column
    ]
    onward, back = _matched(by_key, known)
    track_of: dict[int, Track] = {}
    found = []
    for key, node in by_key.items():
        link = back.get(key)
        if link is None:
            track = Track()
            found.append(track)
        else:
            track = track_of[link.earlier]
            track.goes_on[node.column] = link
        track.stops[node.column] = node
        track_of[key] = track
    for link in known:
        if onward.get(link.earlier) != link:
            earlier, later = by_key[link.earlier], by_key[link.later]
            track_of[link.later].joins.setdefault(later.column, []).append((earlier, link))
            track_of[link.earlier].leaves.append((later, link))
    return found


def _matched(by_key: Mapping[int, Node], links: list[Link]) -> tuple[dict[int, Link], dict[int, Link]]:
    """The links along which lines go on, by their earlier and by their later end: at most one for each."""

    def preference(link: Link) -> tuple[int, bool, int, int, int]:
        later, earlier = by_key[link.later], by_key[link.earlier]
        renamed = later.title.casefold() != earlier.title.casefold()
        return _FIRST[link.type], renamed, later.column - earlier.column, earlier.position, later.position

    onward: dict[int, Link] = {}
    back: dict[int, Link] = {}
    for link in sorted(links, key=preference):
        if link.earlier not in onward and link.later not in back:
            onward[link.earlier] = back[link.later] = link
    return onward, back
