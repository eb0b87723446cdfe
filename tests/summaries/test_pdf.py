"""PDF files of the summary and the brief."""

from __future__ import annotations

import re
import zlib

import html5lib
import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import Client

from mixportal.editions.models import Edition
from mixportal.results.publishing import publish
from mixportal.summaries import checks
from mixportal.summaries import pdf as paper
from mixportal.summaries.brief import brief_for
from mixportal.summaries.models import StoredPdf
from mixportal.summaries.summary import summary_for
from tests.reading import glued_words


def objects(pdf: bytes) -> bytes:
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S)
    unpacked = []
    for each in packed:
        try:
            unpacked.append(zlib.decompress(each))
        except zlib.error:
            unpacked.append(each)
    return pdf + b"\n".join(unpacked)


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", objects(pdf)))


def test_the_summary_is_one_tagged_sheet_of_text(phases):
    answer = Client().get("/2028/summary.pdf")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'inline; filename="mix-2028-summary.pdf"'
    inside = objects(answer.content)
    assert pages(answer.content) <= 2
    for mark in (b"/MarkInfo", b"/StructTreeRoot", b"/Lang", b"/Outlines", b"pdfuaid", b"/ToUnicode"):
        assert mark in inside, mark
    assert b"2028" in inside  # its title, in the metadata


def test_no_words_are_glued_together_on_what_becomes_a_pdf(network):
    publish(network.edition)
    edition = Edition.objects.get(pk=network.edition.pk)
    summary = {"edition": edition, "summary": summary_for(edition, AnonymousUser(), since=True), "unfolded": 5}
    papers = [render_to_string("summaries/paper_summary.html", summary)]
    for person in (network.member_a, network.member_b, network.members[0]):
        brief = {"government": person.government, "edition": edition, "brief": brief_for(person.government, edition)}
        papers.append(render_to_string("summaries/paper_brief.html", brief))
    for paper_ in papers:
        assert glued_words(html5lib.parse(paper_, namespaceHTMLElements=False)) == []


def test_it_is_made_once_for_each_version_and_kept(phases):
    first = Client().get("/2028/summary.pdf")
    stored = StoredPdf.objects.get(key="summary:2028")
    second = Client().get("/2028/summary.pdf")
    assert second.content == first.content == bytes(stored.body)
    assert StoredPdf.objects.get().made_at == stored.made_at
    StoredPdf.objects.update(version="of old")
    Client().get("/2028/summary.pdf")
    assert StoredPdf.objects.get().version == stored.version


def test_a_brief_can_be_kept_as_a_file_by_those_who_may_read_it(phases, sign_in):
    answer = sign_in(phases.leader_a).get("/governments/port-merrow-county/2028/brief.pdf")
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF-")
    assert answer["Cache-Control"] == "private, no-store"
    assert sign_in(phases.member_b).get("/governments/port-merrow-county/2028/brief.pdf").status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "http://localhost:8000/static/../manage.py", "https://evil.example/static/css/paper.css",
        "http://localhost:8000/static/%2e%2e/manage.py", "http://localhost:8000/static//etc/passwd",
        "http://localhost:8000/healthz", "data:text/plain,x", "http://localhost:8000/static/css/none.css",
    ],
)  # fmt: skip
def test_no_file_but_our_static_ones_goes_into_a_pdf(settings, url):
    settings.PORTAL_URL = "http://localhost:8000"
    with pytest.raises(ValueError):
        paper.static_file(url)
    assert paper.static_file("http://localhost:8000/static/css/paper.css").name == "paper.css"


def test_collected_files_under_their_hashed_names_are_found_too(settings, collected):
    settings.STATIC_ROOT, settings.PORTAL_URL = collected, "http://localhost:8000"
    hashed = next(path.name for path in (collected / "css").glob("paper.*.css"))
    assert "woff2" in paper.static_file(f"http://localhost:8000/static/css/{hashed}").read_text()


def test_without_pango_the_page_offers_to_print_and_says_why(phases, monkeypatch):
    monkeypatch.setattr(checks, "LIBRARIES", ("no-such-library",))
    checks.has_pango.cache_clear()
    try:
        assert [notice.id for notice in checks.check_pango(None)] == ["summaries.W001"]
        page = Client().get("/2028/summary/").content.decode()
        assert "summary.pdf" not in page
        assert "lacks Pango" in page
        assert Client().get("/2028/summary.pdf").status_code == 503
    finally:
        monkeypatch.undo()
        checks.has_pango.cache_clear()
    assert checks.check_pango(None) == []
