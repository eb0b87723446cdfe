from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from members.access import Audience, open_to
from members.requests import UserRequest
from mixportal.editions.models import Edition, Kind
from mixportal.proposals.board import Board, qr_code
from mixportal.proposals.forms import (
    SAVE,
    TAKE_BACK,
    WITHDRAW,
    ProposalForm,
    ProposalWordingForm,
    SupportForm,
)
from mixportal.proposals.models import NotDraftingError, Proposal, SettledError
from mixportal.proposals.page import ProposalRow, ProposalsPage


@open_to(Audience.INSIDERS, methods=("GET", "POST"))
def proposals(request: UserRequest, year: int) -> HttpResponse:
    edition = get_object_or_404(Edition.objects.visible_to(request.user), year=year)
    if request.method == "POST":
        return _propose(request, edition)
    title = request.GET.get("title", "")
    page = ProposalsPage(edition, request.user, ProposalForm(initial=request.GET.dict()) if title else None)
    if request.htmx and title:
        return render(request, "proposals/_resembling.html", {"resembling": page.resembling(title)})
    return _answer(request, page, resembling=page.resembling(title) if title else ())


def _propose(request: UserRequest, edition: Edition) -> HttpResponse:
    if not request.user.is_voter:
        raise PermissionDenied
    form = ProposalForm(request.POST)
    page = ProposalsPage(edition, request.user, form)
    if not edition.is_drafting:
        return _answer(request, page, status=409)
    if not form.is_valid():
        return _answer(request, page, status=422)
    try:
        annual_list = edition.list_of(form.cleaned_data["kind"])
        made = Proposal.propose(annual_list=annual_list, user=request.user, **form.wording())
    except NotDraftingError:
        page.edition = Edition.objects.get(pk=edition.pk)
        return _answer(request, page, status=409)
    return redirect(made.get_absolute_url())


def _answer(request: UserRequest, page: ProposalsPage, status: int = 200, **context: object) -> HttpResponse:
    context |= {"page": page, "edition": page.edition}
    return render(request, "proposals/proposals.html", context, status=status)


@open_to(Audience.VOTERS, methods=("GET", "POST"))
def proposal(request: UserRequest, year: int, kind: Kind, number: int) -> HttpResponse:
    withdrawn = Proposal.objects.withdrawn_by(request.user.government)
    if request.method != "POST" and withdrawn.filter(pk=number).exists():
        return redirect("proposals", year)
    edition, shown = _find(request, year, kind, number)
    if not shown.can_be_changed_by(request.user):
        raise PermissionDenied
    context: dict[str, object] = {"edition": edition, "kind": shown.kind, "proposal": shown}
    wording = {name: getattr(shown, name) for name in ("title", "description", "why")}
    if request.method != "POST":
        return _answer_one(request, context | {"form": ProposalWordingForm(initial=wording)})
    action = request.POST.get("action", SAVE)
    form = ProposalWordingForm(request.POST if action == SAVE else wording)
    if action not in (SAVE, WITHDRAW) or not form.is_valid():
        return _answer_one(request, context | {"form": form}, 422)
    try:
        if action == WITHDRAW:
            shown.withdraw()
        else:
            shown.reword(**form.wording())
    except ValidationError as refusal:
        context["edition"] = Edition.objects.get(pk=edition.pk)
        return _answer_one(request, context | {"form": form, "problem": " ".join(refusal.messages)}, 409)
    return redirect(shown.get_absolute_url())


def _answer_one(request: UserRequest, context: dict[str, object], status: int = 200) -> HttpResponse:
    return render(request, "proposals/proposal.html", context, status=status)


@open_to(Audience.VOTERS, methods=("POST",))
def support(request: UserRequest, year: int, kind: Kind, number: int) -> HttpResponse:
    edition, shown = _find(request, year, kind, number)
    form = SupportForm(request.POST)
    problem, status = "", 200
    if not form.is_valid():
        problem, status = (
            " ".join(str(message) for errors in form.errors.values() for message in errors),
            422,
        )
    else:
        try:
            if form.cleaned_data["action"] == TAKE_BACK:
                shown.take_back(request.user)
            else:
                shown.support(request.user, form.cleaned_data["reason"])
        except (NotDraftingError, SettledError) as refusal:
            problem, status = " ".join(refusal.messages), 409
        except ValidationError as refusal:
            problem, status = " ".join(refusal.messages), 403
    if not request.htmx:
        if not problem:
            return redirect(shown.get_absolute_url())
        page = ProposalsPage(Edition.objects.get(pk=edition.pk), request.user, problem=problem)
        return _answer(request, page, status)
    fresh = Proposal.objects.visible_to(request.user).with_support().get(pk=shown.pk)
    is_drafting = Edition.objects.get(pk=edition.pk).is_drafting
    typed = request.POST.get("reason", "") if problem else None
    row = ProposalRow(fresh, request.user, is_drafting=is_drafting, problem=problem, typed=typed)
    context = {"row": row, "edition": edition, "kind": shown.kind, "is_fragment": True}
    return render(request, "proposals/_support.html", context, status=status)


def _find(request: UserRequest, year: int, kind: Kind, number: int) -> tuple[Edition, Proposal]:
    edition = get_object_or_404(Edition.objects.visible_to(request.user), year=year)
    visible = Proposal.objects.visible_to(request.user).for_edition(edition).filter(annual_list__kind=kind)
    found = visible.select_related("annual_list__edition", "government", "entry", "into__entry")
    return edition, get_object_or_404(found, pk=number)


@open_to(Audience.INSIDERS)
def room(request: UserRequest, year: int) -> HttpResponse:
    """Answer 204 to a poll if nothing has changed since `seen`."""
    edition = get_object_or_404(Edition.objects.visible_to(request.user), year=year)
    board = Board(edition, request.user)
    state = f"{edition.phase}-{board.digest}"
    if request.htmx and request.GET.get("seen") == state:
        return HttpResponse(status=204)
    context: dict[str, object] = {"edition": edition, "board": board, "state": state}
    if request.htmx:
        return render(request, "proposals/_board.html", context | {"is_fragment": True})
    address = settings.PORTAL_URL + reverse("proposals", args=[edition.year])
    parts = urlsplit(address)
    context |= {"address": f"{parts.netloc}{parts.path}", "qr": qr_code(address)}
    return render(request, "proposals/room.html", context)
