"""Each date in a sentence has its year, unless it is the edition's and this one, and the right time zone's label."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils.html import strip_tags

from mixportal.editions.models import Edition, Erratum, Kind, database_now
from mixportal.editions.templatetags.moments import day, short_moment
from tests.pages.test_archive import files
from tests.reading import page, text
from tests.results.random_worlds import without_triggers

pytestmark = pytest.mark.django_db
ZONES = ("America/New_York", "Pacific/Honolulu")
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DAY = re.compile(rf"({MONTHS}) (\d{{1,2}})(?:, (\d{{4}}))?")
CLOCK = re.compile(r"(\d{1,2}):(\d\d) (am|pm|a\.m\.|p\.m\.) ?(\S*)")
WITHOUT_YEAR = re.compile(rf"(?:{MONTHS}) \d{{1,2}}(?!\d|, \d{{4}}| to )")


@pytest.fixture(params=ZONES)
def zone(phases, request):
    with without_triggers():
        Edition.objects.update(time_zone=request.param)
    return ZoneInfo(request.param)


def pages_of(edition: Edition) -> list[str]:
    year = f"/{edition.year}/"
    lists = [f"{year}{kind}/{name}" for kind in Kind for name in ("", "results/", "ballot/", "compare/", "map/")]
    return [year, *lists, f"{year}summary/", f"{year}hindrances/", f"{year}proposals/", f"{year}priorities/data/"]


def wrong_dates(answer, edition: Edition) -> list[str]:
    wrong = []
    for element in page(answer).iter("time"):
        said, stamp = text(element), element.get("datetime")
        at = datetime.fromisoformat(stamp)
        local = at.astimezone(edition.zone) if at.tzinfo else at
        if date := DAY.search(said):
            year = int(date[3]) if date[3] else edition.year
            if (year, date[1], int(date[2])) != (local.year, f"{local:%B}", local.day):
                wrong.append(f"{said} for {stamp}")
        if clock := CLOCK.search(said):
            hour = local.hour % 12 or 12
            told = (int(clock[1]), int(clock[2]), clock[3][0], clock[4])
            if told != (hour, local.minute, "ap"[local.hour >= 12], f"{local:%Z}"):
                wrong.append(f"{said} for {stamp}")
    return wrong


def without_year(answer, edition: Edition) -> list[str]:
    """Days outside of an element that names the moment, and days of another year than the edition's."""
    root = page(answer)
    dated = {text(element) for element in root.iter("time")}
    return [each for each in WITHOUT_YEAR.findall(text(root)) if not any(each in words for words in dated)]


@pytest.mark.parametrize("phase", ["published", "closed", "open", "drafting"])
def test_dates_on_the_pages_of_an_edition_are_in_its_zone_and_have_their_year(phases, sign_in, zone, phase):
    edition = Edition.objects.get(pk=getattr(phases, phase).pk)
    checked = 0
    for who in (phases.member_a, phases.leader_a):
        client = sign_in(who)
        for url in pages_of(edition):
            answer = client.get(url)
            if answer.status_code != 200:
                continue
            assert wrong_dates(answer, edition) == [], url
            assert without_year(answer, edition) == [], url
            checked += 1
    assert checked > 5


@pytest.mark.parametrize(
    ("edition_in", "day_in", "has_year"), [(0, 0, False), (0, 1, True), (1, 0, True), (1, 1, True), (-1, -1, True)]
)
def test_a_day_has_its_year_unless_it_is_the_editions_and_this_one(db, edition_in, day_in, has_year):
    this = database_now().year
    at = datetime(this + day_in, 5, 1, 13, tzinfo=UTC)
    for words in (day, short_moment):
        said = strip_tags(words(at, Edition(year=this + edition_in)))
        assert (str(at.year) in said) is has_year


def test_the_archive_has_the_days_of_the_editions_zone(phases, sign_in, zone):
    client = sign_in(phases.curator)
    edition = Edition.objects.get(pk=phases.published.pk)
    erratum = Erratum.objects.create(edition=edition, body="The figure is 12.", added_by=phases.curator)
    shown = {element.get("datetime")[:10] for element in page(client.get(f"/{edition.year}/")).iter("time")}
    [row] = files(client, edition)["errata.csv"]
    assert row["date"] == f"{erratum.added_at.astimezone(zone):%Y-%m-%d}"
    assert row["date"] in shown
    edition = Edition.objects.get(pk=phases.closed.pk)
    edition.list_of(Kind.PRIORITIES).entries.first().correct(reason="A typo.", title="Cyber Security")
    [row] = files(client, edition)["priorities-corrections.csv"]
    assert row["date"] == f"{database_now().astimezone(zone):%Y-%m-%d}"
