"""Stored ballots are sealed, so this page never shows one."""

from functools import cached_property

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from members.access import UserRequest
from members.models import Government
from mixportal.ballots import ballot_form, order
from mixportal.ballots.ballot_form import BallotError
from mixportal.ballots.models import AlreadyCastError
from mixportal.ballots.paper_entry import MAX_REASON_LENGTH, REFUSALS, enter_one, refusal_words
from mixportal.consensus.words import place_words
from mixportal.editions.models import AnnualList, Edition, Kind, WindowClosedError

EDIT, ENTER = "edit", "enter"


class PaperBallotPage:
    def __init__(self, annual_list: AnnualList, government: Government) -> None:
        self.annual_list, self.kind, self.government = annual_list, annual_list.words, government
        self.titles = dict(annual_list.entries.in_order().values_list("slug", "title"))
        self.typed: dict[str, str] = {}
        self.errors: dict[str, BallotError] = {}
        self.reason_error = self.refusal = ""
        self.places: order.Places = {}
        self.reason = ""
        self.is_preview = False

    @cached_property
    def has_cast_itself(self) -> bool:
        cast = self.annual_list.ballots.cast().filter(government=self.government, entered_by__isnull=True)
        return bool(cast.exists())

    @property
    def has_errors(self) -> bool:
        return bool(self.errors or self.reason_error or self.refusal)

    @property
    def form_error(self) -> BallotError | None:
        return self.errors.get("")

    @property
    def boxes(self) -> list[tuple[str, str, str, BallotError | None]]:
        return [(slug, title, self.typed.get(slug, ""), self.errors.get(slug)) for slug, title in self.titles.items()]

    @property
    def order(self) -> list[tuple[str, str]]:
        return [(place_words(place, joint), self.titles[slug]) for slug, place, joint in order.in_order(self.places)]

    @property
    def not_ranked(self) -> list[str]:
        return [title for slug, title in self.titles.items() if slug not in self.places]

    def read(self, request: UserRequest) -> None:
        post = request.POST.copy()
        post["version"], post["action"] = "0", "save"
        form = ballot_form.BallotForm(post, self.titles)
        self.typed, self.errors, self.places = form.typed, dict(form.errors), form.places
        for slug in form.places:
            if int(form.typed[slug]) > len(self.titles):
                self.errors.setdefault(slug, BallotError("past the last", form.typed[slug]))
        self.reason = " ".join(request.POST.get("reason", "").replace("\x00", "").split())
        if not self.reason:
            self.reason_error = "missing"
        elif len(self.reason) > MAX_REASON_LENGTH:
            self.reason_error = "too long"
        if not self.places and not self.has_errors:
            self.errors[""] = BallotError("blank")


def enter_ballot(request: UserRequest, year: int) -> HttpResponse:
    if not request.user.has_perm("editions.change_edition"):
        raise PermissionDenied
    edition = get_object_or_404(Edition, year=year)
    is_post = request.method == "POST"
    chosen = request.POST if is_post else request.GET
    kind, slug = chosen.get("kind", ""), chosen.get("government", "").replace("\x00", "")
    if not edition.is_open:
        return _answer(request, edition, None, status=409 if is_post else 200)
    government = Government.objects.seated().filter(slug=slug).first()
    if kind not in Kind.values or government is None:
        return _answer(request, edition, None, status=422 if is_post else 200)
    page = PaperBallotPage(edition.list_of(kind), government)
    if not is_post:
        return _answer(request, edition, page)
    if page.has_cast_itself:
        return _answer(request, edition, page, status=409)
    page.read(request)
    if page.has_errors:
        return _answer(request, edition, page, status=422)
    if request.POST.get("action") != ENTER:
        page.is_preview = request.POST.get("action") != EDIT
        return _answer(request, edition, page)
    try:
        was_entered = enter_one(page.annual_list, government, request.user, places=page.places, reason=page.reason)
    except tuple(REFUSALS) as refusal:
        page.refusal = refusal_words(refusal, government, edition)
        status = 409 if isinstance(refusal, WindowClosedError | AlreadyCastError) else 422
        return _answer(request, Edition.objects.get(pk=edition.pk), page, status=status)
    ballot = f"ballot of {page.kind.plural} of {government}"
    if was_entered:
        messages.success(request, f"The {ballot} is cast. Its people are told by mail.")
    else:
        messages.info(request, f"The same {ballot} was already entered. Nothing changed.")
    return redirect(reverse("admin:enter-ballot", args=[year]))


def _answer(request: UserRequest, edition: Edition, page: PaperBallotPage | None, status: int = 200) -> HttpResponse:
    context: dict[str, object] = {
        **admin.site.each_context(request),
        "title": f"Enter a ballot of {edition.year}",
        "edition": edition,
        "page": page,
        "chosen_kind": request.GET.get("kind", ""),
        "longest_reason": MAX_REASON_LENGTH,
    }
    if page is None and edition.is_open:
        context["governments"] = Government.objects.seated().by_name()
        context["kinds"] = list(Kind)
    return TemplateResponse(request, "desk/enter_ballot.html", context, status=status)
