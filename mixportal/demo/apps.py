from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Installed only in demo mode."""

    name = "mixportal.demo"
