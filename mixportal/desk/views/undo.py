from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pghistory
from django.contrib import admin, messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from members.access import UserRequest
from members.models import User
from mixportal.changes.undo import CannotUndoError, rows_before, undo
from mixportal.desk.base import refusal_message
from mixportal.editions.models import Edition

OFFER = "undo"  # in the session


def undo_middleware(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """After a change on the desk that can be undone, add a message that has a button for it."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        is_done = request.method == "POST" and response.status_code == 302
        if is_done and request.user.is_authenticated and request.path.startswith(reverse("admin:index")):
            with pghistory.context() as context:
                _offer(request, context.id, request.user, response["Location"])
        return response

    return answer


def _offer(request: HttpRequest, request_id: UUID, curator: User, page: str) -> None:
    """Offer what the page offered before if the request changed nothing."""
    earlier = request.session.get(OFFER, {}).get(page)
    try:
        rows_before(request_id, curator)
    except CannotUndoError as refusal:
        if str(refusal) == "unknown" and earlier and earlier != str(request_id):
            _offer(request, UUID(earlier), curator, page)
        return
    User.objects.await_visits()
    request.session[OFFER] = {page: str(request_id)}
    is_undone = request.path.startswith(reverse("admin:index") + "undo/") and "redo" not in request.POST
    messages.info(request, str(request_id), extra_tags="undo redo" if is_undone else "undo")


@require_POST
def undo_request(request: UserRequest, request_id: UUID) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": "This can no longer be undone"}
    try:
        removed = undo(request_id, request.user)
    except CannotUndoError as refusal:
        if str(refusal) == "unknown":
            raise Http404 from refusal
        context["why"] = str(refusal)
    except IntegrityError as refusal:
        context["problem"] = refusal_message(refusal)
    else:
        was_redone = "redo" in request.POST
        messages.success(
            request, "Redone: your change is back." if was_redone else "Undone: everything is as it was before."
        )
        back = request.POST.get("next", "")
        is_gone = Edition in removed or not url_has_allowed_host_and_scheme(back, {request.get_host()})
        return redirect("admin:index" if is_gone else back)
    return TemplateResponse(request, "desk/cannot_undo.html", context, status=409)
