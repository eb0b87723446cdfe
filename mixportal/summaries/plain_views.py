"""The plain-language check of an edition, for curators: how each text for leaders reads, before it is published."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from members.access import Audience, open_to
from mixportal.editions import kinds
from mixportal.editions.models import Edition
from mixportal.summaries.plain import HIGHEST, LONGEST, read
from mixportal.summaries.wordlist import ACRONYMS


@open_to(Audience.INSIDERS)
def plain(request: HttpRequest, year: int) -> HttpResponse:
    if not request.user.is_curator:
        raise Http404
    edition = get_object_or_404(Edition.objects.visible_to(request.user), year=year)
    texts = []
    for kind in kinds.registered():
        for entry in kind.entry.objects.of(edition):
            texts.append((kind, entry, "In plain words", read(entry.in_plain_words, ACRONYMS), entry.in_plain_words))
            texts.append((kind, entry, kind.more_title, read(entry.more, ACRONYMS), entry.more))
    found = sorted((text for text in texts if text[4].strip()), key=lambda text: text[3].is_plain)
    context = {
        "edition": edition,
        "texts": found,
        "missing": [text for text in texts if not text[4].strip()],
        "hard": [text for text in found if not text[3].is_plain],
        "highest": HIGHEST,
        "longest": LONGEST,
    }
    return render(request, "summaries/plain.html", context)
