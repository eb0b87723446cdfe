"""The curators' admin: no password, no door of its own, and never without a second factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from members import record
from members.account import sign_out
from members.reading import Reading
from members.second_factor import is_proved, lead_to_proof


class CuratorsSite(AdminSite):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._pages: list[URLPattern] = []

    def add_page(self, route: str, view: Callable[..., HttpResponseBase], name: str) -> None:
        """Gives the admin a page that belongs to no model, behind the same door; for a room's admin.py."""
        self._pages.append(path(route, self.admin_view(view), name=name))

    def get_urls(self) -> list[Any]:
        record_page = path("record/", self.admin_view(self.record), name="record")
        return [record_page, *self._pages, *super().get_urls()]

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and is_proved(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Leads to the portal's sign-in, or a curator who has signed in to the second factor; `next` is kept."""
        after = request.GET.get("next", "")
        if not url_has_allowed_host_and_scheme(after, {request.get_host()}, require_https=request.is_secure()):
            after = reverse("admin:index")
        if self.has_permission(request):
            return redirect("admin:index")
        if super().has_permission(request):
            return lead_to_proof(request, after)
        if request.user.is_authenticated and not settings.DEMO:  # there one may become somebody else
            raise Http404
        return redirect_to_login(after)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        return sign_out(request)

    def record(self, request: HttpRequest) -> HttpResponse:
        """Everything that the record tells, as far as this curator may see what it is about."""
        chapters = [chapter for chapter in record.registered() if request.user.has_perm(chapter.needs)]
        if not chapters:
            raise PermissionDenied
        context = {
            **self.each_context(request),
            "title": "Record",
            "reading": Reading(request.GET, request.user, chapters),
        }
        return TemplateResponse(request, "admin/members/record.html", context)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        raise Http404  # nobody has one

    def password_change_done(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        raise Http404
