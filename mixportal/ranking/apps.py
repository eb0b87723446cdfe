from django.apps import AppConfig


class RankingConfig(AppConfig):
    name = "mixportal.ranking"
    label = "ranking"
