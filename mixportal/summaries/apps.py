from django.apps import AppConfig
from django.core.checks import register

from mixportal.summaries.checks import check_pango


class SummariesConfig(AppConfig):
    name = "mixportal.summaries"

    def ready(self) -> None:
        register(check_pango)
