from django.contrib.admin.apps import AdminConfig


class CuratorsAdminConfig(AdminConfig):
    default_site = "mixportal.desk.site.CuratorsSite"
