from django.apps import AppConfig
from django.urls import register_converter


class EditionsConfig(AppConfig):
    name = "mixportal.editions"
    label = "editions"

    def ready(self) -> None:
        from mixportal.editions import chapters, desk_links
        from mixportal.editions.converters import YearConverter
        from mixportal.editions.proposals.desk import links_for

        register_converter(YearConverter, "year")
        for link in links_for():
            desk_links.add(link)
        chapters.register()  # the kinds, whose apps stand before this one, have registered themselves
