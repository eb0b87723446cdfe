from collections.abc import Iterable

from allauth.account import views as allauth
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkey
from django.urls import URLPattern, include, path

from members import views
from members.access import Audience, View, open_to


def page(
    route: str,
    view: View,
    name: str,
    audience: Audience = Audience.SIGNED_IN,
    methods: Iterable[str] = ("GET", "POST"),
) -> URLPattern:
    return path(route, open_to(audience, methods=methods)(view), name=name)


# allauth needs three names, which lead to our overview.
account = [
    path("", views.overview, name="account"),
    path("", views.overview, name="mfa_index"),
    path("", views.overview, name="mfa_list_webauthn"),
    path("sessions/", views.sessions, name="sessions"),
    path("sign-out/", views.sign_out, name="sign-out"),
    page("login/", allauth.request_login_code, "account_login", Audience.EVERYONE),
    page("login/", allauth.request_login_code, "account_request_login_code", Audience.EVERYONE),
    page("login/code/", allauth.confirm_login_code, "account_confirm_login_code", Audience.EVERYONE),
    page("login/passkey/", passkey.login_webauthn, "mfa_login_webauthn", Audience.EVERYONE),
    page("login/second-factor/", factor.authenticate, "mfa_authenticate", Audience.EVERYONE),
    page("confirm/", factor.reauthenticate, "mfa_reauthenticate"),
    page("confirm/passkey/", passkey.reauthenticate_webauthn, "mfa_reauthenticate_webauthn"),
    page("app/", views.ActivateApp.as_view(), "mfa_activate_totp"),
    page("app/remove/", app.deactivate_totp, "mfa_deactivate_totp"),
    page("recovery-codes/", codes.view_recovery_codes, "mfa_view_recovery_codes", methods=("GET",)),
    page("recovery-codes/new/", codes.generate_recovery_codes, "mfa_generate_recovery_codes"),
    page(
        "recovery-codes/download/",
        codes.download_recovery_codes,
        "mfa_download_recovery_codes",
        methods=("GET",),
    ),
    page("passkeys/add/", views.AddPasskey.as_view(), "mfa_add_webauthn"),
    page("passkeys/<int:pk>/rename/", passkey.edit_webauthn, "mfa_edit_webauthn"),
    page("passkeys/<int:pk>/remove/", passkey.remove_webauthn, "mfa_remove_webauthn"),
]
urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("mail/stop/<str:token>/", views.stop_mail, name="mail-stop"),
    path("governments/<slug:slug>/people/", views.people, name="people"),
    path("governments/<slug:slug>/seal/", views.seal, name="seal"),
    path("governments/<slug:slug>/seal.png", views.seal_file, name="seal-file"),
    path("account/invitation/<slug:token>/", views.invitation, name="invitation"),
    path("account/", include(account)),
]
