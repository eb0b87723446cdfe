"""The curators' admin: no password, no door of its own, and never without a second factor."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from members import record
from members.account import sign_out
from members.reading import Reading
from members.second_factor import is_proved, lead_to_proof


class CuratorsSite(AdminSite):
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

    def get_urls(self) -> list[Any]:
        return [path("record/", self.admin_view(self.record), name="record"), *super().get_urls()]

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
