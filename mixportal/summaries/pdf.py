import base64
import hashlib
import io
import logging
import mimetypes
import re
from collections.abc import Iterator
from importlib.metadata import version as version_of
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.db import InterfaceError, OperationalError
from django.db.models import Max, Q
from django.template.loader import render_to_string
from django.urls import reverse
from PIL import ImageFile

from members.models import Government, Seal
from mixportal.editions.models import Edition
from mixportal.proposals.qr import qr_code
from mixportal.summaries.brief import brief_for
from mixportal.summaries.checks import has_pango
from mixportal.summaries.models import Paper, StoredPdf
from mixportal.summaries.summary import summary_for

SEAL = "data:image/png;base64,"
DRAWING = "drawing:"
STYLE_OF_PICTURES = "css/paper-pictures.css"
STYLESHEETS = ("css/paper.css", "css/paper-summary.css", "css/paper-brief.css", STYLE_OF_PICTURES)
# WeasyPrint may break lines at either.
SPACES, SPACE_AT_END = (
    re.compile(r"\s+"),
    re.compile(r" (?=(?:</(?:b|small|span)> ?)*</(?:p|h[1-6]|li|d[dt]|t[dh]|title)>)"),
)
NO_PDF_MESSAGE = "Your browser’s “Print” makes the same pages: this server cannot make PDF files, as it lacks Pango."
logger = logging.getLogger(__name__)
SVG = "{http://www.w3.org/2000/svg}"


def no_pdf_reason() -> str:
    return "" if has_pango() else NO_PDF_MESSAGE


def summary_html(edition: Edition) -> str:
    summary = summary_for(edition, AnonymousUser())
    path = reverse("summary", args=[edition.year])
    return _html("summaries/paper_summary.html", path, {"edition": edition, "summary": summary})


def brief_html(government: Government, edition: Edition) -> str:
    context = {
        "government": government,
        "edition": edition,
        "brief": brief_for(government, edition),
        "seal": Seal.objects.filter(government=government).first(),
    }
    return _html(
        "summaries/paper_brief.html",
        reverse("brief", args=[government.slug, edition.year]),
        context,
    )


def _html(template: str, path: str, context: dict[str, object]) -> str:
    address = settings.PORTAL_URL + path
    qr = qr_code(address, title=f"A code that leads telephones to {address}")
    site = {"demo": settings.DEMO, "portal_url": settings.PORTAL_URL, "address": address, "qr": qr}
    return SPACE_AT_END.sub("", SPACES.sub(" ", render_to_string(template, {**context, **site})))


def make_next_pdf(page_version: int) -> bool:
    wanted = next(_unchecked(page_version), None) if has_pango() else None
    if wanted is None:
        return False
    stored = StoredPdf.objects.claim(wanted)
    try:
        html = brief_html(stored.government, stored.edition) if stored.government else summary_html(stored.edition)
        made_of = [version_of("weasyprint"), *map(_stylesheet, STYLESHEETS), html]
        version = hashlib.sha256("\n".join(made_of).encode()).hexdigest()
        if version != stored.version:
            stored.body = render_pdf(html, paper=stored.paper)
    except (OperationalError, InterfaceError):
        raise
    except Exception:  # one bad file must not hold up the others, nor mails
        logger.exception("No PDF could be made of: %s", stored)
        version, stored.body = "", None
    if version != stored.version:
        stored.version = version
        stored.save(update_fields=["version", "body"])
    return True


def _unchecked(page_version: int) -> Iterator[StoredPdf]:
    """Yield briefs last, by the latest sign-in of their governments' people."""
    checked = set(StoredPdf.objects.checked(page_version).values_list("edition", "government", "paper"))
    editions = list(Edition.objects.published().latest_first())
    last_seen = Max("people__seen_at", filter=Q(people__is_active=True))
    governments = Government.objects.annotate(last_seen=last_seen).filter(last_seen__isnull=False)
    wanted = [StoredPdf(edition=edition, paper=paper) for edition in editions for paper in Paper]
    wanted += [
        StoredPdf(edition=edition, government=government)
        for edition in editions
        for government in governments.order_by("-last_seen")
        if edition.was_ranked
    ]
    for pdf in wanted:
        pdf.page_version = page_version
        if (pdf.edition_id, pdf.government_id, pdf.paper) not in checked:
            yield pdf


def render_pdf(html: str, *, paper: str = Paper.LETTER) -> bytes:
    import weasyprint

    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint sets it, for uploads too
    logging.getLogger("weasyprint").setLevel(logging.ERROR)  # about CSS for browsers
    drawings: list[bytes] = []

    def fetch(url: str, headers: object = None) -> object:
        return _fetch(url, drawings)

    document = weasyprint.HTML(string=html, base_url=settings.PORTAL_URL, url_fetcher=fetch)
    style = _stylesheet(STYLE_OF_PICTURES)
    for picture in list(_pictures(document.etree_element)):
        _tag_picture(picture, style, drawings)
    target = io.BytesIO()
    size = weasyprint.CSS(string=f"@page {{ size: {paper} }}")
    document.write_pdf(target, stylesheets=[size], pdf_variant="pdf/ua-1")
    return target.getvalue()


def _pictures(parent: Element) -> Iterator[Element]:
    for child in parent:
        if child.tag in (f"{SVG}svg", "img"):
            yield child
        else:
            yield from _pictures(child)


def _tag_picture(picture: Element, style: str, drawings: list[bytes]) -> None:
    """Style the picture and describe it by its label, or make it a background without one.

    PDF/UA wants words for each figure.
    """
    height, classes, tail = picture.get("height", ""), picture.get("class", ""), picture.tail
    size = f"block-size: {height}px; " if height.isdecimal() else ""
    source, fit = picture.get("src"), "center / contain"
    if source is None:
        ElementTree.SubElement(picture, f"{SVG}style").text = style
        label = picture.get("aria-label")
        if label:
            ElementTree.SubElement(picture, f"{SVG}title").text = label
        if picture.find(f"{SVG}title") is not None:
            picture.set("style", size)
            return
        source, fit = f"{DRAWING}{len(drawings)}", "0 0 / 100% 100%"
        drawings.append(ElementTree.tostring(picture))
    picture.clear()
    picture.tag, picture.tail = "span", tail
    picture.set("class", f"picture {classes}")
    picture.set("style", f"{size}background: url({source}) {fit} no-repeat")


def _fetch(url: str, drawings: list[bytes]) -> object:
    """Read drawings, seals and our own static files, but no others."""
    from weasyprint.urls import URLFetcherResponse

    if url.startswith(DRAWING):
        return URLFetcherResponse(url, drawings[int(url.removeprefix(DRAWING))], {"Content-Type": "image/svg+xml"})
    if url.startswith(SEAL):
        return URLFetcherResponse(url, base64.b64decode(url.removeprefix(SEAL)), {"Content-Type": "image/png"})
    path = static_file(url)
    kind = "font/woff2" if path.suffix == ".woff2" else mimetypes.guess_type(path.name)[0]
    return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind or "application/octet-stream"})


def static_file(url: str) -> Path:
    prefix = f"{settings.PORTAL_URL}{settings.STATIC_URL}"
    name = unquote(url.removeprefix(prefix).partition("?")[0].partition("#")[0])
    if not url.startswith(prefix) or ".." in name.split("/") or name.startswith("/"):
        raise ValueError(f"not one of the portal’s own files: {url}")
    collected = Path(settings.STATIC_ROOT) / name
    if collected.is_file():
        return collected
    found = finders.find(name)
    if not found:
        raise ValueError(f"there is no such file: {url}")
    return Path(found)


def _stylesheet(name: str) -> str:
    found = finders.find(name)
    return (Path(found) if found else Path(settings.STATIC_ROOT) / name).read_text()
