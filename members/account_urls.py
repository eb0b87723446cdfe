"""Pages of allauth that this list leaves out cannot be reached.

allauth finds pages by name, so three of its names lead to our overview.
"""

from __future__ import annotations

from collections.abc import Iterable

from allauth.account import views as allauth
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkey
from django.urls import URLPattern, path

from members import views
from members.access import Audience, View, open_to


def entrance(route: str, view: View, name: str) -> URLPattern:
    return _page(route, view, name, Audience.EVERYONE)


def own(route: str, view: View, name: str, methods: Iterable[str] = ("GET", "POST")) -> URLPattern:
    return _page(route, view, name, Audience.SIGNED_IN, methods)


def _page(
    route: str, view: View, name: str, audience: Audience, methods: Iterable[str] = ("GET", "POST")
) -> URLPattern:
    return path(route, open_to(audience, methods=methods)(view), name=name)


urlpatterns = [
    path("", views.overview, name="account"),
    path("", views.overview, name="mfa_index"),
    path("", views.overview, name="mfa_list_webauthn"),
    path("sessions/", views.sessions, name="sessions"),
    path("sign-out/", views.sign_out, name="sign-out"),
    entrance("login/", allauth.request_login_code, "account_login"),
    entrance("login/", allauth.request_login_code, "account_request_login_code"),
    entrance("login/code/", allauth.confirm_login_code, "account_confirm_login_code"),
    entrance("login/passkey/", passkey.login_webauthn, "mfa_login_webauthn"),
    entrance("login/second-factor/", factor.authenticate, "mfa_authenticate"),
    own("confirm/", factor.reauthenticate, "mfa_reauthenticate"),
    own("confirm/passkey/", passkey.reauthenticate_webauthn, "mfa_reauthenticate_webauthn"),
    own("app/", views.ActivateApp.as_view(), "mfa_activate_totp"),
    own("app/remove/", app.deactivate_totp, "mfa_deactivate_totp"),
    own("recovery-codes/", codes.view_recovery_codes, "mfa_view_recovery_codes", ("GET",)),
    own("recovery-codes/new/", codes.generate_recovery_codes, "mfa_generate_recovery_codes"),
    own("recovery-codes/download/", codes.download_recovery_codes, "mfa_download_recovery_codes", ("GET",)),
    own("passkeys/add/", views.AddPasskey.as_view(), "mfa_add_webauthn"),
    own("passkeys/<int:pk>/rename/", passkey.edit_webauthn, "mfa_edit_webauthn"),
    own("passkeys/<int:pk>/remove/", passkey.remove_webauthn, "mfa_remove_webauthn"),
]
