"""Ask this CIO: a short question from one insider to the member who speaks for a government, by mail."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from members.access import Audience, open_to
from members.models import Government, User
from mixportal.mail.models import Mail

A_DAY = timedelta(days=1)
MOST_A_DAY = 10
LONGEST = 1500


class TooMany(Exception):
    """The asker has sent MOST_A_DAY questions within a day."""


class QuestionForm(forms.Form):
    text = forms.CharField(
        label="Your question",
        max_length=LONGEST,
        min_length=10,
        widget=forms.Textarea({"class": "in", "rows": 8}),
        error_messages={
            "required": "Write your question.",
            "max_length": f"At most {LONGEST:,} characters; this has %(show_value)s.",
            "min_length": "That is too short to be answered.",
        },
    )
    gives_address = forms.BooleanField(required=False)

    def clean_text(self) -> str:
        return self.cleaned_data["text"].replace("\r\n", "\n")


@transaction.atomic
def put(asker: User, member: User, text: str, *, gives_address: bool) -> None:
    """Mails the question; the outbox keeps it. Raises TooMany, or ValidationError where the member takes none."""
    User.objects.select_for_update().get(pk=asker.pk)  # two at once do not slip through the limit together
    asked = f"question:{asker.pk}:"
    since = timezone.now() - A_DAY
    if Mail.objects.filter(kind="question", cause__startswith=asked, created_at__gt=since).count() >= MOST_A_DAY:
        raise TooMany
    if not member.wants("question"):
        raise ValidationError(f"{member} takes no questions by mail.")
    context: dict[str, Any] = {
        "asker": asker,
        "member": member,
        "text": text,
        "address": asker.email if gives_address else "",
        "answer_at": reverse("ask", args=[asker.government.slug]) if asker.role == User.Role.MEMBER else "",
    }
    Mail.objects.post(
        "question",
        member.email,
        cause=asked + secrets.token_hex(8),
        context=context,
        unsubscribe=member.unsubscribe_address("question"),
    )


def member_to_ask(government: Government, asker: User) -> User | None:
    """Who would get the question; None where nobody speaks for the government, or the asker does."""
    member = government.people.filter(role=User.Role.MEMBER, is_active=True).first()
    return None if member is None or member.pk == asker.pk else member


@open_to(Audience.INSIDERS, methods=("GET", "POST"))
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    government = get_object_or_404(Government, slug=slug)
    member = member_to_ask(government, request.user)
    if member is None:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    form = QuestionForm(posted, initial={"gives_address": True})
    status = 422 if posted is not None else 200
    if form.is_valid():
        try:
            put(request.user, member, form.cleaned_data["text"], gives_address=form.cleaned_data["gives_address"])
        except TooMany:
            status = 429
            form.add_error("text", f"You have sent {MOST_A_DAY} questions within a day. Try again tomorrow.")
        except ValidationError as refusal:
            form.add_error("text", refusal)
        else:
            messages.success(request, f"Your question is on its way to {member}.")
            return redirect(government.get_absolute_url())
    context = {
        "government": government,
        "member": member,
        "takes_questions": member.wants("question"),
        "form": form,
        "most_a_day": MOST_A_DAY,
        "longest": LONGEST,
    }
    return render(request, "members/ask.html", context, status=status)
