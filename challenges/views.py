from collections.abc import Set

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from challenges.models import HindranceResponse, Pair
from challenges.obstacles import HindranceGrid
from members.access import Audience, UserRequest, open_to
from members.models import NotSeatedError, User
from mixportal.editions.models import Edition, Entry, Kind, WindowClosedError
from mixportal.editions.saving import StaleError

MAX_VERSION = 999_999_999


class OwnGrid:
    def __init__(self, edition: Edition, user: User) -> None:
        assert user.government
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
    def rows(self) -> list[tuple[Entry, list[tuple[Entry, bool]]]]:
        return [
            (priority, [(each, (each.slug, priority.slug) in self.marked) for each in self.challenges])
            for priority in self.priorities
        ]

    @property
    def only_mine(self) -> list[tuple[Entry, Entry]]:
        return self._pairs(self.marked - self.stored)

    @property
    def only_stored(self) -> list[tuple[Entry, Entry]]:
        return self._pairs(self.stored - self.marked)

    @property
    def all_mine(self) -> list[tuple[Entry, Entry]]:
        return self._pairs(self.marked)

    def _pairs(self, pairs: Set[Pair]) -> list[tuple[Entry, Entry]]:
        return [
            (challenge, priority)
            for priority in self.priorities
            for challenge in self.challenges
            if (challenge.slug, priority.slug) in pairs
        ]

    def read(self, post: QueryDict) -> None:
        known = {f"{c.slug}:{p.slug}": (c.slug, p.slug) for p in self.priorities for c in self.challenges}
        sent = set(post.getlist("stands"))
        self.marked = {known[value] for value in sent if value in known}
        if sent - known.keys():
            self.error = "other list"
        version = post.get("version", "")
        if version.isascii() and version.isdigit() and int(version[:10]) <= MAX_VERSION:
            self.version = int(version[:10])
        else:
            self.error = "no version"


@open_to(Audience.EVERYONE)
def network(request: HttpRequest, year: int) -> HttpResponse:
    edition = get_object_or_404(Edition.objects.visible_to(request.user), year=year)
    context = {"edition": edition, "network": HindranceGrid(edition, request.user)}
    return render(request, "challenges/hindrances.html", context)


@open_to(Audience.VOTERS, methods=("GET", "POST"))
def own_grid(request: UserRequest, year: int) -> HttpResponse:
    edition = get_object_or_404(Edition.objects.visible_to(request.user), year=year)
    if edition.is_published and not edition.was_ranked:
        raise Http404("That list was never ranked, so no government answered.")
    grid = OwnGrid(edition, request.user)
    if request.method != "POST":
        return _answer(request, grid)
    grid.read(request.POST)
    if grid.error:
        return _answer(request, grid, status=422)
    try:
        grid.answer = HindranceResponse.record(
            edition=edition,
            government=grid.government,
            user=request.user,
            marked=grid.marked,
            version=grid.version,
        )
    except WindowClosedError:
        grid.edition, grid.is_refused = Edition.objects.get(pk=edition.pk), True
        return _answer(request, grid, status=409)
    except NotSeatedError:
        grid.is_refused = True
        return _answer(request, grid, status=403)
    except StaleError as stale:
        stored = stale.stored
        assert isinstance(stored, HindranceResponse)
        grid.answer, grid.version, grid.is_overtaken = stored, stored.version, True
        grid.stored = stored.marked
        return _answer(request, grid, status=409)
    if not request.htmx:
        return redirect(reverse("own-hindrances", args=[year]))
    grid.version = grid.answer.version
    return _answer(request, grid)


def _answer(request: UserRequest, grid: OwnGrid, status: int = 200) -> HttpResponse:
    """Render only the state for HTMX, so that boxes ticked meanwhile are kept."""
    template = "challenges/_own_state.html" if request.htmx else "challenges/own_hindrances.html"
    return render(request, template, {"grid": grid, "edition": grid.edition}, status=status)
