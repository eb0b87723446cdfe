from django.contrib.admin.apps import AdminConfig


class CuratorsAdminConfig(AdminConfig):
    """Django's admin behind the portal's own door (members/admin_site.py)."""

    default_site = "members.admin_site.CuratorsSite"

    def ready(self) -> None:
        super().ready()
        from allauth.account.models import EmailAddress
        from allauth.mfa.models import Authenticator
        from django.contrib import admin

        admin.site.unregister([EmailAddress, Authenticator])  # secrets, and addresses that the portal does not use
