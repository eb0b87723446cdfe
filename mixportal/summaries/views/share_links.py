from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from members.access import Audience, open_to
from members.models import Government
from members.requests import UserRequest
from mixportal.editions.models import Edition
from mixportal.summaries.forms import LinkForm, MailForm, ShareForm
from mixportal.summaries.share_links import MAX_DAYS, ShareLink


@open_to(Audience.VOTERS, methods=("GET", "POST"))
def shares(request: UserRequest, slug: str) -> HttpResponse:
    government = request.user.government
    if government is None or government.slug != slug:
        raise Http404
    editions = [each for each in Edition.objects.visible_to(request.user).latest_first() if each.has_results]
    if request.method != "POST":
        return _page(request, government, editions)
    action = request.POST.get("action")
    if action == "end":
        return _end(request, government)
    if action not in ("make", "mail"):
        return _page(request, government, editions, problem="That was no step of this page.", status=422)
    form = (LinkForm if action == "make" else MailForm)(request.POST, years=[each.year for each in editions])
    if not form.is_valid():
        return _page(request, government, editions, form=form, status=422)
    edition = next(each for each in editions if each.year == form.cleaned_data["year"])
    given = {"by": request.user, "days": form.cleaned_data["days"]}
    try:
        if action == "make":
            link, token = ShareLink.objects.make(government, edition, label=form.cleaned_data["label"], **given)
            made = {"link": link, "address": settings.PORTAL_URL + link.path(token)}
            return _page(request, government, editions, made=made)
        ShareLink.objects.send(government, edition, to=form.cleaned_data["to"], line=form.cleaned_data["line"], **given)
    except ValidationError as problem:
        return _page(request, government, editions, form=form, problem=" ".join(problem.messages), status=409)
    messages.success(request, f"The brief of {edition.year} is on its way to {form.cleaned_data['to']}.")
    return redirect("shares", government.slug)


def _end(request: UserRequest, government: Government) -> HttpResponse:
    posted = request.POST.get("link", "")
    key = int(posted) if posted.isascii() and posted.isdigit() and len(posted) < 18 else 0
    link = get_object_or_404(ShareLink.objects.visible_to(request.user), pk=key)
    try:
        link.revoke()
    except ValidationError:
        messages.info(request, f"“{link.label}” was ended before.")
    else:
        messages.success(request, f"“{link.label}” is ended: its link opens nothing any more.")
    return redirect("shares", government.slug)


def _page(
    request: UserRequest,
    government: Government,
    editions: list[Edition],
    *,
    form: ShareForm | None = None,
    made: dict[str, Any] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    years = [edition.year for edition in editions]
    context = {
        "government": government,
        "editions_with_results": editions,
        "links": ShareLink.objects.visible_to(request.user).with_state(),
        "link_form": form if isinstance(form, LinkForm) else LinkForm(years=years),
        "mail_form": form if isinstance(form, MailForm) else MailForm(years=years),
        "made": made,
        "problem": problem,
        "most_days": MAX_DAYS,
    }
    return render(request, "summaries/shares.html", context, status=status)
