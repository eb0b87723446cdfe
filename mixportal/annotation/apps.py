from django.apps import AppConfig


class AnnotationConfig(AppConfig):
    name = "mixportal.annotation"
    label = "annotation"
