"""The embedded list, the feed, the sitemap, the share picture and the open data."""

from __future__ import annotations

import re
import struct
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import html5lib
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from mixportal.results.views import RESULT_COLUMNS
from tests.reading import page as parsed
from tests.reading import text, with_testid
from tests.worlds import published, rank, seat_governments

ATOM, SITEMAP = "{http://www.w3.org/2005/Atom}", "{http://www.sitemaps.org/schemas/sitemap/0.9}"
HIDDEN = ("2029", "2030", "2031")


@pytest.fixture
def ranked(world):
    for member in [world.member_a, world.member_b, *seat_governments(10)]:
        rank(world.edition, member, "Data", "Workforce", "Governance")
    return published(world.edition)


# The frame


def test_the_list_can_be_framed_by_the_sites_that_are_named_and_sets_no_cookie(phases, settings):
    settings.MAY_EMBED = ["'self'", "https://www.city.example"]
    answer = Client().get("/2028/embed/")
    policy = answer["Content-Security-Policy"]
    assert "frame-ancestors 'self' https://www.city.example" in policy
    assert "default-src 'none'" in policy
    assert not answer.has_header("X-Frame-Options")
    assert not answer.cookies
    again = Client().get("/2028/embed/")
    assert again["Content-Security-Policy"] == policy
    assert not again.has_header("X-Frame-Options")


def test_without_any_site_named_nobody_frames_it(phases, settings):
    settings.MAY_EMBED = []
    assert "frame-ancestors 'none'" in Client().get("/2028/embed/")["Content-Security-Policy"]


def test_the_summary_gives_the_line_to_copy_and_names_the_sites_that_may_show_it(phases, settings):
    settings.MAY_EMBED = ["'self'", "https://www.city.example"]
    shown = with_testid(parsed(Client().get("/2028/summary/")), "embed")
    line = text(next(shown.iter("code")))
    assert line == next(shown.iter("button")).get("data-copy")
    assert "https://www.city.example" in text(shown)
    frame = html5lib.parseFragment(line, namespaceHTMLElements=False)[0]
    assert frame.tag == "iframe"
    assert Client().get(frame.get("src").removeprefix(settings.PORTAL_URL)).status_code == 200


def test_the_summary_offers_no_frame_where_no_site_may_show_it(phases):
    shown = with_testid(parsed(Client().get("/2028/summary/")), "embed")
    assert "No other site may show this list" in text(shown)
    assert not list(shown.iter("code"))


@pytest.mark.parametrize("who", ["member_a", "curator", "leader_a"])
def test_the_frame_is_the_same_whoever_is_signed_in(phases, sign_in, who):
    answer = sign_in(getattr(phases, who)).get("/2028/embed/")
    assert answer.content == Client().get("/2028/embed/").content
    assert "public" in answer["Cache-Control"]
    assert getattr(phases, who).name not in answer.content.decode()


def test_what_is_not_published_is_framed_for_nobody(phases, sign_in):
    for year in HIDDEN:
        assert sign_in(phases.curator).get(f"/{year}/embed/").status_code == 404


def test_the_frame_says_who_took_part_and_leads_to_the_portal_in_a_tab_of_its_own(ranked):
    page = Client().get("/2030/embed/").content.decode()
    assert "12 of 12 cities and counties" in page
    assert re.findall(r'<a (?![^>]*target="_blank" rel="noopener")', page) == []
    assert "Data comes first" in page


# The feed and the map


def test_the_feed_tells_what_was_published_the_newest_first_and_nothing_else(phases):
    answer = Client().get("/feed/")
    assert answer["Content-Type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.content)
    entries = feed.findall(f"{ATOM}entry")
    assert {entry.find(f"{ATOM}title").text for entry in entries} == {"The list of 2027", "The list of 2028"}
    dates = [entry.find(f"{ATOM}updated").text for entry in entries]
    assert dates == sorted(dates, reverse=True)
    assert all(entry.find(f"{ATOM}link").get("href").startswith(settings.PORTAL_URL) for entry in entries)
    assert not any(year in answer.content.decode() for year in HIDDEN)


def test_the_map_names_every_public_page_and_each_of_them_is_there(phases):
    answer = Client().get("/sitemap.xml")
    addresses = [each.text for each in ElementTree.fromstring(answer.content).iter(f"{SITEMAP}loc")]
    assert len(addresses) == len(set(addresses)) > 30
    for address in addresses:
        assert address.startswith(settings.PORTAL_URL + "/")
        assert Client().get(address.removeprefix(settings.PORTAL_URL)).status_code == 200, address
    assert not any(year in address for address in addresses for year in HIDDEN)
    assert f"Sitemap: {settings.PORTAL_URL}/sitemap.xml" in Client().get("/robots.txt").content.decode()


# What a shared link shows


def test_a_shared_summary_names_its_one_address_and_its_picture(phases):
    for page in ("/2028/summary/", "/"):
        text = Client().get(page).content.decode()
        assert f'<link rel="canonical" href="{settings.PORTAL_URL}/2028/summary/">' in text
        assert f'<meta property="og:image" content="{settings.PORTAL_URL}/static/img/share.png">' in text
        assert '<meta property="og:title" content="' in text


def test_the_picture_is_a_png_of_the_size_that_it_is_said_to_have():
    found = Path(finders.find("img/share.png")).read_bytes()
    assert found.startswith(b"\x89PNG")
    assert struct.unpack(">II", found[16:24]) == (1200, 630)
    assert len(found) < 150_000


# Open data


def test_the_page_of_the_data_names_every_column_that_the_files_have(ranked):
    answer = Client().get("/data/")
    documented = {}
    for table in parsed(answer).iter("table"):
        names = [text(cell) for cell in table.iter("th") if cell.get("scope") == "row"]
        documented[text(next(table.iter("caption")))] = [name for each in names for name in each.split(", ")]
    assert sorted(documented["What results.csv holds"]) == sorted(RESULT_COLUMNS)
    keys = set(documented["What results.json holds"])
    assert set(Client().get("/2030/priorities/results.json").json()) - keys == set()
    assert "/2030/priorities/results.csv" in answer.content.decode()


def test_published_files_may_be_read_by_any_site_and_name_their_license(ranked, world, sign_in):
    for name in ("results.json", "results.csv"):
        answer = Client().get(f"/2030/priorities/{name}")
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert answer["Link"] == f'<{settings.DATA_LICENSE_URL}>; rel="license"'
        assert answer.has_header("ETag")
        assert not sign_in(world.member_a).get(f"/2030/priorities/{name}").has_header("Access-Control-Allow-Origin")
    assert Client().get("/2030/priorities/results.json").json()["license"]["url"] == settings.DATA_LICENSE_URL


def test_no_other_site_may_read_what_is_not_public(phases, sign_in):
    for user in (phases.member_a, phases.leader_a):
        answer = sign_in(user).get("/2029/priorities/results.json")
        assert answer.status_code == 200
        assert not answer.has_header("Access-Control-Allow-Origin")
