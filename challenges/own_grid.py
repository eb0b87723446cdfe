from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from django.http import QueryDict

from challenges.models import HindranceResponse, Pair
from members.models import User
from mixportal.editions.models import Edition, Entry, Kind

MAX_VERSION = 999_999_999


@dataclass(frozen=True)
class HindranceBox:
    challenge: Entry
    value: str
    is_marked: bool


class OwnGrid:
    def __init__(self, edition: Edition, user: User) -> None:
        assert user.government  # voters have one
        self.edition, self.government = edition, user.government
        self.challenges = list(edition.list_of(Kind.CHALLENGES).entries.in_order())
        self.priorities = list(edition.list_of(Kind.PRIORITIES).entries.in_order())
        found = HindranceResponse.objects.visible_to(user).filter(edition=edition, government=self.government)
        self.answer: HindranceResponse | None = found.select_related("updated_by").first()
        self.stored: Set[Pair] = self.answer.marked if self.answer else set()
        self.marked = self.stored
        self.version = self.answer.version if self.answer else 0
        self.error = ""
        self.is_overtaken = self.is_refused = False

    @property
    def may_answer(self) -> bool:
        return self.edition.is_open and self.government.seat is not None

    @property
    def rows(self) -> list[tuple[Entry, list[HindranceBox]]]:
        return [
            (
                priority,
                [
                    HindranceBox(each, f"{each.slug}:{priority.slug}", (each.slug, priority.slug) in self.marked)
                    for each in self.challenges
                ],
            )
            for priority in self.priorities
        ]

    @property
    def only_mine(self) -> list[str]:
        return self._sentences(self.marked - self.stored)

    @property
    def only_stored(self) -> list[str]:
        return self._sentences(self.stored - self.marked)

    @property
    def all_mine(self) -> list[str]:
        return self._sentences(self.marked)

    def _sentences(self, pairs: Set[Pair]) -> list[str]:
        return [
            f"{challenge.title} in the way of {priority.title}"
            for priority in self.priorities
            for challenge in self.challenges
            if (challenge.slug, priority.slug) in pairs
        ]

    def read(self, post: QueryDict) -> None:
        known = {f"{c.slug}:{p.slug}": (c.slug, p.slug) for p in self.priorities for c in self.challenges}
        sent = set(post.getlist("stands"))
        self.marked = {known[value] for value in sent if value in known}
        if sent - known.keys():
            self.error = "Something ticked is not on this list. Is this the form of another year?"
        version = post.get("version", "")
        if version.isascii() and version.isdigit() and int(version[:10]) <= MAX_VERSION:
            self.version = int(version[:10])
        else:
            self.error = "The form did not say from which version it began. Load the page again."
