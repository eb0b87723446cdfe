import platform

import django
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from members.access import UserRequest
from mixportal.changes.histories import HISTORIES
from mixportal.changes.pages import HistoryPage
from mixportal.mail.models import Mail


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


def system(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), pg_database_size(current_database())")
        postgres, size = cursor.fetchone()
    context = {
        **admin.site.each_context(request),
        "title": "System",
        "backlog": Mail.objects.filter(confidential=False).backlog(),
        "size": size,
        "backups_are_encrypted": bool(settings.BACKUP_RECIPIENT),
        "versions": {
            "Portal": settings.VERSION,
            "Python": platform.python_version(),
            "Django": django.get_version(),
            "Postgres": postgres,
        },
    }
    return TemplateResponse(request, "desk/system.html", context)
