from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "mixportal.demo"
