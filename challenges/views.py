from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from challenges.models import HindranceResponse
from challenges.obstacles import HindranceGrid
from challenges.own_grid import OwnGrid
from members.access import Audience, open_to
from members.models import NotSeatedError
from members.requests import UserRequest
from mixportal.editions.models import Edition, WindowClosedError
from mixportal.editions.versions import StaleError


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
            edition=edition, government=grid.government, user=request.user, marked=grid.marked, version=grid.version
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
