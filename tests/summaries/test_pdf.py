"""PDF files of the summary and the brief: what they say and show, who may read them, and when they are made."""

from __future__ import annotations

import io
import re
import zlib
from datetime import timedelta
from xml.etree.ElementTree import Element

import html5lib
import pytest
import segno
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.formats import date_format
from PIL import Image

from members.models import Government, Seal, User
from mixportal.editions.models import Edition
from mixportal.results.publishing import publish
from mixportal.summaries import checks, pdf
from mixportal.summaries.models import ShareLink, StoredPdf
from tests.kept_rows import made_once
from tests.reading import glued_words, links, page, text
from tests.results.random_worlds import Draw, World, network_of
from tests.worlds import CHALLENGES, PRIORITIES

BRIEF_OF_2029 = "/governments/port-merrow-county/2029/"


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


@pytest.fixture
def edition(network):
    """The network's year, published."""

    def published() -> Edition:
        publish(network.edition)
        return Edition.objects.get(pk=network.edition.pk)

    return made_once("network, published", published)


@pytest.fixture
def papers(network, edition):
    """Pages that become PDF files: the summary, and briefs of governments that ranked all, a part, and nothing."""
    image = io.BytesIO()
    Image.new("RGB", (90, 60), "#9c3a1f").save(image, "PNG")
    Seal.objects.put(network.member_b.government, image.getvalue(), by=network.member_b)
    readers = [network.member_a.government, network.member_b.government, Government.objects.get(name="Lone Key")]
    return [pdf.summary_html(edition), *(pdf.brief_html(government, edition) for government in readers)]


@pytest.mark.django_db
@pytest.mark.parametrize(("paper", "width"), [("Letter", 612), ("A4", 595)])
def test_a_summary_fits_two_sides_of_either_paper(paper, width):
    with network_of(World(1, 30, Draw(13, 30, "alike"), Draw(5, 28, "ties"), Draw(8, 30, "alike", kept=8))) as drawn:
        file = pdf.render_pdf(pdf.summary_html(drawn.edition), paper=paper)
    assert pages(file) == 2
    assert re.search(rb"/MediaBox \[0 0 %d" % width, objects(file))


def test_an_edition_that_was_never_ranked_has_its_titles_in_plain_words(phases):
    html = pdf.summary_html(phases.unranked)
    assert all(f"{title} in plain words" in html for title in (*PRIORITIES, *CHALLENGES))
    assert pages(pdf.render_pdf(html)) <= 2


def test_each_file_is_tagged_and_has_our_fonts_alone(papers, caplog):
    for html in papers:
        file = objects(pdf.render_pdf(html))
        for mark in (b"/MarkInfo", b"/StructTreeRoot", b"/Lang", b"/Outlines", b"pdfuaid:part", b"/ToUnicode"):
            assert mark in file, mark
        assert file.count(b"/S /Figure") == file.count(b"/Alt ")
        fonts = set(re.findall(rb"/BaseFont\s*/[A-Z]{6}\+((?:Public-Sans|Almanac-Text|Almanac-Display)?)", file))
        assert fonts == {b"Public-Sans", b"Almanac-Text", b"Almanac-Display"}
    assert [record.message for record in caplog.records if record.name == "weasyprint"] == []


def test_each_file_names_its_year_when_it_was_published_and_its_page_in_words_a_link_and_a_code(
    papers, network, edition, settings
):
    port = network.member_a.government.slug
    day = date_format(edition.published_at.astimezone(edition.zone), "F j, Y")
    for html, path in zip(papers, (f"/{edition.year}/summary/", f"/governments/{port}/{edition.year}/"), strict=False):
        root = html5lib.parse(html, namespaceHTMLElements=False)
        address = settings.PORTAL_URL + path
        assert f"of {edition.year} · Published {day}" in text(root)
        assert address in text(root)
        assert address in links(root)
        [code] = [element for element in root.iter() if element.get("class") == "qr"]
        drawn = code.find("{*}path[@stroke]").get("d")
        assert drawn in segno.make_qr(address, error="m").svg_inline()
        assert address in code.findtext("{*}title")
        assert f'data-address="{address}"' in html  # at the foot of each page


def test_a_brief_has_the_seal_or_initials_of_its_government(papers):
    assert [b"/Subtype /Image" in objects(pdf.render_pdf(html)) for html in papers[1:3]] == [False, True]
    assert "PM</text>" in papers[1]


def test_each_file_has_the_pictures_of_its_page(papers):
    def of_class(root: Element, name: str) -> int:
        return sum(name in (element.get("class") or "").split() for element in root.iter())

    summary, brief = (html5lib.parse(html, namespaceHTMLElements=False) for html in papers[:2])
    assert {name: of_class(summary, name) for name in ("lad", "tier", "t-top", "pic")} == {
        "lad": 1,
        "tier": 2,
        "t-top": 2,
        "pic": 2,
    }
    own, network = of_class(brief, "pt-m"), of_class(brief, "pt-o")
    assert (own, network) == (len(PRIORITIES), len(PRIORITIES) + len(CHALLENGES))
    assert of_class(brief, "seal") == 1


def test_no_words_are_glued_together_on_what_becomes_a_pdf(papers):
    for html in papers:
        assert glued_words(html5lib.parse(html, namespaceHTMLElements=False)) == []


def made(page_version: int = 1) -> int:
    """Make all files that the worker would, and return at how many it looked."""
    looks = 0
    while pdf.make_next_pdf(page_version):
        looks += 1
    return looks


def time_passes(minutes: int) -> None:
    StoredPdf.objects.update(checked_at=Now() - timedelta(minutes=minutes))


@pytest.fixture
def unseen(phases):
    """No person has signed in since the editions were published, so no brief needs a file."""
    User.objects.update(seen_at=None)
    return phases


@pytest.fixture
def brief(unseen):
    User.objects.filter(pk=unseen.leader_a.pk).update(seen_at=Now())
    unseen.url = "/governments/port-merrow-county/2028/brief.pdf"
    return unseen


def test_the_worker_makes_each_file_once_after_publication_and_briefs_for_who_has_signed_in(brief):
    assert made() == 5
    found = StoredPdf.objects.values_list("edition__year", "government", "paper")
    summaries = {(year, None, paper) for year in (2027, 2028) for paper in ("Letter", "A4")}
    assert set(found) == summaries | {(2028, brief.port.pk, "Letter")}
    assert all(bytes(each.body).startswith(b"%PDF-") for each in StoredPdf.objects.all())
    assert made() == 0


def stored_bodies() -> dict[tuple[int, str], bytes]:
    return {(each.edition.year, each.paper): bytes(each.body) for each in StoredPdf.objects.select_related("edition")}


def test_a_file_is_made_again_only_if_its_page_says_something_else(unseen):
    made()
    bodies = stored_bodies()
    assert made(2) == 0  # not at each change of any page
    time_passes(minutes=6)
    assert made(1) == 0  # nothing has changed
    assert made(2) == 4
    assert stored_bodies() == bodies
    unseen.published.errata.create(body="The hall is on Elm Street.", added_by=unseen.curator)
    time_passes(minutes=61)  # though no public page has changed
    made(2)
    changed = stored_bodies()
    assert {key for key in bodies if changed[key] != bodies[key]} == {(2028, "A4"), (2028, "Letter")}


def test_what_cannot_be_made_holds_up_nothing_and_is_tried_again(unseen, monkeypatch, caplog):
    with monkeypatch.context() as broken:
        broken.setattr(pdf, "STYLESHEETS", ("css/none.css",))
        assert made() == 4
    assert Client().get("/2028/summary.pdf").status_code == 404
    assert "No PDF could be made of" in caplog.text
    time_passes(minutes=6)
    assert made(2) == 4
    assert Client().get("/2028/summary.pdf").status_code == 200


def test_until_a_file_is_made_its_link_leads_to_the_page_and_changes_nothing(phases):
    answer = Client().get("/2028/summary.pdf")
    assert answer.status_code == 404
    assert "/2028/summary/" in links(page(answer))
    assert not StoredPdf.objects.exists()


def test_a_summary_is_one_file_for_each_paper(unseen):
    made()
    for query, paper in (("", "Letter"), ("?paper=a4", "A4"), ("?paper=%00", "Letter")):
        with CaptureQueriesContext(connection) as queries:
            answer = Client().get(f"/2028/summary.pdf{query}")
        assert answer.content == bytes(StoredPdf.objects.get(edition__year=2028, paper=paper).body)
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"] == 'inline; filename="mix-2028-summary.pdf"'
        assert len(queries) == 2


def test_those_who_may_read_a_brief_may_have_its_file_and_no_others(brief, stored_pdfs, sign_in):
    link, token = ShareLink.objects.make(brief.port, brief.published, by=brief.member_a, label="Council", days=3)
    for person in (brief.member_a, brief.delegate_a, brief.leader_a):
        answer = sign_in(person).get(brief.url)
        assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
        assert b"Port Merrow County" in answer.content
    for person in (brief.member_b, brief.curator, brief.former):
        assert sign_in(person).get(brief.url).status_code == 404
    assert Client().get(brief.url).status_code == 302
    shared = Client().get(f"/share/{token}/brief.pdf")
    assert (shared.status_code, shared["Referrer-Policy"]) == (200, "no-referrer")
    link.revoke()
    assert Client().get(f"/share/{token}/brief.pdf").status_code == 404


def test_before_publication_a_brief_has_no_file_and_no_link_to_one(phases, sign_in):
    client = sign_in(phases.leader_a)
    assert "/governments/port-merrow-county/2029/brief.pdf" not in links(page(client.get(BRIEF_OF_2029)))
    assert client.get(f"{BRIEF_OF_2029}brief.pdf").status_code == 404
    _, token = ShareLink.objects.make(phases.port, phases.closed, by=phases.member_a, label="Council", days=3)
    assert Client().get(f"/share/{token}/brief.pdf").status_code == 404


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
        pdf.static_file(url)
    assert pdf.static_file("http://localhost:8000/static/css/paper.css").name == "paper.css"


def test_collected_files_under_their_hashed_names_are_found_too(settings, collected):
    settings.STATIC_ROOT, settings.PORTAL_URL = collected, "http://localhost:8000"
    hashed = next(path.name for path in (collected / "css").glob("paper.*.css"))
    assert "woff2" in pdf.static_file(f"http://localhost:8000/static/css/{hashed}").read_text()


def test_without_pango_the_page_offers_to_print_and_says_why(phases, monkeypatch):
    monkeypatch.setattr(checks, "LIBRARIES", ("no-such-library",))
    checks.has_pango.cache_clear()
    try:
        assert [notice.id for notice in checks.check_pango(None)] == ["summaries.W001"]
        page = Client().get("/2028/summary/").content.decode()
        assert "summary.pdf" not in page
        assert "lacks Pango" in page
        assert Client().get("/2028/summary.pdf").status_code == 404
    finally:
        monkeypatch.undo()
        checks.has_pango.cache_clear()
    assert checks.check_pango(None) == []
