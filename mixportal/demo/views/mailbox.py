from __future__ import annotations

import base64
import hashlib

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache

from members.access import Audience, open_to
from mixportal.demo.mailbox import DemoMail, mail_files, read_mail

MAX_MAILS_SHOWN = 50


@open_to(Audience.EVERYONE)
@never_cache
def mails(request: HttpRequest) -> HttpResponse:
    files = mail_files()
    to = request.GET.get("to", "").strip().lower()
    chosen = [path for path in files if path.stem.lower().endswith(f"-{to}")] if to else files
    context = {"mails": [read_mail(path) for path in chosen[:MAX_MAILS_SHOWN]], "total": len(chosen), "to": to}
    return render(request, "demo/mails.html", context)


@open_to(Audience.EVERYONE)
@never_cache
def mail(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "demo/mail.html", {"mail": _mail_or_404(name)})


@open_to(Audience.EVERYONE)
@never_cache
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """Show the HTML part, which can run no script and load nothing."""
    style = render_to_string("mail/_style.css")
    style_hash = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    response = HttpResponse(_mail_or_404(name).html)
    response["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'sha256-{style_hash}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'; "
        "sandbox allow-top-navigation-by-user-activation"
    )
    return response


def _mail_or_404(name: str) -> DemoMail:
    path = next((path for path in mail_files() if path.stem == name), None)  # never open a path from the URL
    if path is None:
        raise Http404
    return read_mail(path)
