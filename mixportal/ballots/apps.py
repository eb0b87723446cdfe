from django.apps import AppConfig


class RankingConfig(AppConfig):
    name = "mixportal.ranking"
    label = "ranking"

    def ready(self) -> None:
        from mixportal.editions import desk_links
        from mixportal.ranking import chapters, records
        from mixportal.ranking.entering import desk_link

        desk_links.add(desk_link)
        chapters.register()
        records.register()
