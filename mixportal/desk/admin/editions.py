from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import URLPattern, path

from members.access import UserRequest
from mixportal.announcements.mails import coming_reminders, preview_announcement, preview_opening
from mixportal.desk.base import Context, CuratedAdmin, StateFilter
from mixportal.desk.edition_verbs import BY_KEY, verbs_for
from mixportal.desk.forms import EditionForm
from mixportal.desk.pages import (
    ENTRY_PERMISSIONS,
    add_refusal,
    desk_page,
    desk_url,
    entries_url,
    phase_steps,
    render_desk,
)
from mixportal.desk.views import lineage, lists, preview
from mixportal.editions.models import Edition, Entry, Phase, ReadinessIssue
from mixportal.editions.templatetags.moments import moment, short_moment
from mixportal.results.turnout import turnout_of
from mixportal.summaries.plain_language import Readability, readability_of
from mixportal.summaries.wordlist import ACRONYMS


class PhaseFilter(StateFilter):
    title = "phase"
    parameter_name = "phase"
    states = {
        phase.value: (phase.capitalize(), Q(pk__in=editions.values("pk")))
        for phase, editions in (
            (Phase.DRAFTING, Edition.objects.drafting()),
            (Phase.OPEN, Edition.objects.open()),
            (Phase.CLOSED, Edition.objects.closed()),
            (Phase.PUBLISHED, Edition.objects.published()),
        )
    }


def edition_moment(
    field: str, description: str, words: Callable[[datetime, Edition], str]
) -> Callable[[object, Edition], str]:
    @admin.display(description=description, ordering=field)
    def column(model_admin: object, edition: Edition) -> str:
        at = getattr(edition, field)
        return words(at, edition) if at else "–"

    return column


class EditionChangeList(ChangeList):
    def url_for_result(self, result: models.Model) -> str:
        assert isinstance(result, Edition)
        return desk_url(result)


@admin.register(Edition)
class EditionAdmin(CuratedAdmin[Edition]):
    form = EditionForm
    delete_confirmation_template = "desk/delete_edition.html"
    delete_selected_confirmation_template = "desk/delete_editions.html"
    list_display = ("year", "phase", "opens", "closes", "published")
    list_filter = (PhaseFilter,)
    search_fields = ("=year", "title", "introduction", "conference_place")
    ordering = ("-year",)
    readonly_fields = ("phase", "opening", "close", "publication")
    opening = edition_moment("opens_at", "ballots open", moment)
    close = edition_moment("closes_at", "ballots close", moment)
    publication = edition_moment("published_at", "published", moment)
    opens = edition_moment("opens_at", "ballots open", short_moment)
    closes = edition_moment("closes_at", "ballots close", short_moment)
    published = edition_moment("published_at", "published", short_moment)

    fieldsets = (
        (None, {"fields": ("year", "title", "introduction")}),
        ("Conference", {"fields": ("conference_place", ("conference_from", "conference_to"))}),
        (
            "Ballots",
            {
                "fields": ("phase", "time_zone", "opening", "close", "publication"),
                "description": "The edition’s desk sets the opening and the close, and publishes.",
            },
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Edition | None = None) -> tuple[str, ...]:
        fields: tuple[str, ...] = self.readonly_fields
        if obj is not None and obj.is_published:
            return (*fields, "year", "time_zone", "title", "introduction")
        if obj is None or obj.opens_at is None:
            return fields
        return (*fields, "time_zone") if obj.is_drafting else (*fields, "year", "time_zone")

    def get_changelist(self, request: HttpRequest, **kwargs: object) -> type[ChangeList]:
        return EditionChangeList

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        newest = Edition.objects.latest_first().first()
        following = {"year": newest.year + 1, "time_zone": newest.time_zone} if newest else {}
        return {**following, **super().get_changeform_initial_data(request)}

    def response_post_save_add(self, request: HttpRequest, obj: Edition) -> HttpResponseRedirect:
        return redirect(desk_url(obj))

    response_post_save_change = response_post_save_add

    def reasons_to_keep(self, objects: Iterable[Edition]) -> list[str]:
        return [f"{each} has opened or is published: it stays." for each in objects if not each.is_drafting]

    @admin.display(description="phase")
    def phase(self, edition: Edition) -> str:
        return edition.phase.capitalize()

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view

        def about_lists(route: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
            return path(
                f"<int:pk>/desk/{route}",
                guard(partial(view, self)),
                name=f"editions_edition_{name}",
            )

        return [
            path("<int:pk>/desk/", guard(self.desk), name="editions_edition_desk"),
            path("<int:pk>/desk/mail/", guard(self.mail), name="editions_edition_mail"),
            path("<int:pk>/desk/do/<slug:verb>/", guard(self.verb), name="editions_edition_verb"),
            about_lists("preview/leader/", preview.choose_leader, "choose_leader"),
            about_lists("preview/visitor<path:address>", preview.preview, "preview_visitor"),
            about_lists("preview/leader/<slug:government><path:address>", preview.preview, "preview_leader"),
            about_lists("list/", lists.paste, "list"),
            about_lists("<slug:kind>/order/", lists.order, "order"),
            about_lists("<slug:kind>/lineage/", lineage.lineage, "lineage"),
            about_lists("<slug:kind>/merge/", lists.merge, "merge"),
            about_lists("<slug:kind>/<int:entry>/split/", lists.split, "split"),
            about_lists("<slug:kind>/<int:entry>/correct/", lists.correct, "correct"),
            *super().get_urls(),
        ]

    @desk_page(changes=False)
    def desk(self, request: UserRequest, edition: Edition) -> HttpResponse:
        missing = edition.readiness_issues()
        texts = [] if edition.is_published else texts_for_leaders(edition)
        context: Context = {
            "steps": phase_steps(edition),
            "missing": [(each, _page_of(edition, each)) for each in missing],
            "is_stopped": any(each.is_blocking for each in missing),
            "texts": texts,
            "hard_texts": [text for text in texts if not text[2].is_plain],
            "turnout": turnout_of(edition, with_members=True),
            "reminders": coming_reminders(edition),
            "verbs": [(verb, desk_url(edition, "verb", verb=verb.key)) for verb in verbs_for(edition, request.user)],
            "lists": [(each, entries_url(each)) for each in edition.lists.in_order().with_entry_counts()],
            "errata": edition.errata.select_related("added_by") if edition.is_published else (),
        }
        name = f"{edition.year}: {edition.title}" if edition.title else str(edition.year)
        return render_desk(self, request, "desk", edition, f"Desk of {name}", 200, **context)

    @desk_page()
    def verb(self, request: UserRequest, edition: Edition, verb: str) -> HttpResponse:
        found = BY_KEY.get(verb)
        if found is None:
            raise Http404
        if found.changes_entries and not request.user.has_perms(ENTRY_PERMISSIONS):
            raise PermissionDenied
        if request.method == "POST":
            edition = edition.lock_for_update()
        form = found.form(request.POST if request.method == "POST" else None, edition=edition)
        if request.method == "POST" and form.is_valid():
            try:
                onward = found.act(edition, form, request.user)
            except ValidationError as refusal:
                add_refusal(form, refusal)
            else:
                self.log_change(request, edition, found.done.capitalize() + ".")
                self.message_user(request, f"{edition}: {found.done}.", messages.SUCCESS)
                return redirect(desk_url(onward))
        missing = [each for each in edition.readiness_issues() if each.is_blocking] if found.shows_missing else []
        status = 422 if form.errors else 200
        if missing or found not in verbs_for(edition, request.user):
            why: Context = {
                "forms": [form],
                "verb": found.key,
                "is_in_phase": edition.phase in found.phases,
                "has_empty_list": edition.lists.filter(entries__isnull=True).exists(),
                "missing": [(each, _page_of(edition, each)) for each in missing],
            }
            return render_desk(self, request, "not_possible", edition, found.label.rstrip("…"), status, **why)
        if found.key == "publish":
            missing = edition.lists_without_a_past()
        turnout = turnout_of(edition, with_members=True) if found.shows_turnout else None
        context: Context = {
            "forms": [form],
            "verb": found.key,
            "button": found.label.rstrip("…"),
            "turnout": turnout,
            "is_for_good": found.is_for_good,
            "announcement": preview_announcement(found.key, edition, request.user),
            "publication": preview.publication_of(edition, turnout) if found.key == "publish" else None,
            "earlier_drafts": found.shows_missing and Edition.objects.drafting().filter(year__lt=edition.year),
            "earlier_lists": edition.lists_to_take_over() if found.key == "take-over" else [],
            "missing": [(each, _page_of(edition, each)) for each in missing],
        }
        return render_desk(self, request, "verb", edition, found.question, status, **context)

    @desk_page()
    def mail(self, request: UserRequest, edition: Edition) -> HttpResponse:
        if request.method == "POST":
            edition.mark_mail_read()
            self.log_change(request, edition, "Read the mail that tells of the opening.")
            self.message_user(request, "The mail is marked as read.", messages.SUCCESS)
            return redirect(desk_url(edition))
        mail = preview_opening(edition, request.user)
        return render_desk(self, request, "mail", edition, "The mail that tells of the opening", mail=mail)


def texts_for_leaders(edition: Edition) -> list[tuple[Entry, str, Readability]]:
    entries = Entry.objects.filter(annual_list__edition=edition).order_by("-annual_list__kind", "position").with_list()
    texts = [
        (entry, name, text)
        for entry in entries
        for name, text in (
            ("in plain words", entry.in_plain_words),
            (entry.kind.for_leaders_heading.lower(), entry.for_leaders),
        )
    ]
    return [(entry, name, readability_of(text, ACRONYMS)) for entry, name, text in texts if text.strip()]


def _page_of(edition: Edition, issue: ReadinessIssue) -> str:
    if issue.page == "window":
        return desk_url(edition, "verb", verb="window")
    if issue.kind is not None and issue.page == "entries":
        return entries_url(edition.list_of(issue.kind))
    if issue.kind is not None and issue.page == "lineage":
        return desk_url(edition, "lineage", kind=issue.kind)
    return desk_url(edition, issue.page)
