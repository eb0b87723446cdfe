from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from functools import wraps
from typing import TypeAlias

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import connection, transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from members.access import UserRequest
from mixportal.desk.base import CuratedAdmin, report_refusals
from mixportal.editions.models import AnnualList, Edition, Entry, Kind, Phase

EditionAdmin: TypeAlias = CuratedAdmin[Edition]
ENTRY_PERMISSIONS = tuple(f"{kind.plural}.change_{kind.singular}" for kind in Kind)


def desk_page(
    *, changes: bool = True, entries: bool = False, phases: Collection[Phase] = tuple(Phase)
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Check permissions, load the edition and its list, and save all or nothing."""

    def wrap(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @report_refusals
        @wraps(page)
        def answer(admin: EditionAdmin, request: UserRequest, pk: int, **named: object) -> HttpResponse:
            is_permitted = admin.has_change_permission(request) if changes else admin.has_view_permission(request)
            if not is_permitted or (entries and not request.user.has_perms(ENTRY_PERMISSIONS)):
                raise PermissionDenied
            edition = admin.get_queryset(request).filter(pk=pk).first()
            if edition is None:
                messages.warning(request, "That edition is not here. Perhaps it was undone.")
                return redirect(admin.list_url)
            if "kind" in named:
                named["annual_list"] = get_object_or_404(edition.lists, kind=named.pop("kind"))
            with transaction.atomic():
                response = page(admin, request, edition, **named)
                if request.method == "POST":
                    connection.check_constraints()  # deferred ones too
                elif edition.phase not in phases:
                    return render_desk(admin, request, "not_possible", edition, "This cannot be done now")
                return response

        return answer

    return wrap


def add_refusal(form: BaseForm, refusal: ValidationError) -> None:
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, errors in refusal.message_dict.items():
        form.add_error(name if name in form.fields and name != NON_FIELD_ERRORS else None, errors)


def phase_steps(edition: Edition) -> list[tuple[str, str, datetime | None]]:
    """Return each phase with its state and when it begins."""
    phases = list(Phase)
    now = phases.index(edition.phase)
    begins = (None, edition.opens_at, edition.closes_at, edition.published_at)
    steps = [
        (phase.capitalize(), "past" if number < now else "present" if number == now else "coming", when)
        for number, (phase, when) in enumerate(zip(phases, begins, strict=True))
    ]
    return [steps[0], steps[3]] if edition.is_published and not edition.was_ranked else steps


def desk_url(edition: Edition, page: str = "desk", **named: object) -> str:
    return reverse(f"admin:editions_edition_{page}", kwargs={"pk": edition.pk} | named)


def entries_url(annual_list: AnnualList) -> str:
    kind = annual_list.words
    changelist = reverse(f"admin:{kind.plural}_{kind.singular}_changelist")
    return f"{changelist}?annual_list__edition__id__exact={annual_list.edition_id}"


def entry_admin_url(entry: Entry) -> str:
    return reverse(f"admin:{entry.kind.plural}_{entry.kind.singular}_change", args=[entry.pk])


def render_desk(
    admin: EditionAdmin,
    request: HttpRequest,
    template: str,
    edition: Edition,
    title: str,
    status: int = 200,
    **context: object,
) -> TemplateResponse:
    full = {
        **admin.admin_site.each_context(request),
        "title": title,
        "edition": edition,
        "opts": admin.opts,
        "desk_url": desk_url(edition),
        **context,
    }
    return TemplateResponse(request, f"desk/{template}.html", full, status=status)
