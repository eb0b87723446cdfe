from django.apps import AppConfig
from django.http import HttpRequest, HttpResponse


class DemoConfig(AppConfig):
    """Installed only in demo mode."""

    name = "mixportal.demo"
    label = "demo"

    def ready(self) -> None:
        from django.contrib import admin

        admin.site.login = _admin_sign_in


def _admin_sign_in(request: HttpRequest, extra_context: object = None) -> HttpResponse:
    """The personas' page in place of the admin's password form; `next` is kept."""
    from django.contrib import admin
    from django.contrib.auth.views import redirect_to_login
    from django.shortcuts import redirect
    from django.urls import reverse

    if admin.site.has_permission(request):
        return redirect("admin:index")
    return redirect_to_login(request.GET.get("next") or reverse("admin:index"), reverse("demo:personas"))
