from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse

from members.models import Government
from mixportal.desk.pages import EditionAdmin, desk_page, desk_url
from mixportal.desk.preview import VISITOR, answer_for, leader_of, with_banner, within_preview
from mixportal.editions.models import Edition


@desk_page(changes=False)
def choose_leader(admin: EditionAdmin, request: HttpRequest, edition: Edition) -> HttpResponse:
    summary, slug = reverse("summary", args=[edition.year]), request.GET.get("government", "")
    try:
        return redirect(desk_url(edition, "preview_leader", government=slug, address=summary))
    except NoReverseMatch:  # that is no slug
        raise Http404 from None


@desk_page(changes=False)
def preview(
    admin: EditionAdmin, request: HttpRequest, edition: Edition, address: str, government: str = ""
) -> HttpResponse:
    if not edition.is_closed:
        raise Http404
    led = get_object_or_404(Government, slug=government) if government else None
    answer = answer_for(leader_of(led) if led else VISITOR, request, address, edition)
    if not isinstance(answer, HttpResponse) or answer.status_code != 200:
        raise Http404
    banner = render_to_string(
        "desk/_preview.html", {"edition": edition, "government": led, "desk_url": desk_url(edition)}
    )
    html = within_preview(answer.content.decode(), request.path.removesuffix(address))
    return HttpResponse(with_banner(html, banner))
