"""Home, an edition, the leaders' summary, a government's profile, and the pages that explain."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from challenges.obstacles import HindranceGrid
from members.access import Audience, open_to
from members.consent import NOTICE_VERSION
from members.exports import zip_response
from members.models import Government, Office, User
from members.sessions import last_visit
from members.web_role import needs_granting
from mixportal.consensus import METHOD_VERSION
from mixportal.editions.models import Edition, Kind
from mixportal.notes.models import Note
from mixportal.results.results import results_for
from mixportal.summaries.archive import files_of
from mixportal.summaries.home import tasks_for, turnouts_of
from mixportal.summaries.paper import no_pdf
from mixportal.summaries.profile import with_part_of, years_of
from mixportal.summaries.summary import UNFOLDED, summary_for
from priorities.invested import portfolio_of

# What security.txt says lapses a year after the process started: whoever runs a portal restarts it more often.
SECURITY_TXT_EXPIRES = datetime.now(UTC).replace(microsecond=0) + timedelta(days=365)


@open_to(Audience.EVERYONE, stored=True)
def home(request: HttpRequest) -> HttpResponse:
    """What awaits me, for members, delegates and curators; the newest published summary for everyone else."""
    user = request.user
    editions = list(Edition.objects.visible_to(user).latest_first())
    newest = next((edition for edition in editions if edition.is_published), None)
    if not (user.is_authenticated and user.is_insider):
        return _summary(request, newest) if newest else render(request, "summaries/empty.html")
    edition = next((edition for edition in editions if edition.is_open), None)
    context = {
        "edition": edition,
        "editions": editions,
        "tasks": tasks_for(edition, user) if edition and user.is_voter else [],
        "turnouts": turnouts_of(edition, user) if edition else [],
        "awaiting": [edition for edition in editions if edition.is_closed],
        "drafting": [edition for edition in editions if edition.is_drafting],
        "newest": newest,
        "news": Note.objects.new_for(user, last_visit(request)).count(),
        "newest_results": results_for(newest.list_of(Kind.PRIORITIES), user) if newest else None,
    }
    return render(request, "summaries/home.html", context)


@open_to(Audience.EVERYONE, stored=True)
def edition(request: HttpRequest, year: int) -> HttpResponse:
    """One year: both lists, what happens when, results where they may be seen."""
    shown = get_object_or_404(Edition.objects.visible_to(request.user), year=year)
    insider = request.user.is_authenticated and request.user.is_insider
    context = {
        "edition": shown,
        "summary": summary_for(shown, request.user),
        "turnouts": turnouts_of(shown, request.user) if insider and shown.is_open else [],
        "tasks": tasks_for(shown, request.user) if insider and request.user.is_voter and shown.is_open else [],
        "hindrances": HindranceGrid(shown, request.user) if shown.is_open or shown.has_results else None,
    }
    return render(request, "summaries/edition.html", context)


@open_to(Audience.INSIDERS)
def archive(request: HttpRequest, year: int) -> HttpResponse:
    """Return everything of the edition that the viewer may see, as CSV files in one zip."""
    edition = get_object_or_404(Edition.objects.visible_to(request.user), year=year)
    return zip_response(f"mix-{edition.year}.zip", files_of(edition, request.user))


@open_to(Audience.EVERYONE, stored=True)
def summary(request: HttpRequest, year: int) -> HttpResponse:
    """The leaders' page: public once published, before that for those who may see the tally."""
    return _summary(request, get_object_or_404(Edition.objects.visible_to(request.user), year=year))


def _summary(request: HttpRequest, shown: Edition) -> HttpResponse:
    user = request.user
    own = user.government if user.is_authenticated and user.government_id and shown.has_results else None
    context = {
        "edition": shown,
        "summary": summary_for(shown, user, moves=True),
        "unfolded": UNFOLDED,
        "no_pdf": no_pdf(),
        "own": own,  # whose brief is linked
    }
    return render(request, "summaries/summary.html", context)


@open_to(Audience.EVERYONE, stored=True)
def government(request: HttpRequest, slug: str) -> HttpResponse:
    """A government's public facts and its part in each edition; who speaks for it is for insiders."""
    shown = get_object_or_404(Government, slug=slug)
    user = request.user
    insider = user.is_authenticated and user.is_insider
    editions = list(with_part_of(Edition.objects.visible_to(user), shown).latest_first())
    context = {
        "government": shown,
        "recorded_at": shown.recorded_at,
        "offices": shown.offices.latest_first(),
        "people": User.objects.speaking_for(shown) if insider else [],
        "may_read_history": insider and (user.is_curator or user.government_id == shown.pk),
        "editions": editions,
        "years": years_of(shown, editions, user),
        "may_rank": insider and user.is_voter and user.government_id == shown.pk,
        "portfolio": portfolio_of(shown, user),
    }
    return render(request, "summaries/government.html", context)


@open_to(Audience.EVERYONE, stored=True)
def methods(request: HttpRequest) -> HttpResponse:
    return render(request, "summaries/methods.html", {"method_version": METHOD_VERSION})


@open_to(Audience.EVERYONE, stored=True)
def about(request: HttpRequest) -> HttpResponse:
    context = {
        "presidents": Office.objects.presidents(),
        "conferences": Edition.objects.published().exclude(conference_place="").latest_first(),
        "seats_held": Government.objects.seated().count(),
    }
    return render(request, "summaries/about.html", context)


@open_to(Audience.EVERYONE, stored=True)
def speed(request: HttpRequest) -> HttpResponse:
    return render(request, "summaries/speed.html")


@open_to(Audience.EVERYONE)
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "summaries/privacy.html", {"notice_version": NOTICE_VERSION})


@open_to(Audience.EVERYONE)
def operating(request: HttpRequest) -> HttpResponse:
    return render(request, "summaries/operating.html")


@open_to(Audience.EVERYONE)
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok", content_type="text/plain", headers={"Cache-Control": "no-store"})


@open_to(Audience.EVERYONE)
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers too, and lets this process work; where it does not answer, the middleware says 503."""
    if needs_granting():
        said, status = "A migration made what this database role may not use: run manage.py web_role.", 503
    else:
        said, status = "ready", 200
    return HttpResponse(said, content_type="text/plain", headers={"Cache-Control": "no-store"}, status=status)


@open_to(Audience.EVERYONE)
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness (RFC 9116)."""
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {SECURITY_TXT_EXPIRES.isoformat().replace('+00:00', 'Z')}",
        "Preferred-Languages: en",
        f"Canonical: {settings.PORTAL_URL}{request.path}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
