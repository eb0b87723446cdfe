"""Which challenges stand in the way of which priorities: the network's grid, and our own to fill in."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from challenges.models import Challenge, HindranceResponse, Pair
from challenges.obstacles import HindranceGrid
from members.access import Audience, open_to
from members.models import NotSeatedError
from mixportal.editions.models import Edition, Kind, WindowClosed
from mixportal.editions.versions import StaleError
from priorities.models import Priority

LARGEST_VERSION = 999_999_999


@open_to(Audience.EVERYONE)
def network(request: HttpRequest, year: int) -> HttpResponse:
    """How many of how many say so, where the viewer may know; else what is happening."""
    edition = get_object_or_404(Edition.objects.visible_to(request.user), year=year)
    context = {"edition": edition, "network": HindranceGrid(edition, request.user)}
    return render(request, "challenges/hindrances.html", context)


@dataclass(frozen=True)
class Box:
    """One cell of the form."""

    challenge: Challenge
    value: str
    is_marked: bool


class OwnGrid:
    """Everything the form shows; one instance a response."""

    def __init__(self, edition: Edition, user: Any) -> None:
        self.edition, self.government = edition, user.government
        self.challenges = list(edition.list_of(Kind.CHALLENGES).entries.in_order())  # type: ignore[arg-type]
        self.priorities = list(edition.list_of(Kind.PRIORITIES).entries.in_order())  # type: ignore[arg-type]
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
    def rows(self) -> list[tuple[Priority, list[Box]]]:
        return [
            (
                priority,
                [
                    Box(each, f"{each.slug}:{priority.slug}", (each.slug, priority.slug) in self.marked)
                    for each in self.challenges
                ],
            )
            for priority in self.priorities
        ]

    @property
    def only_mine(self) -> list[str]:
        return self._said(self.marked - self.stored)

    @property
    def only_stored(self) -> list[str]:
        return self._said(self.stored - self.marked)

    @property
    def all_mine(self) -> list[str]:
        return self._said(self.marked)

    def _said(self, pairs: Set[Pair]) -> list[str]:
        return [
            f"{challenge.title} in the way of {priority.title}"
            for priority in self.priorities
            for challenge in self.challenges
            if (challenge.slug, priority.slug) in pairs
        ]

    def read(self, post: QueryDict) -> None:
        """What was ticked, and from which version; `error` says what of it makes no sense."""
        known = {f"{c.slug}:{p.slug}": (c.slug, p.slug) for p in self.priorities for c in self.challenges}
        sent = set(post.getlist("stands"))
        self.marked = {known[value] for value in sent if value in known}
        if sent - known.keys():
            self.error = "Something ticked is not on this list. Is this the form of another year?"
        version = post.get("version", "")
        if version.isascii() and version.isdigit() and int(version[:10]) <= LARGEST_VERSION:
            self.version = int(version[:10])
        else:
            self.error = "The form did not say from which version it began. Load the page again."


@open_to(Audience.VOTERS, methods=("GET", "POST"))
def own_grid(request: HttpRequest, year: int) -> HttpResponse:
    """Our own government's grid: a form while ballots are open, afterwards what was said."""
    edition = get_object_or_404(Edition.objects.visible_to(request.user), year=year)
    if edition.is_published and not edition.was_ranked:
        raise Http404("That list was never ranked, so nobody was asked.")
    grid = OwnGrid(edition, request.user)
    if request.method != "POST":
        return _answer(request, grid)
    grid.read(request.POST)
    if grid.error:
        return _answer(request, grid, status=422)
    try:
        grid.answer = HindranceResponse.record(
            edition=edition, government=grid.government, user=request.user, marked=grid.marked, version=grid.version
        )
    except WindowClosed:
        grid.edition, grid.is_refused = Edition.objects.get(pk=edition.pk), True
        return _answer(request, grid, status=409)
    except NotSeatedError:
        grid.is_refused = True
        return _answer(request, grid, status=403)
    except StaleError as stale:
        stored = cast(HindranceResponse, stale.stored)
        grid.answer, grid.version, grid.is_overtaken = stored, stored.version, True
        grid.stored = stored.marked
        return _answer(request, grid, status=409)
    if not request.htmx:
        return redirect(reverse("own-hindrances", args=[year]))
    grid.version = grid.answer.version
    return _answer(request, grid)


def _answer(request: HttpRequest, grid: OwnGrid, status: int = 200) -> HttpResponse:
    """A fragment is the state alone: it says what was saved, and never replaces what somebody is ticking."""
    template = "challenges/_own_state.html" if request.htmx else "challenges/own_hindrances.html"
    return render(request, template, {"grid": grid, "edition": grid.edition}, status=status)
