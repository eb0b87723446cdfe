from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from members.access import Audience, open_to
from members.requests import UserRequest
from mixportal.editions.models import Edition
from mixportal.proposals.board import Board, qr_code


@open_to(Audience.INSIDERS)
def room(request: UserRequest, year: int) -> HttpResponse:
    """Answer 204 to a poll if nothing has changed since `seen`."""
    edition = get_object_or_404(Edition.objects.visible_to(request.user), year=year)
    board = Board(edition, request.user)
    state = f"{edition.phase}-{board.digest}"
    if request.htmx and request.GET.get("seen") == state:
        return HttpResponse(status=204)
    context: dict[str, Any] = {"edition": edition, "board": board, "state": state}
    if request.htmx:
        return render(request, "proposals/_board.html", context | {"is_fragment": True})
    address = settings.PORTAL_URL + reverse("proposals", args=[edition.year])
    parts = urlsplit(address)
    context |= {"address": f"{parts.netloc}{parts.path}", "qr": qr_code(address)}
    return render(request, "proposals/room.html", context)
