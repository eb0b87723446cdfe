"""The mails of the demonstration, read from the files they were sent to. Nothing leaves this machine."""

from __future__ import annotations

import base64
import hashlib

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache

from members.access import Audience, open_to
from mixportal.demo.mailbox import Sent, _files, _read

MOST = 50  # on the page; the folder keeps all


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
    style = render_to_string("mail/_style.css")
    style_hash = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    response = HttpResponse(_mail_or_404(name).html)
    response["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'sha256-{style_hash}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'; "
        "sandbox allow-top-navigation-by-user-activation"
    )
    return response


def _mail_or_404(name: str) -> Sent:
    path = next((path for path in _files() if path.stem == name), None)  # never a path that somebody typed
    if path is None:
        raise Http404
    return _read(path)
