from django.core.management.base import CommandError
from django.core.management.commands import sendtestemail


class Command(sendtestemail.Command):
    def handle(self, *args: str, **options: str | None) -> None:
        try:
            super().handle(*args, **options)
        except OSError as error:
            raise CommandError(f"The mail was not sent. {type(error).__name__}: {error}") from error
