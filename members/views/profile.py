"""One's own profile: how others may reach one, which mails come, and what one has agreed to."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt

from members.access import Audience, open_to
from members.forms import ProfileForm
from members.models import User
from members.preferences import OFF, MailPreference, whose_mail


@open_to(Audience.SIGNED_IN, methods=("GET", "POST"))
def profile(request: HttpRequest) -> HttpResponse:
    user = User.objects.select_related("government").get(pk=request.user.pk)
    form = ProfileForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("profile")
    return render(request, "members/profile.html", {"form": form}, status=422 if request.method == "POST" else 200)


@csrf_exempt  # the signed address is the authority: mail programs post to it without a page of ours (RFC 8058)
@open_to(Audience.EVERYONE, methods=("GET", "POST"))
def stop_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Ends one kind of mail to one person. GET asks, POST does; neither needs a session."""
    found = whose_mail(token)
    person = User.objects.filter(pk=found[0]).first() if found else None
    if found is None or person is None or not found[1].can_be_off:
        raise Http404
    kind = found[1]
    if request.method == "POST":
        MailPreference.objects.set(person, kind, OFF)
    response = render(request, "members/stop_mail.html", {"kind": kind, "is_done": not person.wants(kind.key)})
    response["Cache-Control"] = "private, no-store"  # nothing behind a token is kept by anyone
    return response
