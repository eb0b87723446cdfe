from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt

from members.access import Audience, open_to
from members.forms import ProfileForm
from members.models import User
from members.preferences import OFF, MailPreference, read_unsubscribe_token
from members.requests import UserRequest


@open_to(Audience.SIGNED_IN, methods=("GET", "POST"))
def profile(request: UserRequest) -> HttpResponse:
    user = User.objects.select_related("government").get(pk=request.user.pk)
    form = ProfileForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("profile")
    return render(request, "members/profile.html", {"form": form}, status=422 if request.method == "POST" else 200)


@csrf_exempt  # the signed address is the authority: mail programs post without a page of ours (RFC 8058)
@open_to(Audience.EVERYONE, methods=("GET", "POST"))
def stop_mail(request: HttpRequest, token: str) -> HttpResponse:
    found = read_unsubscribe_token(token)
    person = User.objects.filter(pk=found[0]).first() if found else None
    if found is None or person is None or not found[1].can_be_off:
        raise Http404
    kind = found[1]
    if request.method == "POST":
        MailPreference.objects.set(person, kind, OFF)
    response = render(request, "members/stop_mail.html", {"kind": kind, "is_done": not person.wants(kind.key)})
    response["Cache-Control"] = "private, no-store"
    return response
