from django.apps import AppConfig


class AnnotationConfig(AppConfig):
    name = "mixportal.annotation"
    label = "annotation"

    def ready(self) -> None:
        from mixportal.annotation import chapters

        chapters.register()  # the kinds, whose apps stand before this one, have registered themselves
