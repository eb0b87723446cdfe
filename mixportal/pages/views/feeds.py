from datetime import UTC, datetime

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from members.access import Audience, open_to
from members.models import Government
from mixportal.editions.models import AnnualList, Edition, Kind
from mixportal.summaries.summary import summary_for
from mixportal.trends.models import OutsideSeries

EDITIONS_IN_FEED = 3  # each asks the database a few times


class Feed(Atom1Feed):
    def latest_post_date(self) -> datetime:
        """Keep the text of an empty feed the same."""
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
        feed_copyright=f"{settings.DATA_LICENSE_NAME}, {settings.DATA_LICENSE_URL}",
    )
    for edition in Edition.objects.published().order_by("-published_at")[:EDITIONS_IN_FEED]:
        summary = summary_for(edition, AnonymousUser())
        atom.add_item(
            title=f"The list of {edition.year}",
            link=settings.PORTAL_URL + reverse("summary", args=[edition.year]),
            description=render_to_string("pages/feed_description.txt", {"summary": summary}).strip(),
            pubdate=edition.published_at,
            updateddate=edition.published_at,
        )
    return HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


@open_to(Audience.EVERYONE, stored=True)
def sitemap(request: HttpRequest) -> HttpResponse:
    names = "home governments methods about accessibility security speed data outside".split()
    addresses = [reverse(name) for name in names]
    addresses += [series.get_absolute_url() for series in OutsideSeries.objects.visible_to(AnonymousUser())]
    addresses += [reverse("trends", args=[kind]) for kind in Kind]
    years = list(Edition.objects.published().latest_first().values_list("year", flat=True))
    for year in years:
        addresses += [reverse(name, args=[year]) for name in ("edition", "summary", "slides")]
        addresses += [reverse("list", args=[year, kind]) for kind in Kind]
    lists = AnnualList.objects.filter(edition__year__in=years).order_by("-edition__year", "-kind")
    counted = lists.filter(tallies__number=1).values_list("edition__year", "kind")
    addresses += [reverse("results", args=of_list) for of_list in counted]
    entries = lists.order_by("-edition__year", "-kind", "entries__position").exclude(entries=None)
    of_entries = entries.values_list("edition__year", "kind", "entries__slug")
    addresses += [reverse("entry", args=of_entry) for of_entry in of_entries]
    addresses += [
        reverse("government", args=[slug]) for slug in Government.objects.by_name().values_list("slug", flat=True)
    ]
    context = {"addresses": [settings.PORTAL_URL + address for address in addresses]}
    return render(request, "pages/sitemap.xml", context, content_type="application/xml; charset=utf-8")


@open_to(Audience.EVERYONE, stored=True)
def robots_txt(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/robots.txt", content_type="text/plain; charset=utf-8")
