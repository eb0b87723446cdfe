import hashlib

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from members.access import Audience, UserRequest, open_to
from members.models import User
from mixportal.editions.models import Edition, Entry, Kind
from mixportal.proposals.forms import SAVE, TAKE_BACK, WITHDRAW, ProposalForm, ProposalWordingForm, SupportForm
from mixportal.proposals.models import NotDraftingError, Proposal
from mixportal.proposals.qr import qr_code


@open_to(Audience.INSIDERS, methods=("GET", "POST"))
def proposals(request: UserRequest, year: int) -> HttpResponse:
    edition = get_object_or_404(Edition.objects.visible_to(request.user), year=year)
    if request.method == "POST":
        return _propose(request, edition)
    return _answer(request, edition, ProposalForm())


def _propose(request: UserRequest, edition: Edition) -> HttpResponse:
    if not request.user.is_voter:
        raise PermissionDenied
    form = ProposalForm(request.POST)
    if not edition.is_drafting:
        return _answer(request, edition, form, status=409)
    if not form.is_valid():
        return _answer(request, edition, form, status=422)
    annual_list = edition.list_of(form.cleaned_data.pop("kind"))
    if same := Proposal.with_title(annual_list, form.cleaned_data["title"]):
        return _answer(request, edition, form, same=same, status=422)
    try:
        made = Proposal.propose(annual_list=annual_list, user=request.user, **form.cleaned_data)
    except NotDraftingError:
        return _answer(request, Edition.objects.get(pk=edition.pk), form, status=409)
    return redirect(made.get_absolute_url())


def _answer(
    request: UserRequest,
    edition: Edition,
    form: ProposalForm,
    *,
    problem: str = "",
    same: Entry | Proposal | None = None,
    status: int = 200,
) -> HttpResponse:
    visible = Proposal.objects.visible_to(request.user).for_edition(edition).with_support()
    merged = Prefetch("merged_in", Proposal.objects.select_related("annual_list", "government"))
    shown = list(visible.prefetch_related(merged).order_by("-annual_list__kind", "-proposed_at", "-pk"))
    rows = [(each, _row(each, request.user, is_drafting=edition.is_drafting)) for each in shown]
    context = {
        "edition": edition,
        "form": form,
        "problem": problem,
        "same": same,
        "can_propose": edition.is_drafting and request.user.is_voter,
        "proposals": shown,
        "governments": {each.government_id for each in shown},
        "lists": [(kind, [row for each, row in rows if each.kind is kind]) for kind in Kind],
    }
    return render(request, "proposals/proposals.html", context, status=status)


@open_to(Audience.VOTERS, methods=("GET", "POST"))
def proposal(request: UserRequest, year: int, kind: Kind, number: int) -> HttpResponse:
    own = Proposal.objects.filter(government=request.user.government, pk=number)
    if request.method != "POST" and own.filter(withdrawn_at__isnull=False).exists():
        return redirect("proposals", year)
    edition, shown = _find(request, year, kind, number)
    if not shown.can_be_changed_by(request.user):
        raise PermissionDenied
    context: dict[str, object] = {"edition": edition, "kind": shown.kind, "proposal": shown}
    wording = {name: getattr(shown, name) for name in ("title", "description", "why")}
    if request.method != "POST":
        return render(request, "proposals/proposal.html", context | {"form": ProposalWordingForm(initial=wording)})
    action = request.POST.get("action", SAVE)
    form = ProposalWordingForm(request.POST if action == SAVE else wording)
    if action not in (SAVE, WITHDRAW) or not form.is_valid():
        return render(request, "proposals/proposal.html", context | {"form": form}, status=422)
    try:
        if action == WITHDRAW:
            shown.withdraw()
        else:
            shown.reword(**form.cleaned_data)
    except ValidationError as refusal:
        context["edition"] = Edition.objects.get(pk=edition.pk)
        return render(
            request,
            "proposals/proposal.html",
            context | {"form": form, "problem": " ".join(refusal.messages)},
            status=409,
        )
    return redirect(shown.get_absolute_url())


@open_to(Audience.VOTERS, methods=("POST",))
def support(request: UserRequest, year: int, kind: Kind, number: int) -> HttpResponse:
    edition, shown = _find(request, year, kind, number)
    form = SupportForm(request.POST)
    problem, status = "", 200
    if not form.is_valid():
        problem, status = " ".join(str(message) for errors in form.errors.values() for message in errors), 422
    else:
        try:
            if form.cleaned_data["action"] == TAKE_BACK:
                shown.take_back(request.user)
            else:
                shown.support(request.user, form.cleaned_data["reason"])
        except ValidationError as refusal:
            problem, status = " ".join(refusal.messages), 409
    edition = Edition.objects.get(pk=edition.pk)
    if not request.htmx:
        if not problem:
            return redirect(shown.get_absolute_url())
        return _answer(request, edition, ProposalForm(), problem=problem, status=status)
    fresh = Proposal.objects.visible_to(request.user).with_support().get(pk=shown.pk)
    row = _row(fresh, request.user, is_drafting=edition.is_drafting)
    row |= {"problem": problem, "typed": request.POST.get("reason", "")}
    context = {"row": row, "edition": edition, "kind": shown.kind, "is_fragment": True}
    return render(request, "proposals/_support.html", context, status=status)


def _row(proposal: Proposal, user: User, *, is_drafting: bool) -> dict[str, object]:
    supports = proposal.supports.all()
    return {
        "proposal": proposal,
        "is_own": proposal.can_be_changed_by(user),
        "is_undecided": is_drafting and proposal.is_waiting,
        "supports": supports,
        "count": len(supports),
        "own_support": next((each for each in supports if each.government_id == user.government_id), None),
    }


def _find(request: UserRequest, year: int, kind: Kind, number: int) -> tuple[Edition, Proposal]:
    edition = get_object_or_404(Edition.objects.visible_to(request.user), year=year)
    visible = Proposal.objects.visible_to(request.user).for_edition(edition).filter(annual_list__kind=kind)
    found = visible.select_related("annual_list__edition", "government", "entry", "into__entry")
    return edition, get_object_or_404(found, pk=number)


@open_to(Audience.INSIDERS)
def room(request: UserRequest, year: int) -> HttpResponse:
    """Answer 204 to a poll if nothing has changed since `seen`."""
    edition = get_object_or_404(Edition.objects.visible_to(request.user), year=year)
    visible = Proposal.objects.visible_to(request.user).for_edition(edition)
    by_support = visible.annotate(support_count=Count("supports")).order_by("-support_count", "proposed_at")
    fields = ("annual_list__kind", "title", "government_id", "government__name", "outcome", "entry", "support_count")
    all_lines = list(by_support.values(*fields))
    lines = [line for line in all_lines if line["outcome"] not in ("declined", "merged")]
    state = f"{edition.phase}-{hashlib.sha256(repr(all_lines).encode()).hexdigest()[:16]}"
    if request.htmx and request.GET.get("seen") == state:
        return HttpResponse(status=204)
    address = settings.PORTAL_URL + reverse("proposals", args=[edition.year])
    context = {
        "edition": edition,
        "state": state,
        "lines": lines,
        "left_out": len(all_lines) - len(lines),
        "lists": [(kind, [line for line in lines if line["annual_list__kind"] == kind]) for kind in Kind],
        "governments": {line["government_id"] for line in lines},
        "supports": sum(line["support_count"] for line in lines),
        "is_fragment": bool(request.htmx),
        "address": address.partition("://")[2],
        "qr": qr_code(address),
    }
    return render(request, "proposals/_board.html" if request.htmx else "proposals/room.html", context)
