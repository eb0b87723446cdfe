from django.apps import AppConfig


class RankingConfig(AppConfig):
    name = "mixportal.ranking"
    label = "ranking"

    def ready(self) -> None:
        from mixportal.ranking import chapters, records

        chapters.register()
        records.register()
