from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from members.access import Audience, open_to
from members.models import Government
from mixportal.editions.models import Edition, Entry, Kind
from mixportal.pages.open_data import FILES, LICENCE
from mixportal.summaries.summary import Summary, summary_for

VISITOR = AnonymousUser()


class Feed(Atom1Feed):
    def latest_post_date(self) -> datetime:
        """Fix the date of an empty feed, so that its text stays the same."""
        return max((item["updateddate"] for item in self.items), default=datetime(2026, 1, 1, tzinfo=UTC))


@open_to(Audience.EVERYONE, stored=True)
def feed(request: HttpRequest) -> HttpResponse:
    atom = Feed(
        title="MIX: what city and county CIOs put first",
        link=settings.PORTAL_URL + reverse("home"),
        feed_url=settings.PORTAL_URL + reverse("feed"),
        description="The lists of priorities and challenges of the Metropolitan Information Exchange",
        language="en-US",
        author_name="Metropolitan Information Exchange",
        feed_copyright=f"{LICENCE.name}, {LICENCE.url}",
    )
    for edition in Edition.objects.published().order_by("-published_at")[:20]:
        summary = summary_for(edition, VISITOR)
        atom.add_item(
            title=f"The list of {edition.year}",
            link=settings.PORTAL_URL + reverse("summary", args=[edition.year]),
            description=escape(_description(summary)),
            pubdate=edition.published_at,
            updateddate=edition.published_at,
        )
    return HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _description(summary: Summary) -> str:
    if summary.leading:
        return f"{summary.leading.headline}. {summary.leading.finding}".strip()
    sizes = " and ".join(f"{len(part.entries)} {part.kind.plural}" for part in summary.lists)
    return f"{sizes}, not ranked."


@open_to(Audience.EVERYONE, stored=True)
def sitemap(request: HttpRequest) -> HttpResponse:
    addresses = [reverse(name) for name in ("home", "governments", "methods", "about", "speed", "data")]
    addresses += [reverse("trends", args=[kind]) for kind in Kind]
    for edition in Edition.objects.published().latest_first():
        addresses += [reverse(name, args=[edition.year]) for name in ("edition", "summary", "slides")]
        addresses += [reverse("list", args=[edition.year, kind]) for kind in Kind]
        addresses += [
            reverse("entry", args=[edition.year, entry.annual_list.kind, entry.slug])
            for entry in Entry.objects.filter(annual_list__edition=edition).select_related("annual_list")
        ]
    addresses += [
        reverse("government", args=[slug]) for slug in Government.objects.by_name().values_list("slug", flat=True)
    ]
    context = {"addresses": [settings.PORTAL_URL + address for address in addresses]}
    return render(request, "pages/sitemap.xml", context, content_type="application/xml; charset=utf-8")


@open_to(Audience.EVERYONE, stored=True)
def robots_txt(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /account/", "Disallow: /share/"]
    lines += ["", f"Sitemap: {settings.PORTAL_URL}{reverse('sitemap')}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@open_to(Audience.EVERYONE, stored=True)
def data(request: HttpRequest) -> HttpResponse:
    editions = [edition for edition in Edition.objects.published().latest_first() if edition.was_ranked]
    context = {
        "editions": editions,
        "kinds": list(Kind),
        "files": FILES,
        "licence": LICENCE,
    }
    return render(request, "pages/data.html", context)
