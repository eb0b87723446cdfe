from django.apps import AppConfig
from django.db.models.signals import pre_save

from members.security import log_changed_rights


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = "Members and governments"

    def ready(self) -> None:
        pre_save.connect(log_changed_rights, sender="members.User")
