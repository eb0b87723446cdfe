from typing import NoReturn

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from members.second_factor import is_proved, lead_to_proof
from members.views import sign_out
from mixportal.desk.start import editions_at_work, first_steps, rooms
from mixportal.desk.views import paper_ballots, records, undo


class CuratorsSite(AdminSite):
    enable_nav_sidebar = False

    def index(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> TemplateResponse:
        assert request.user.is_authenticated
        shown: dict[str, object] = {"title": "What to do next", "sections": rooms(self.get_app_list(request))}
        if request.user.has_perm("editions.view_edition"):
            shown |= {"at_work": list(editions_at_work(request.user)), "first_steps": first_steps()}
        return super().index(request, shown | (extra_context or {}))

    def get_urls(self) -> list[URLResolver | URLPattern]:
        pages = [
            path("record/", self.admin_view(records.record), name="record"),
            path("undo/<uuid:request_id>/", self.admin_view(undo.undo_request), name="undo"),
            path("system/", self.admin_view(records.system), name="system"),
            path(
                "ballots/<int:year>/",
                self.admin_view(paper_ballots.enter_ballot),
                name="enter-ballot",
            ),
        ]
        return [*pages, *super().get_urls()]

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and is_proved(request)

    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        after = request.GET.get("next", "")
        if not url_has_allowed_host_and_scheme(after, {request.get_host()}, require_https=request.is_secure()):
            after = reverse("admin:index")
        if self.has_permission(request):
            return redirect("admin:index")
        if super().has_permission(request):
            return lead_to_proof(request, after)
        if request.user.is_authenticated and not settings.DEMO:
            raise Http404
        return redirect_to_login(after)

    def logout(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponseBase:  # type: ignore[override]
        return require_POST(sign_out)(request)

    def password_change(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> NoReturn:
        raise Http404  # accounts have no passwords

    password_change_done = password_change

    def autocomplete_view(self, request: HttpRequest) -> NoReturn:
        raise Http404  # no field uses it
