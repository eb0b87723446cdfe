from django.contrib.admin.apps import AdminConfig


class CuratorsAdminConfig(AdminConfig):
    """Django's admin behind the portal's own door (mixportal/desk/site.py)."""

    default_site = "mixportal.desk.site.CuratorsSite"
