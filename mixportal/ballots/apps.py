from django.apps import AppConfig


class BallotsConfig(AppConfig):
    name = "mixportal.ballots"

    def ready(self) -> None:
        from mixportal.ballots import chapters
        from mixportal.ballots.entering import desk_link
        from mixportal.editions import desk_links

        desk_links.add(desk_link)
        chapters.register()
