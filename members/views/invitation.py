from __future__ import annotations

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core import ratelimit
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from members.access import Audience, open_to
from members.forms import NameForm
from members.invitations import Invitation, UnusableInvitationError


@open_to(Audience.EVERYONE, methods=("GET", "POST"))
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """GET changes nothing, as mail scanners open links.

    The answer for an unusable link is the same, whatever the reason.
    """
    try:
        found = Invitation.objects.get_by_token(token)
        response = _accept(request, found, token) if request.method == "POST" else _ask(request, found)
    except UnusableInvitationError:
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
    refusal: HttpResponse | None = ratelimit.consume_or_429(request, action="accept_invitation")
    if refusal:
        return refusal
    form = NameForm(request.POST) if found.holder is None else None
    if form is not None and not form.is_valid():
        return _ask(request, found, form)
    user = Invitation.objects.accept(token, name=form.cleaned_data["name"] if form else "")
    logout(request)
    record_authentication(request, user, method="invitation", email=user.email)
    response: HttpResponse = perform_login(request, Login(user=user, email=user.email))
    return response
