"""The desk of an edition: its phase, what is missing, who has cast, and its verbs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse

from members.requests import UserRequest
from mixportal.announcements.mails import preview_opening
from mixportal.desk.admin.challenges import ChallengesInline
from mixportal.desk.admin.editions import EditionAdmin, EntriesInline
from mixportal.desk.admin.priorities import PrioritiesInline
from mixportal.desk.edition_status import phase_steps, texts_for_leaders
from mixportal.desk.edition_verbs import BY_KEY, verbs_for
from mixportal.desk.pages import add_refusal, desk_page, desk_url, entries_url, render_desk
from mixportal.desk.views import lineage, lists, merging
from mixportal.editions.models import AnnualList, Edition, ReadinessIssue
from mixportal.results.turnout import turnout_of


@admin.register(Edition)
class EditionDesk(EditionAdmin):
    def get_inlines(self, request: HttpRequest, obj: Edition | None) -> tuple[type[EntriesInline], ...]:
        return (PrioritiesInline, ChallengesInline)

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view

        def about_lists(route: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
            return path(f"<int:pk>/desk/{route}", guard(partial(view, self)), name=f"editions_edition_{name}")

        return [
            path("<int:pk>/desk/", guard(self.desk), name="editions_edition_desk"),
            path("<int:pk>/desk/mail/", guard(self.mail), name="editions_edition_mail"),
            path("<int:pk>/desk/do/<slug:verb>/", guard(self.verb), name="editions_edition_verb"),
            about_lists("list/", lists.paste, "list"),
            about_lists("<slug:kind>/order/", lists.order, "order"),
            about_lists("<slug:kind>/lineage/", lineage.lineage, "lineage"),
            about_lists("<slug:kind>/merge/", merging.merge, "merge"),
            about_lists("<slug:kind>/<int:entry>/split/", lists.split, "split"),
            about_lists("<slug:kind>/<int:entry>/correct/", lists.correct, "correct"),
            *super().get_urls(),
        ]

    @desk_page(changes=False)
    def desk(self, request: UserRequest, edition: Edition) -> HttpResponse:
        may = self.has_change_permission(request)
        missing = edition.readiness_issues()
        texts = [] if edition.is_published else texts_for_leaders(edition)  # published texts no longer change
        context: dict[str, Any] = {
            "steps": phase_steps(edition),
            "missing": [(each, _page_of(edition, each)) for each in missing],
            "is_stopped": any(each.is_blocking for each in missing),
            "texts": texts,
            "hard_texts": [text for text in texts if not text.reading.is_plain],
            "turnout": turnout_of(edition),
            "verbs": [(verb, desk_url(edition, "verb", verb=verb.key)) for verb in verbs_for(edition)] if may else [],
            "lists": [_links_of(annual_list) for annual_list in edition.lists.in_order()],
            "errata": edition.errata.select_related("added_by"),
            "can_change": may,
        }
        name = f"{edition.year}: {edition.title}" if edition.title else str(edition.year)
        return render_desk(self, request, "desk", edition, f"Desk of {name}", **context)

    @desk_page()
    def verb(self, request: UserRequest, edition: Edition, verb: str) -> HttpResponse:
        """Explain the verb and ask for what it needs. A POST carries it out, or shows why it was refused (422)."""
        found = BY_KEY.get(verb)
        if found is None:
            raise Http404
        form = found.form(request.POST if request.method == "POST" else None, edition=edition)
        if request.method == "POST" and form.is_valid():
            try:
                found.act(edition, form, request.user)
            except ValidationError as refusal:
                add_refusal(form, refusal)
            else:
                self.log_change(request, edition, found.done.capitalize() + ".")
                self.message_user(request, f"{edition}: {found.done}.", messages.SUCCESS)
                return redirect(desk_url(edition))
        context: dict[str, Any] = {
            "forms": [form],
            "consequence": found.consequence,
            "button": found.label.rstrip("…"),
            "turnout": turnout_of(edition) if found.shows_turnout else None,
            "is_for_good": found.is_for_good,
            "missing": [
                (each, _page_of(edition, each))
                for each in (edition.readiness_issues() if found.shows_missing else ())
                if each.is_blocking
            ],
        }
        status = 422 if form.errors else 200
        return render_desk(self, request, "verb", edition, found.question, status, **context)

    @desk_page()
    def mail(self, request: UserRequest, edition: Edition) -> HttpResponse:
        """Show the opening mail as it will be sent. A POST marks it as read by a curator."""
        if request.method == "POST":
            edition.mark_mail_read()
            self.log_change(request, edition, "Read the mail that tells of the opening.")
            self.message_user(request, "The mail counts as read.", messages.SUCCESS)
            return redirect(desk_url(edition))
        mail = preview_opening(edition, request.user)
        return render_desk(self, request, "mail", edition, "The mail that tells of the opening", mail=mail)


def _page_of(edition: Edition, issue: ReadinessIssue) -> str:
    page, _, kind = issue.page.partition(":")
    if page == "entries":
        return entries_url(edition.list_of(kind))
    if page == "lineage":
        return desk_url(edition, "lineage", kind=kind)
    if page == "window":
        return desk_url(edition, "verb", verb="window")
    return desk_url(edition, page)


def _links_of(annual_list: AnnualList) -> dict[str, Any]:
    edition, kind = annual_list.edition, annual_list.words
    proposals = reverse("admin:proposals_proposal_changelist")
    return {
        "kind": kind,
        "count": getattr(edition, f"count_of_{kind.value}"),
        "entries_url": entries_url(annual_list),
        "order_url": desk_url(edition, "order", kind=kind),
        "lineage_url": desk_url(edition, "lineage", kind=kind),
        "merge_url": desk_url(edition, "merge", kind=kind),
        "proposals_url": f"{proposals}?annual_list__edition__id__exact={edition.pk}"
        f"&annual_list__kind__exact={kind.value}",
    }
