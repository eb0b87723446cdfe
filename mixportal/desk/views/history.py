from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.template.response import TemplateResponse

from members.requests import UserRequest
from mixportal.changes.histories import HISTORIES
from mixportal.changes.pages import HistoryPage


def record(request: UserRequest) -> HttpResponse:
    histories = [history for history in HISTORIES if history.can_be_read_by(request.user)]
    if not histories:
        raise PermissionDenied
    context = {
        **admin.site.each_context(request),
        "title": "History",
        "history_page": HistoryPage(request.GET, request.user, histories, offers_undo=True),
    }
    return TemplateResponse(request, "desk/record.html", context)
