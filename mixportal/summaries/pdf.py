from __future__ import annotations

import base64
import hashlib
import io
import logging
import mimetypes
import re
from importlib.metadata import version as version_of
from pathlib import Path
from urllib.parse import unquote

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.template.loader import render_to_string

from mixportal.summaries.checks import has_pango
from mixportal.summaries.models import StoredPdf

PICTURE = "data:image/png;base64,"  # a seal
STYLESHEET = "css/paper.css"
SPACE_AT_END = re.compile(r"\s+(?=</(?:p|h[1-6]|li|d[dt]|t[dh])>)")  # WeasyPrint breaks a full line before it
NO_PDF_MESSAGE = "Your browser’s “Print” makes the same pages: this server cannot make PDF files, as it lacks Pango."


def no_pdf_reason() -> str:
    return "" if has_pango() else NO_PDF_MESSAGE


def pdf_response(key: str, template: str, context: dict[str, object], *, name: str) -> HttpResponse:
    if not has_pango():
        return HttpResponse(NO_PDF_MESSAGE, status=503, content_type="text/plain; charset=utf-8")
    site = {"demo": settings.DEMO, "portal_url": settings.PORTAL_URL}
    html = SPACE_AT_END.sub("", render_to_string(template, {**context, **site}))
    version = hashlib.sha256("\n".join([version_of("weasyprint"), _stylesheet(), html]).encode()).hexdigest()
    stored = StoredPdf.objects.filter(key=key, version=version).first()
    if stored is None:
        stored = StoredPdf(key=key, version=version, body=_render(html))
        StoredPdf.objects.store(stored)
    response = HttpResponse(bytes(stored.body), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def _render(html: str) -> bytes:
    import weasyprint

    logging.getLogger("weasyprint").setLevel(logging.ERROR)  # about CSS for browsers
    letter = weasyprint.CSS(string="@page { size: Letter }")
    document = weasyprint.HTML(string=html, base_url=settings.PORTAL_URL, url_fetcher=_fetch)
    target = io.BytesIO()
    document.write_pdf(target, stylesheets=[letter], pdf_variant="pdf/ua-1")
    return target.getvalue()


def _fetch(url: str, headers: object = None) -> object:
    """Read our own static files from the disk, and seals. Refuse other files and the network."""
    from weasyprint.urls import URLFetcherResponse

    if url.startswith(PICTURE):
        return URLFetcherResponse(url, base64.b64decode(url.removeprefix(PICTURE)), {"Content-Type": "image/png"})
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


def _stylesheet() -> str:
    found = finders.find(STYLESHEET)
    return (Path(found) if found else Path(settings.STATIC_ROOT) / STYLESHEET).read_text()
