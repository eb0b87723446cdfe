"""Sending the curators a private word on an entry."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from members.access import Audience, open_to
from mixportal.editions.kinds import Kind
from mixportal.editions.models import Edition, Phase
from mixportal.editions.private_words.models import MAX_WORD, TooLate


class WordForm(forms.Form):
    """Its fields have ids of their own: an entry's page has other forms too."""

    body = forms.CharField(
        max_length=MAX_WORD,
        widget=forms.Textarea({"class": "in", "rows": 4}),
        error_messages={"required": "Write a word or two first."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="word-%s", **kwargs)


def word_context(kind: Kind, edition: Edition, entry: Any, user: Any) -> dict[str, Any]:
    """What the template needs: the form, and what the viewer has said before."""
    return {
        "kind": kind,
        "edition": edition,
        "entry": entry,
        "words": list(kind.word.objects.visible_to(user).on(entry)) if getattr(entry, "has_own_words", True) else [],
        "may_write": edition.phase in (Phase.DRAFTING, Phase.OPEN),
        "form": WordForm(),
    }


@open_to(Audience.VOTERS, methods=("POST",))
def word(request: HttpRequest, year: int, slug: str, kind: Kind) -> HttpResponse:
    edition = get_object_or_404(Edition.objects.visible_to(request.user), year=year)
    entry = get_object_or_404(kind.entry.objects.filter(edition=edition), slug=slug)
    form = WordForm(request.POST)
    context, status = {}, 422
    if form.is_valid():
        try:
            kind.word.write(entry=entry, user=request.user, body=form.cleaned_data["body"])
        except TooLate:
            edition = Edition.objects.get(pk=edition.pk)
            context, status = {"too_late": True, "lost": form.cleaned_data["body"]}, 409
        else:
            return redirect(reverse(f"{kind.key}:entry", args=[year, slug]) + "#private-word")
    context = word_context(kind, edition, entry, request.user) | {"form": form} | context
    return render(request, "editions/private_word.html", context, status=status)
