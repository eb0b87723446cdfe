from django.apps import AppConfig


class NotesConfig(AppConfig):
    name = "mixportal.notes"
