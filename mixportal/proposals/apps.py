from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    name = "mixportal.proposals"
