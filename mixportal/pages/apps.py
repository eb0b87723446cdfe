from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "mixportal.pages"
