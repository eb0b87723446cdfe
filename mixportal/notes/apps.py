from django.apps import AppConfig


class NotesConfig(AppConfig):
    name = "mixportal.notes"

    def ready(self) -> None:
        from mixportal.notes import chapters

        chapters.register()  # the kinds, whose apps stand before this one, have registered themselves
