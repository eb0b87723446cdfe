import base64
import email
import email.policy
import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from members.access import Audience, open_to
from members.models import User
from mixportal.demo.models import Marker
from mixportal.demo.world import Persona, build_world

MAX_MAILS_SHOWN = 50


@open_to(Audience.EVERYONE)
@never_cache
def personas(request: HttpRequest) -> HttpResponse:
    return _page(request, request.GET.get("next", ""))


@open_to(Audience.EVERYONE, methods=["POST"])
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    after = request.POST.get("next", "")
    persona = next((each for each in _personas() if each.key == request.POST.get("persona")), None)
    if persona is None:
        return _page(request, after, problem="There is no such persona. Choose one of these.", status=422)
    if persona.person is None:
        logout(request)
    else:
        user = User.objects.filter(email=persona.person.email, is_active=True).first()
        if user is None or not Marker.objects.exists():
            problem = "The demonstration is not loaded, so you cannot sign in."
            return _page(request, after, problem=problem, status=422)
        login(request, user)
    return redirect(after if _is_ours(after, request) else settings.LOGIN_REDIRECT_URL)


def _page(request: HttpRequest, after: str, *, problem: str = "", status: int = 200) -> HttpResponse:
    context = {
        "personas": _personas(),
        "after": after if _is_ours(after, request) else "",
        "problem": problem,
    }
    return render(request, "demo/personas.html", context, status=status)


def _personas() -> list[Persona]:
    world, curators = build_world(), User.objects.curators()
    successor = curators.first()
    if successor and not curators.filter(email=world.curator.email).exists():
        world = replace(world, curator=successor)
    return world.personas


def _is_ours(address: str, request: HttpRequest) -> bool:
    return url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())


@dataclass(frozen=True)
class DemoMail:
    name: str
    message: EmailMessage

    @property
    def sent_at(self) -> datetime | None:
        sent: datetime | None = self.message["Date"].datetime if self.message["Date"] else None
        return sent.replace(tzinfo=UTC) if sent and sent.tzinfo is None else sent  # "-0000" is UTC

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    @property
    def attachments(self) -> list[tuple[str, str]]:
        return [(part.get_filename() or "file", str(part.get_content())) for part in self.message.iter_attachments()]

    def _part(self, subtype: str) -> str:
        body = self.message.get_body(preferencelist=(subtype,))
        return str(body.get_content()) if body is not None else ""


def _read_mail(path: Path) -> DemoMail:
    return DemoMail(path.stem, email.message_from_bytes(path.read_bytes(), policy=email.policy.default))


def _mail_files() -> list[Path]:
    return sorted(Path(settings.EMAIL_FILE_PATH).glob("[0-9]*.eml"), key=lambda path: path.name, reverse=True)


@open_to(Audience.EVERYONE)
@never_cache
def mails(request: HttpRequest) -> HttpResponse:
    files = _mail_files()
    to = request.GET.get("to", "").strip().lower()
    chosen = [path for path in files if path.stem.lower().endswith(f"-{to}")] if to else files
    context = {
        "mails": [_read_mail(path) for path in chosen[:MAX_MAILS_SHOWN]],
        "total": len(chosen),
        "to": to,
    }
    return render(request, "demo/mails.html", context)


@open_to(Audience.EVERYONE)
@never_cache
def mail(request: HttpRequest, name: str) -> HttpResponse:
    found = _mail_or_404(name)
    return render(request, "demo/mail.html", {"mail": found, "headers": found.message.items()})


@open_to(Audience.EVERYONE)
@never_cache
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """Let the mail run no script and load nothing."""
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
    path = next((path for path in _mail_files() if path.stem == name), None)  # never open a path from the URL
    if path is None:
        raise Http404
    return _read_mail(path)
