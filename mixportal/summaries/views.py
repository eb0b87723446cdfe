from collections.abc import Sequence

from allauth.core import ratelimit
from csp.constants import SELF
from csp.utils import build_policy
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from members.access import Audience, UserRequest, open_to
from members.models import Government
from mixportal.editions.models import Edition
from mixportal.mail.encrypted import decrypt, encrypt
from mixportal.summaries.brief import brief_for
from mixportal.summaries.forms import LinkForm, MailForm, ShareForm
from mixportal.summaries.models import MAX_DAYS, Paper, ShareLink, StoredPdf
from mixportal.summaries.pdf import no_pdf_reason
from mixportal.summaries.summary import summary_for

VISITOR = AnonymousUser()


@open_to(Audience.EVERYONE, stored=True)
def summary(request: HttpRequest, year: int) -> HttpResponse:
    return render_summary(request, get_object_or_404(Edition.objects.visible_to(request.user), year=year))


def render_summary(request: HttpRequest, shown: Edition, awaiting: Sequence[Edition] = ()) -> HttpResponse:
    user = request.user
    own = user.government if user.is_authenticated and user.government_id and shown.has_results else None
    context = {
        "edition": shown,
        "summary": summary_for(shown, user),
        "no_pdf": no_pdf_reason(),
        "may_embed": [site for site in settings.MAY_EMBED if site != SELF],
        "own": own,
        "awaiting": awaiting,
    }
    return render(request, "summaries/summary.html", context)


@open_to(Audience.EVERYONE, stored=True)
def slides(request: HttpRequest, year: int) -> HttpResponse:
    edition = get_object_or_404(Edition.objects.published(), year=year)
    context = {"edition": edition, "summary": summary_for(edition, VISITOR)}
    return render(request, "summaries/slides.html", context)


@open_to(Audience.EVERYONE)
def summary_pdf(request: HttpRequest, year: int) -> HttpResponse:
    edition = get_object_or_404(Edition.objects.published(), year=year)
    paper = Paper.A4 if request.GET.get("paper") == "a4" else Paper.LETTER
    return _pdf(request, edition, reverse("summary", args=[year]), name=f"mix-{year}-summary", paper=paper)


@open_to(Audience.EVERYONE, stored=True)
def embed(request: HttpRequest, year: int) -> HttpResponse:
    edition = get_object_or_404(Edition.objects.published(), year=year)
    context = {"edition": edition, "summary": summary_for(edition, VISITOR)}
    response = HttpResponse(render(request, "summaries/embed.html", context).content)
    response["Cache-Control"] = "public, max-age=60"
    response["Content-Security-Policy"] = build_policy(replace={"frame-ancestors": settings.MAY_EMBED or ["'none'"]})
    # X-Frame-Options cannot name several sites.
    response.xframe_options_exempt = True
    return response


@open_to(Audience.SIGNED_IN)
def brief(request: UserRequest, slug: str, year: int) -> HttpResponse:
    government, edition = _own(request, slug, year)
    if edition.is_open:
        return render(request, "summaries/brief_wait.html", {"government": government, "edition": edition})
    context = _context(request, government, edition)
    return render(request, "summaries/brief.html", context | {"may_share": request.user.is_voter})


@open_to(Audience.SIGNED_IN)
def brief_pdf(request: UserRequest, slug: str, year: int) -> HttpResponse:
    government, edition = _own(request, slug, year)
    if not edition.is_published:
        raise Http404
    return _brief_pdf(request, government, edition, reverse("brief", args=[slug, year]))


@open_to(Audience.EVERYONE, stored=True)
def shared_brief(request: HttpRequest, token: str) -> HttpResponse:
    link = _link_or_refusal(request, token)
    if isinstance(link, HttpResponse):
        return link
    context = _context(request, link.government, _edition(link)) | {"link": link, "token": token}
    return _private(render(request, "summaries/brief.html", context))


@open_to(Audience.EVERYONE)
def shared_brief_pdf(request: HttpRequest, token: str) -> HttpResponse:
    link = _link_or_refusal(request, token)
    if isinstance(link, HttpResponse):
        return link
    edition = _edition(link)
    if not edition.is_published:
        return _private(render(request, "errors/404.html", status=404))
    return _private(_brief_pdf(request, link.government, edition, link.path(token)))


def _own(request: UserRequest, slug: str, year: int) -> tuple[Government, Edition]:
    government = request.user.government
    if government is None or government.slug != slug:
        raise Http404
    edition = get_object_or_404(Edition.objects.visible_to(request.user), year=year)
    if not edition.was_ranked or edition.is_drafting:
        raise Http404
    return government, edition


def _context(request: HttpRequest, government: Government, edition: Edition) -> dict[str, object]:
    may_see_edition = edition.is_published or request.user.is_authenticated
    return {
        "government": government,
        "edition": edition,
        "nav_edition": edition if may_see_edition else None,
        "brief": SimpleLazyObject(lambda: brief_for(government, edition)),
        "no_pdf": no_pdf_reason(),
    }


def _brief_pdf(request: HttpRequest, government: Government, edition: Edition, page: str) -> HttpResponse:
    return _pdf(request, edition, page, name=f"mix-{edition.year}-{government.slug}", government=government)


def _pdf(
    request: HttpRequest,
    edition: Edition,
    page: str,
    *,
    name: str,
    government: Government | None = None,
    paper: Paper = Paper.LETTER,
) -> HttpResponse:
    body = StoredPdf.objects.body_of(edition, government, paper)
    if body is None:
        context = {"page": page, "no_pdf": no_pdf_reason()}
        return render(request, "summaries/pdf_wait.html", context, status=404)
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def _link_or_refusal(request: HttpRequest, token: str) -> ShareLink | HttpResponse:
    """Give every unusable token the same answer."""
    too_many: HttpResponse | None = ratelimit.consume_or_429(request, action="share_link", limit_get=True)
    if too_many:
        return _private(too_many)
    link = ShareLink.objects.use_token(token)
    return link or _private(render(request, "errors/404.html", status=404))


def _edition(link: ShareLink) -> Edition:
    return Edition.objects.get(pk=link.edition_id)  # with `read_at`


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


@open_to(Audience.VOTERS, methods=("GET", "POST"))
def shares(request: UserRequest, slug: str) -> HttpResponse:
    government = request.user.government
    if government is None or government.slug != slug:
        raise Http404
    editions = [each for each in Edition.objects.visible_to(request.user).latest_first() if each.has_results]
    if request.method != "POST":
        made = request.session.pop("made_link", None)
        if made:
            made["address"] = decrypt(made["address"])
        return _page(request, government, editions, made=made)
    action = request.POST.get("action")
    if action == "end":
        return _end(request, government)
    if action not in ("make", "mail"):
        return _page(request, government, editions, problem="This page doesn’t have that action.", status=422)
    form = (LinkForm if action == "make" else MailForm)(request.POST, years=[each.year for each in editions])
    if not form.is_valid():
        return _page(request, government, editions, form=form, status=422)
    edition = next(each for each in editions if each.year == form.cleaned_data["year"])
    given = {"by": request.user, "days": form.cleaned_data["days"]}
    try:
        if action == "make":
            link, token = ShareLink.objects.make(government, edition, label=form.cleaned_data["label"], **given)
            address = encrypt(settings.PORTAL_URL + link.path(token))
            request.session["made_link"] = {"label": link.label, "year": edition.year, "address": address}
            return redirect("shares", government.slug)
        ShareLink.objects.send(government, edition, to=form.cleaned_data["to"], line=form.cleaned_data["line"], **given)
    except ValidationError as problem:
        return _page(request, government, editions, form=form, problem=" ".join(problem.messages), status=409)
    messages.success(request, f"The brief of {edition.year} is on its way to {form.cleaned_data['to']}.")
    return redirect("shares", government.slug)


def _end(request: UserRequest, government: Government) -> HttpResponse:
    posted = request.POST.get("link", "")
    key = int(posted) if posted.isascii() and posted.isdigit() and len(posted) < 18 else 0
    link = get_object_or_404(ShareLink.objects.visible_to(request.user), pk=key)
    try:
        link.revoke()
    except ValidationError:
        messages.info(request, f"“{link.label}” was already ended.")
    else:
        messages.success(request, f"“{link.label}” is ended. Its link no longer works.")
    return redirect("shares", government.slug)


def _page(
    request: UserRequest,
    government: Government,
    editions: list[Edition],
    *,
    form: ShareForm | None = None,
    made: dict[str, str] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    years = [edition.year for edition in editions]
    context = {
        "government": government,
        "editions_with_results": editions,
        "links": ShareLink.objects.visible_to(request.user).with_state(),
        "link_form": form if isinstance(form, LinkForm) else LinkForm(years=years),
        "mail_form": form if isinstance(form, MailForm) else MailForm(years=years),
        "made": made,
        "problem": problem,
        "most_days": MAX_DAYS,
    }
    return render(request, "summaries/shares.html", context, status=status)
