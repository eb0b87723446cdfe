"""What every page of an edition's desk shares: who may open it, and refusals in words."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import DataError, IntegrityError, connection, transaction
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from members.curation import words_of
from mixportal.editions import kinds
from mixportal.editions.models import Edition


def desk_page(
    *, changes: bool = True, entries: bool = False
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Hands the view its edition, and its kind for a key; says in words what the database refuses on a POST.

    `changes`: for those who may change editions, else for all who may view them. `entries`: and who may change entries.
    """

    def wrap(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answering(self: Any, request: HttpRequest, pk: int, **named: Any) -> HttpResponse:
            may = self.has_change_permission(request) if changes else self.has_view_permission(request)
            if not may or (entries and not _may_change_entries(request)):
                raise PermissionDenied
            edition = self.get_queryset(request).filter(pk=pk).first()
            if edition is None:
                raise Http404
            if "kind" in named:
                named["kind"] = _kind_or_404(named["kind"])
            try:
                with transaction.atomic():
                    response = view(self, request, edition, **named)
                    if request.method == "POST":
                        connection.check_constraints()  # those left for the commit, before a message says all went well
                    return response
            except (IntegrityError, DataError) as refusal:
                if request.method != "POST":
                    raise
                self.message_user(request, words_of(refusal), messages.ERROR)
                return redirect(request.get_full_path())

        return answering

    return wrap


def _may_change_entries(request: HttpRequest) -> bool:
    names = [(kind.entry._meta.app_label, kind.entry._meta.model_name) for kind in kinds.registered()]
    return request.user.has_perms([f"{app}.change_{name}" for app, name in names])


def _kind_or_404(key: str) -> kinds.Kind:
    try:
        return kinds.get(key)
    except KeyError:
        raise Http404 from None


def say(form: BaseForm, refusal: ValidationError) -> None:
    """A verb's refusal at the form: at its field where the form has it, else above."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, errors in refusal.message_dict.items():
        form.add_error(name if name in form.fields and name != NON_FIELD_ERRORS else None, errors)


def desk_url(edition: Edition, page: str = "desk", **named: Any) -> str:
    """`page` is "desk", "mail", "list", or the name of a verb."""
    return reverse(f"admin:editions_edition_{page}", kwargs={"pk": edition.pk} | named)


def render_desk(
    admin: Any, request: HttpRequest, template: str, edition: Edition, title: str, status: int = 200, **context: Any
) -> TemplateResponse:
    full = {
        **admin.admin_site.each_context(request),
        "title": title,
        "edition": edition,
        "opts": admin.opts,
        "desk_url": desk_url(edition),
        **context,
    }
    return TemplateResponse(request, f"admin/editions/{template}.html", full, status=status)
