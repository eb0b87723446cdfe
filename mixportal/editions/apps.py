from django.apps import AppConfig
from django.urls import register_converter

from mixportal.editions.kinds import KindConverter, YearConverter


class EditionsConfig(AppConfig):
    name = "mixportal.editions"

    def ready(self) -> None:
        register_converter(YearConverter, "year")
        register_converter(KindConverter, "kind")
