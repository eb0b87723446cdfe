from typing import Any

from django.apps import AppConfig
from django.core.checks import register

from mixportal.summaries.checks import pango_is_there


class SummariesConfig(AppConfig):
    name = "mixportal.summaries"
    label = "summaries"

    def ready(self) -> None:
        from mixportal.editions import desk_links
        from mixportal.summaries import chapters

        chapters.register()
        desk_links.add(_plain_language)
        register(pango_is_there)


def _plain_language(edition: Any) -> Any:
    """On the edition's desk: how the texts for leaders read."""
    from django.urls import reverse

    from mixportal.editions.desk_links import DeskLink

    return DeskLink("Plain language", reverse("plain", args=[edition.year]), "how the texts for leaders read")
