"""The page that an invitation's link leads to, and through which somebody comes in for the first time."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core import ratelimit
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from members.access import Audience, open_to
from members.forms import NameForm
from members.invitations import Invitation, Unusable


@open_to(Audience.EVERYONE, methods=("GET", "POST"))
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """GET says who invites to what, and changes nothing: scanners of mail open links. POST accepts and signs in.

    A link that opens nothing answers alike, whatever the reason.
    """
    try:
        found = Invitation.objects.found_by(token)
        response = _accept(request, found, token) if request.method == "POST" else _ask(request, found)
    except Unusable:
        response = render(request, "account/invitation_unusable.html", status=404)
    # no-referrer would make browsers send the form with `Origin: null`, which is refused as foreign
    response["Referrer-Policy"] = "strict-origin"
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "private, no-store"
    return response


def _ask(request: HttpRequest, found: Invitation, form: NameForm | None = None) -> HttpResponse:
    status = 200 if form is None else 422
    if form is None and found.holder is None:
        form = NameForm(initial={"name": found.name})
    return render(request, "account/invitation.html", {"invitation": found, "form": form}, status=status)


def _accept(request: HttpRequest, found: Invitation, token: str) -> HttpResponse:
    if refusal := ratelimit.consume_or_429(request, action="accept_invitation"):
        return refusal
    form = NameForm(request.POST) if found.holder is None else None
    if form is not None and not form.is_valid():
        return _ask(request, found, form)
    user = Invitation.objects.accept(token, name=form.cleaned_data["name"] if form else "")
    logout(request)  # whoever was signed in here
    record_authentication(request, user, method="invitation", email=user.email)
    return perform_login(request, Login(user=user, email=user.email))
