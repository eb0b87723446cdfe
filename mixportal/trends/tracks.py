from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Node:
    key: int
    line: int
    column: int
    title: str
    position: int


@dataclass(frozen=True)
class Link:
    later: int
    earlier: int
    type: str


@dataclass(eq=False)
class Track:
    stops: dict[int, Node] = field(default_factory=dict)
    joins: dict[int, list[tuple[Node, Link]]] = field(default_factory=dict)
    leaves: list[tuple[Node, Link]] = field(default_factory=list)

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
        """Return whether it is on all lists between, without a merge or split."""
        if not all(column in self.stops for column in range(early, late + 1)):
            return False
        later = range(early + 1, late + 1)
        return not any(self.merged_into(column) or self.is_split_at(column) for column in later)

    def merged_into(self, column: int) -> list[Node]:
        return [node for node, link in self.joins.get(column, []) if link.type == "merged"]

    def is_split_at(self, column: int) -> bool:
        return any(node.column == column and link.type == "split" for node, link in self.leaves)


def tracks_of(nodes: Iterable[Node], links: Iterable[Link]) -> list[Track]:
    """Ignore links to entries that are not shown."""
    by_key = {node.key: node for node in sorted(nodes, key=lambda node: (node.column, node.position))}
    by_line: dict[int, Track] = {}
    for node in by_key.values():
        by_line.setdefault(node.line, Track()).stops[node.column] = node
    for link in links:
        earlier, later = by_key.get(link.earlier), by_key.get(link.later)
        if earlier is None or later is None:
            continue
        by_line[later.line].joins.setdefault(later.column, []).append((earlier, link))
        by_line[earlier.line].leaves.append((later, link))
    return list(by_line.values())
