"""Refuse a form that was made for another user, since two people may share one browser.

`{% csrf_token %}` also writes `made_for`, the signed user and government. A request without it
passes: this is no defense against attacks.
"""

import re
from functools import lru_cache
from typing import TypeGuard

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.deprecation import MiddlewareMixin  # not itself deprecated

from members.models import User, Viewer
from mixportal.tables.text import sentence

FIELD = "made_for"
OWN_FIELDS = {FIELD, "csrfmiddlewaretoken"}
HIDDEN = re.compile(
    "_.*|initial-.*|.*_FORMS|action|chosen|credential|entries|from|invitation|link|next|person|previewed|reply_to"
    "|seen|tally|version|view"
)
_SIGNER = signing.Signer(salt="members.authorship")


def signed_author(user: User) -> str:
    return _sign(user.pk, user.government_id)


@lru_cache
def _sign(user_id: int, government_id: int | None) -> str:
    return _SIGNER.sign_object([user_id, government_id])


def is_made_for(value: str, user: Viewer) -> TypeGuard[User]:
    return user.is_authenticated and _author(value) == (user.pk, user.government_id)


def sent_fields(request: HttpRequest) -> dict[str, list[tuple[str, str]]]:
    fields = ((name, value) for name, values in request.POST.lists() for value in values)
    sent = [(name, value) for name, value in fields if name not in OWN_FIELDS]
    typed = [(_label(name), value) for name, value in sent if value and not HIDDEN.fullmatch(name)]
    return {"sent": sent, "typed": typed}


def _label(name: str) -> str:
    return "Text" if name == "body" else sentence(re.sub("[-_]", " ", name))


class AuthorshipMiddleware(MiddlewareMixin):
    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        value = request.POST.get(FIELD) if request.method == "POST" else None
        if value is None or not request.user.is_authenticated or is_made_for(value, request.user):
            return None
        return refuse_author(request, value)


def refuse_author(request: HttpRequest, value: str) -> HttpResponse:
    """Answer 409 with what was typed, or for a fragment with a notice."""
    author = _author(value)
    is_fragment = bool(request.headers.get("HX-Request"))
    context = {
        "has_moved": author is not None and author[0] == request.user.pk,
        **sent_fields(request),
    }
    template = "errors/_other_author.html" if is_fragment else "errors/other_author.html"
    response = render(request, template, context, status=409)
    patch_cache_control(response, private=True, no_store=True)
    if is_fragment:
        response["HX-Retarget"], response["HX-Reswap"] = "#notices", "innerHTML"
    return response


def _author(value: str) -> tuple[int, int | None] | None:
    try:
        user, government = _SIGNER.unsign_object(value)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return user, government
