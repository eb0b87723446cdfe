from django.apps import AppConfig
from django.core.checks import register

from mixportal.summaries.checks import pango_is_there


class SummariesConfig(AppConfig):
    name = "mixportal.summaries"

    def ready(self) -> None:
        register(pango_is_there)
