from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = "Members and governments"

    def ready(self) -> None:
        from members import chapters

        chapters.register()
