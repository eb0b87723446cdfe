from django.apps import AppConfig


class TrendsConfig(AppConfig):
    name = "mixportal.trends"
    verbose_name = "Outside lists"
