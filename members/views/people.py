from __future__ import annotations

from allauth.core import ratelimit
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from members.access import Audience, open_to
from members.forms import INVITED_ROLES, InviteForm
from members.invitations import Invitation
from members.models import Government, User
from members.requests import UserRequest


@open_to(Audience.VOTERS, methods=("GET", "POST"))
def people(request: UserRequest, slug: str) -> HttpResponse:
    assert request.user.government_id is not None
    government = get_object_or_404(Government.objects.filter(pk=request.user.government_id), slug=slug)
    if request.method != "POST":
        return _page(request, government)
    if not request.user.is_member_of(government):
        raise PermissionDenied
    action = request.POST.get("action")
    if action in ("invite", "resend") and (too_many := _too_many_invitations(request)):
        return too_many
    if action == "invite":
        return _invite(request, government)
    if action == "remove":
        removable = government.people.filter(is_active=True, role__in=Invitation.BY_MEMBERS)
        person = get_object_or_404(removable, pk=_number(request.POST.get("person")))
        person.leave(reason=f"removed as {person.role} by the member")
        said = f"{person} no longer speaks or reads for {government}, and is signed out."
    elif action in ("resend", "revoke"):
        invited = government.invitations.live().filter(role__in=Invitation.BY_MEMBERS)
        invitation = get_object_or_404(invited, pk=_number(request.POST.get("invitation")))
        try:
            said = _resend(request, invitation) if action == "resend" else _withdraw(invitation)
        except ValidationError as refusal:  # accepted or withdrawn meanwhile
            return _page(request, government, problems=refusal.messages, status=409)
    else:
        return _page(request, government, problems=["That was no step of this page."], status=422)
    messages.success(request, said)
    return redirect("people", government.slug)


def _too_many_invitations(request: UserRequest) -> HttpResponse | None:
    response: HttpResponse | None = ratelimit.consume_or_429(request, action="invite")
    return response


def _invite(request: UserRequest, government: Government) -> HttpResponse:
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _page(request, government, form=form, status=422)
    role, email, name = (form.cleaned_data[field] for field in ("role", "email", "name"))
    try:
        Invitation.objects.invite(government, role, email, by=request.user, name=name)
    except ValidationError as problem:
        form.add_error("email", problem)
        return _page(request, government, form=form, status=422)
    messages.success(request, f"An invitation is on its way to {email}.")
    return redirect("people", government.slug)


def _resend(request: UserRequest, invitation: Invitation) -> str:
    invitation.resend(by=request.user)
    return f"A new link is on its way to {invitation.email}; the older one opens nothing any more."


def _withdraw(invitation: Invitation) -> str:
    invitation.revoke(reason="withdrawn by the member")
    return f"The invitation of {invitation.email} is withdrawn: its link opens nothing any more."


def _number(posted: str | None) -> int:
    if posted is None or not posted.isascii() or not posted.isdigit() or len(posted) > 18:
        raise Http404
    return int(posted)


def _page(
    request: UserRequest,
    government: Government,
    *,
    form: InviteForm | None = None,
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "government": government,
        "people": User.objects.speaking_for(government),
        "invitations": Invitation.objects.waiting_for(government),
        "may_change": request.user.is_member_of(government),
        "form": form or InviteForm(initial={"role": Invitation.Role.DELEGATE}),
        "roles": INVITED_ROLES,
        "problems": problems or [],
    }
    return render(request, "members/people.html", context, status=status)
