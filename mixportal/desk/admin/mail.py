"""The outbox without texts, which may hold sign-in links, and without confidential mails."""

from django.contrib import admin, messages
from django.db import models
from django.db.models import Q
from django.http import HttpRequest

from mixportal.desk.base import CuratedAdmin, ReadOnlyMixin, StateFilter, moment_column
from mixportal.mail.models import Mail
from mixportal.tables.values import moment_in_words

WAITING = Q(sent_at__isnull=True, given_up_at__isnull=True)


class MailStateFilter(StateFilter):
    title = "state"
    parameter_name = "state"
    states = {
        "waiting": ("Waits", WAITING & Q(attempts=0)),
        "failed": ("Failed, is tried again", WAITING & Q(attempts__gt=0)),
        "given-up": ("Given up", Q(given_up_at__isnull=False)),
        "sent": ("Sent", Q(sent_at__isnull=False)),
    }


@admin.register(Mail)
class MailAdmin(ReadOnlyMixin, CuratedAdmin[Mail]):
    list_display = ("what", "to", "state", "created")
    list_filter = (MailStateFilter,)
    search_fields = ("to",)
    ordering = ("-created_at", "-pk")
    list_per_page = 50
    actions = ("try_again",)
    fields = readonly_fields = ("what", "to", "state", "created", "attempts", "next_try", "trouble")

    created = moment_column("created_at", "posted")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Mail]:
        return super().get_queryset(request).filter(confidential=False).defer("text", "html", "calendar")

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("mail.change_mail")

    @admin.action(permissions=["retry"], description="Try again now")
    def try_again(self, request: HttpRequest, queryset: models.QuerySet[Mail]) -> None:
        count = Mail.objects.filter(pk__in=queryset.values("pk")).try_again()
        if count:
            self.message_user(request, f"{count} mail{'' if count == 1 else 's'} will be tried again at once.")
        else:
            self.message_user(request, "These mails have already been sent.", messages.WARNING)

    @admin.display(description="mail", ordering="kind")
    def what(self, mail: Mail) -> str:
        return mail.kind.replace("_", " ").capitalize()

    @admin.display(description="state")
    def state(self, mail: Mail) -> str:
        if mail.sent_at:
            return f"Sent on {moment_in_words(mail.sent_at)}"
        if mail.given_up_at:
            return f"Given up on {moment_in_words(mail.given_up_at)}"
        if not mail.attempts:
            return "Waits to be sent"
        return f"Failed {'once' if mail.attempts == 1 else f'{mail.attempts} times'}, is tried again"

    @admin.display(description="next try")
    def next_try(self, mail: Mail) -> str:
        return "–" if mail.sent_at or mail.given_up_at else f"from {moment_in_words(mail.due_at)} on"
