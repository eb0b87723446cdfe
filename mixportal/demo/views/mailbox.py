"""The mails of the demonstration, read from the files they were sent to. Nothing leaves this machine."""

from __future__ import annotations

import base64
import email
import email.policy
import hashlib
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from members.access import Audience, open_to
from mixportal.mail.models import STYLE

MOST = 50  # on the page; the folder keeps all
# The one style sheet that a mail may bring, by its fingerprint (CSP Level 2).
OUR_STYLE = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = (
    "From", "To", "Reply-To", "Date", "Subject", "Message-ID", "Auto-Submitted", "List-Unsubscribe",
    "List-Unsubscribe-Post",
)  # fmt: skip


@dataclass(frozen=True)
class Sent:
    """A mail as its file has it; `name` is the file's, without its ending."""

    name: str
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def to(self) -> str:
        return str(self.message["To"] or "")

    @property
    def at(self) -> datetime | None:
        try:
            return parsedate_to_datetime(str(self.message["Date"]))
        except ValueError:
            return None

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [(name, str(self.message[name])) for name in HEADERS if self.message[name]]

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    @property
    def attachments(self) -> list[tuple[str, str]]:
        """(file name, its text)."""
        return [(part.get_filename() or "file", _text_of(part)) for part in self.message.iter_attachments()]

    def _part(self, subtype: str) -> str:
        body = self.message.get_body(preferencelist=(subtype,))
        return _text_of(body) if body is not None else ""


def _text_of(part: Any) -> str:
    content = part.get_content()
    return content if isinstance(content, str) else ""


def folder() -> Path:
    return Path(settings.EMAIL_FILE_PATH)


def _read(path: Path) -> Sent:
    return Sent(path.stem, email.message_from_bytes(path.read_bytes(), policy=email.policy.default))


def _files() -> list[Path]:
    """The newest first: the name begins with the time."""
    found = folder().glob("[0-9]*.eml") if folder().is_dir() else []
    return sorted(found, key=lambda path: path.name, reverse=True)


@open_to(Audience.EVERYONE)
@never_cache
def mails(request: HttpRequest) -> HttpResponse:
    """The newest mails, all or those to one address (`?to=`)."""
    files = _files()
    to = request.GET.get("to", "").strip().lower()
    chosen = [path for path in files if path.stem.lower().endswith(f"-{to}")] if to else files
    context = {"mails": [_read(path) for path in chosen[:MOST]], "total": len(chosen), "to": to}
    return render(request, "demo/mails.html", context)


@open_to(Audience.EVERYONE)
@never_cache
def mail(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "demo/mail.html", {"mail": _mail_or_404(name)})


@open_to(Audience.EVERYONE)
@never_cache
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part by itself, as a mail program shows it: styled, and nothing in it runs, loads or is sent."""
    response = HttpResponse(_mail_or_404(name).html)
    response["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'sha256-{OUR_STYLE}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'; "
        "sandbox allow-top-navigation-by-user-activation"
    )
    return response


def _mail_or_404(name: str) -> Sent:
    path = next((path for path in _files() if path.stem == name), None)  # never a path that somebody typed
    if path is None:
        raise Http404
    return _read(path)
