from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from members.access import Audience, UserRequest, open_to
from members.models import NotSeatedError, User
from mixportal.ballots import ballot_form
from mixportal.ballots.models import (
    CAST,
    LAST_YEAR,
    UNDO,
    Ballot,
    NothingRankedError,
    NothingToUndoError,
    SealedError,
)
from mixportal.ballots.page import BallotPage
from mixportal.editions.models import AnnualList, Edition, Kind, WindowClosedError
from mixportal.editions.saving import StaleError
from mixportal.editions.shortcuts import list_or_404

STATUS_OF_REFUSAL: dict[type[Exception], int] = {
    WindowClosedError: 409,
    NotSeatedError: 403,
    NothingRankedError: 422,
    SealedError: 409,
    NothingToUndoError: 409,
    StaleError: 409,
}


@open_to(Audience.VOTERS, methods=("GET", "POST"))
def ballot(request: UserRequest, year: int, kind: Kind) -> HttpResponse:
    annual_list = _ranked_list_or_404(request, year, kind)
    page = BallotPage(annual_list, request.user)
    if request.method != "POST":
        page.show_stored()
        page.chosen, page.wanted_view = ballot_form.chosen_and_view(request.GET, page.titles)
        return _answer(request, page)

    form = ballot_form.BallotForm(request.POST, page.titles)
    page.show_posted(form)
    page.agrees = request.POST.get("consent") == "yes"
    if form.errors:
        return _answer(request, page, status=422)
    if form.action == CAST and page.edition.is_open and page.government.seat and not request.user.has_consented:
        if not page.agrees:
            return _answer(request, page, status=422, problem="no consent")
        request.user.consent()
    places = form.places
    if form.action == LAST_YEAR:
        places = {entry.slug: place for place, entry, _ in page.earlier_order}
        if not places:
            return _answer(request, page, status=409, problem="no earlier order")
    try:
        ballot = Ballot.record(
            annual_list=annual_list,
            government=page.government,
            user=request.user,
            places=places,
            version=form.version,
            action=form.action,
        )
    except tuple(STATUS_OF_REFUSAL) as refusal:
        page.show_refusal(refusal)
        return _answer(request, page, status=STATUS_OF_REFUSAL[type(refusal)])
    if not request.htmx and form.action == CAST:
        return redirect("receipt", year, kind)
    if not request.htmx:
        query = urlencode({name: value for name in ("view", "chosen") if (value := getattr(form, name))})
        anchor = f"#row-{form.chosen}" if form.chosen else ""
        return redirect(reverse("ballot", args=[year, kind]) + (query and f"?{query}") + anchor)
    if form.action != UNDO:  # what an undo puts back may be sealed to this voter
        page.ballot = ballot
    page.show_stored()
    page.saved = form
    return _answer(request, page)


@open_to(Audience.VOTERS)
def receipt(request: UserRequest, year: int, kind: Kind) -> HttpResponse:
    page = BallotPage(_ranked_list_or_404(request, year, kind), request.user)
    if page.edition.is_drafting:
        raise Http404("No ballot can be cast yet.")
    page.show_stored()
    if not page.counted_rows:
        return redirect("ballot", year, kind)
    return _answer(request, page, template="ballots/receipt.html")


@open_to(Audience.VOTERS, methods=("POST",))
def let_in(request: UserRequest, year: int) -> HttpResponse:
    edition = get_object_or_404(Edition.objects.visible_to(request.user), year=year)
    if edition.is_open:
        assert request.user.government is not None
        assert edition.opens_at is not None
        voters = {str(person.pk): person for person in User.objects.voting_for(request.user.government)}
        by, person = voters[str(request.user.pk)], voters.get(request.POST.get("person", ""))
        if person is None:
            raise Http404
        if by.sees_since >= edition.opens_at or person.voter_since < edition.opens_at:
            raise PermissionDenied
        if request.POST.get("action") == "undo":
            person.undo_let_in()
        else:
            person.let_in(by, seeing_from=by.sees_since)
    kind = request.POST.get("kind", "")
    return redirect(reverse("ballot", args=[year, kind]) if kind in Kind.values else edition)


def _ranked_list_or_404(request: UserRequest, year: int, kind: Kind) -> AnnualList:
    annual_list = list_or_404(request, year, kind)
    if annual_list.edition.is_published and not annual_list.edition.was_ranked:
        raise Http404("That list was never ranked.")
    return annual_list


def _answer(
    request: UserRequest, page: BallotPage, status: int = 200, problem: str = "", template: str = ""
) -> HttpResponse:
    if problem:
        page.errors = {"": ballot_form.BallotError(problem)}
    template = template or ("ballots/_answer.html" if request.htmx else "ballots/ballot.html")
    context = {"page": page, "edition": page.edition, "kind": page.annual_list.words}
    return render(request, template, context, status=status)
