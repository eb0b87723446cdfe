"""The directory of governments, and the way out."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from members.access import Audience, open_to
from members.models import MAX_SEATS, Government


@open_to(Audience.EVERYONE)
def directory(request: HttpRequest) -> HttpResponse:
    """Every government by name: those seated, then those that appear in MIX's history alone."""
    governments = list(Government.objects.by_name())
    seated = [government for government in governments if government.seat is not None]
    context = {
        "seated": seated,
        "others": [government for government in governments if government.seat is None],
        "free": MAX_SEATS - len(seated),
        "seats": MAX_SEATS,
    }
    return render(request, "members/directory.html", context)


@open_to(Audience.EVERYONE, methods=("POST",))
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    response = redirect("home")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response
