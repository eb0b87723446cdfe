from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from challenges.obstacles import HindranceGrid
from members.access import Audience, open_to
from members.models import NOTICE_VERSION, Government, Office
from members.sessions import last_visit
from mixportal.consensus import METHOD_VERSION
from mixportal.editions.models import Edition, Kind
from mixportal.notes.models import Note
from mixportal.pages.archive import files_of
from mixportal.pages.tasks import tasks_for, turnouts_of
from mixportal.results.results import results_for
from mixportal.summaries.summary import summary_for
from mixportal.summaries.views.summary import render_summary
from mixportal.tables.writer import zip_response


@open_to(Audience.EVERYONE, stored=True)
def home(request: HttpRequest) -> HttpResponse:
    """Show insiders their tasks, and everybody else the newest published summary."""
    user = request.user
    editions = list(Edition.objects.visible_to(user).latest_first())
    newest = next((edition for edition in editions if edition.is_published), None)
    if not user.is_authenticated or not user.is_insider:
        return render_summary(request, newest) if newest else render(request, "pages/empty.html")
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
    return render(request, "pages/home.html", context)


@open_to(Audience.EVERYONE, stored=True)
def edition(request: HttpRequest, year: int) -> HttpResponse:
    shown = get_object_or_404(Edition.objects.visible_to(request.user), year=year)
    user = request.user
    insider = user if user.is_authenticated and user.is_insider else None
    context = {
        "edition": shown,
        "summary": summary_for(shown, user),
        "turnouts": turnouts_of(shown, insider) if insider and shown.is_open else [],
        "tasks": tasks_for(shown, insider) if insider and insider.is_voter and shown.is_open else [],
        "hindrances": HindranceGrid(shown, user) if shown.is_open or shown.has_results else None,
    }
    return render(request, "pages/edition.html", context)


@open_to(Audience.INSIDERS)
def archive(request: HttpRequest, year: int) -> HttpResponse:
    edition = get_object_or_404(Edition.objects.visible_to(request.user), year=year)
    return zip_response(f"mix-{edition.year}.zip", files_of(edition, request.user))


@open_to(Audience.EVERYONE, stored=True)
def methods(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/methods.html", {"method_version": METHOD_VERSION})


@open_to(Audience.EVERYONE, stored=True)
def about(request: HttpRequest) -> HttpResponse:
    context = {
        "presidents": Office.objects.presidents(),
        "conferences": Edition.objects.published().exclude(conference_place="").latest_first(),
        "seats_held": Government.objects.seated().count(),
    }
    return render(request, "pages/about.html", context)


@open_to(Audience.EVERYONE, stored=True)
def speed(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/speed.html")


@open_to(Audience.EVERYONE)
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/privacy.html", {"notice_version": NOTICE_VERSION})


@open_to(Audience.EVERYONE)
def operating(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/operating.html")
