"""What the page of years is asked for, as its address says it. What is none, or not for the viewer, is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from members.models import Government
from mixportal.results.splits import SPLITS, Part, Split
from mixportal.trends.years import Editions, Scope

LONGEST = 80


@dataclass(frozen=True)
class TrendQuery:
    """One government's places, one cohort's or the network's; and the entry that stands out."""

    scope: Scope
    entry: str
    is_own: bool
    governments: list[Government]
    cohorts: Mapping[int, Mapping[str, tuple[Part, int, list[float | None]]]]
    ignored: tuple[str, ...] = ()

    @classmethod
    def read(cls, query: Mapping[str, str], editions: Editions) -> TrendQuery:
        user, ignored = editions.user, []
        governments, cohorts = editions.governments(), editions.cohorts()
        slug, key, entry = (query.get(name, "").strip() for name in ("g", "cohort", "entry"))
        government = next((each for each in governments if each.slug == slug), None)
        if slug and government is None:
            if editions.is_insider:
                ignored.append(f"Nothing here is called “{shown(slug)}”, or it has cast no ballot that is closed.")
            else:
                ignored.append("The places that a single government gave are for members of MIX.")
        part = next((parts[key][0] for parts in cohorts.values() if key in parts), None)
        if key and part is None:
            ignored.append(f"There is no cohort “{shown(key)}” to show.")
        elif part and government:
            ignored.append("Either a government or a cohort can be shown: the government is.")
            part = None
        own = user.government_id if user.is_authenticated else None
        return cls(
            scope=Scope(government, part),
            entry=shown(entry),
            is_own=government is not None and government.pk == own,
            governments=governments,
            cohorts=cohorts,
            ignored=tuple(ignored),
        )

    @property
    def parts(self) -> list[tuple[Split, list[Part]]]:
        """What may be chosen, by split."""
        known = {key: part for parts in self.cohorts.values() for key, (part, _, _) in parts.items()}
        listed = []
        for split in SPLITS:
            order = list(split.words)
            of_split = [part for part in known.values() if part.split is split]
            of_split.sort(key=lambda part: (order.index(part.values[0]), len(part.values)))
            if of_split:
                listed.append((split, of_split))
        return listed

    @property
    def fields(self) -> list[tuple[str, str]]:
        found = []
        if self.scope.government:
            found.append(("g", self.scope.government.slug))
        if self.scope.part:
            found.append(("cohort", self.scope.part.key))
        return found

    @property
    def query(self) -> str:
        """The view as an address has it."""
        fields: list[tuple[str, Any]] = [*self.fields, *([("entry", self.entry)] if self.entry else [])]
        return f"?{urlencode(fields)}" if fields else ""

    def with_entry(self, slug: str) -> str:
        return f"?{urlencode([*self.fields, ('entry', slug)])}"


def shown(value: str) -> str:
    """What somebody typed into an address, fit to be repeated to them."""
    plain = "".join(character for character in value if character.isprintable())
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1]}…"
