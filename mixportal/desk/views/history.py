from __future__ import annotations

from django.contrib import admin
from django.contrib.admin.exceptions import NotRegistered
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse

from challenges.models import Challenge
from members.requests import UserRequest
from mixportal.changes.histories import HISTORIES
from mixportal.changes.pages import HistoryPage
from mixportal.editions.models import Entry
from priorities.models import Priority

HISTORY_OF_MODEL = {history.model: history for history in HISTORIES}
HISTORY_OF_MODEL[Priority] = HISTORY_OF_MODEL[Challenge] = HISTORY_OF_MODEL[Entry]


def record(request: UserRequest) -> HttpResponse:
    histories = [history for history in HISTORIES if history.can_be_read_by(request.user)]
    if not histories:
        raise PermissionDenied
    context = {
        **admin.site.each_context(request),
        "title": "Record",
        "history_page": HistoryPage(request.GET, request.user, histories),
    }
    return TemplateResponse(request, "desk/record.html", context)


def object_history(request: UserRequest, object_id: str, *, model: type[Model]) -> HttpResponse:
    try:
        model_admin = admin.site.get_model_admin(model)
    except NotRegistered as error:
        raise Http404 from error
    obj = model_admin.get_object(request, unquote(object_id))
    if obj is None:
        return model_admin.history_view(request, object_id)
    if not model_admin.has_view_or_change_permission(request, obj):
        raise PermissionDenied
    context = {
        **admin.site.each_context(request),
        "title": f"History: {obj}",
        "history_page": HistoryPage(request.GET, request.user, [HISTORY_OF_MODEL[model]], obj=obj),
        "object": obj,
        "opts": model._meta,
    }
    return TemplateResponse(request, "desk/history.html", context)
