"""What a page of comparison is asked for, as its address says it. What makes no sense is named and left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from members.models import Government
from mixportal.comparison.network import Network
from mixportal.results.splits import Part, get_part

MOST = 8
LONGEST = 80  # of what is typed into the search box


@dataclass(frozen=True)
class Asked:
    """Governments to stand beside, a cohort, the column to sort by, whether the largest differences come first."""

    governments: tuple[Government, ...] = ()
    part: Part | None = None
    sort: str = "network"
    descending: bool = False
    differences_first: bool = False
    q: str | None = None  # None: nobody searches
    ignored: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def read(cls, query: QueryDict, network: Network) -> Asked:
        ignored: list[str] = []
        chosen: list[Government] = []
        for slug in dict.fromkeys(query.getlist("g")):
            government = network.by_slug.get(slug)
            if government is None:
                if slug:
                    ignored.append(f"Nothing here is called “{_shown(slug)}”.")
            elif government == network.own and network.own_row is not None:
                continue  # stands on every page
            elif network.row_of(government) is None:
                ignored.append(f"{government} cast no ballot that orders anything.")
            elif len(chosen) == MOST:
                ignored.append(f"{government} was left out: at most {MOST} stand side by side.")
            else:
                chosen.append(government)
        part = get_part(query.get("cohort", ""))
        if query.get("cohort") and (part is None or part.key not in network.cohorts["parts"]):
            ignored.append(f"There is no cohort “{_shown(query['cohort'])}” to set beside the others.")
            part = None
        asked = cls(
            governments=tuple(chosen),
            part=part,
            differences_first=query.get("differences") == "1",
            q=_shown(query["q"]).strip() if "q" in query else None,
            ignored=tuple(ignored[:MOST]),
        )
        sort = query.get("sort", "")
        descending, key = sort.startswith("-"), sort.removeprefix("-")
        if key in asked.sorts(network):
            asked = replace(asked, sort=key, descending=descending)
        return asked

    def sorts(self, network: Network) -> Iterable[str]:
        found = ["network", "entry", *(government.slug for government in self.governments)]
        return found + ["you"] * (network.own_row is not None) + ["cohort"] * (self.part is not None)

    # Addresses: each says the whole view

    @property
    def query(self) -> str:
        fields = self.fields + ([("q", self.q)] if self.q is not None else [])
        return f"?{urlencode(fields)}" if fields else ""

    def adding(self, government: Government) -> str:
        return replace(self, governments=(*self.governments, government), q=None).query

    def removing(self, government: Government) -> str:
        left = tuple(other for other in self.governments if other != government)
        kept = "network" if self.sort == government.slug else self.sort
        return replace(self, governments=left, sort=kept).query

    def sorted_by(self, key: str) -> str:
        turned = self.sort == key and not self.descending and not self.differences_first
        return replace(self, sort=key, descending=turned, differences_first=False).query

    @property
    def with_differences_first(self) -> str:
        return replace(self, differences_first=True, sort="network", descending=False).query

    @property
    def in_the_networks_order(self) -> str:
        return replace(self, differences_first=False, sort="network", descending=False).query

    @property
    def fields(self) -> list[tuple[str, str]]:
        """What the address holds, the search apart."""
        fields = [("g", government.slug) for government in self.governments]
        if self.part:
            fields.append(("cohort", self.part.key))
        if self.sort != "network" or self.descending:
            fields.append(("sort", f"-{self.sort}" if self.descending else self.sort))
        if self.differences_first:
            fields.append(("differences", "1"))
        return fields

    @property
    def fields_but_the_cohort(self) -> list[tuple[str, str]]:
        return [each for each in self.fields if each[0] != "cohort" and each[1].removeprefix("-") != "cohort"]


def found_by_name(network: Network, asked: Asked) -> list[Government]:
    """Governments with all the words that were typed, and not chosen yet."""
    words = (asked.q or "").lower().split()
    taken = {*asked.governments, network.own}
    return [each for each in network.compared if each not in taken and _fits(each, words)]


def _fits(government: Any, words: list[str]) -> bool:
    return all(word in government.name.lower() for word in words)


def _shown(value: str) -> str:
    """What somebody typed into an address, fit to be repeated to them."""
    plain = "".join(character for character in value if character.isprintable())
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1]}…"
