from django.apps import AppConfig


class ComparisonConfig(AppConfig):
    name = "mixportal.comparison"
    label = "comparison"
    verbose_name = "Outside lists"

    def ready(self) -> None:
        from mixportal.comparison import chapters

        chapters.register()  # the kinds, whose apps stand before this one, have registered themselves
