from django.apps import AppConfig


class SummariesConfig(AppConfig):
    name = "mixportal.summaries"
    label = "summaries"
