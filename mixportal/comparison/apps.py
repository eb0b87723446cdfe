from django.apps import AppConfig


class ComparisonConfig(AppConfig):
    name = "mixportal.comparison"
