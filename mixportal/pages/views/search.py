from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from members.access import Audience, open_to
from members.requests import PortalRequest
from members.sessions import last_visit
from mixportal.notes.models import Note
from mixportal.pages.search import Search


@open_to(Audience.EVERYONE)
def dialogue(request: PortalRequest) -> HttpResponse:
    search = Search(request.GET.dict(), request.user, last_visit(request))
    counts_new = search.is_insider and not (search.has_filters or search.only_new or request.htmx)
    context = {
        "search": search,
        "is_fragment": request.htmx,
        "new": Note.objects.new_for(request.user, last_visit(request)).count() if counts_new else 0,
    }
    if not request.htmx:
        return render(request, "pages/search.html", context)
    response = render(request, "pages/_found.html", context)
    response["HX-Push-Url"] = search.address()
    return response
