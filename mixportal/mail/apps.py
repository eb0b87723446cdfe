from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "mixportal.mail"
