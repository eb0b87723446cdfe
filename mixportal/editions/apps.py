from django.apps import AppConfig
from django.urls import register_converter


class EditionsConfig(AppConfig):
    name = "mixportal.editions"
    label = "editions"

    def ready(self) -> None:
        from mixportal.editions import chapters
        from mixportal.editions.converters import YearConverter

        register_converter(YearConverter, "year")
        chapters.register()  # the kinds, whose apps stand before this one, have registered themselves
