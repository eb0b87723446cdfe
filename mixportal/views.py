import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import RequestDataTooBig
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.crypto import constant_time_compare

from members import authorship
from members.access import Audience, open_to
from mixportal.mail.models import Mail
from mixportal.outage import is_trouble, trouble
from mixportal.web_role import loud_log_settings, needs_granting


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return _page(request, "errors/413.html", 413)
    return _page(request, "errors/400.html", 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, "errors/403.html", 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, "errors/404.html", 404)


def broken(request: HttpRequest) -> HttpResponse:
    exception = sys.exc_info()[1]
    if is_trouble(exception):
        return trouble(request, exception)  # type: ignore[arg-type]
    return _page(request, "errors/500.html", 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Keep what was typed, and offer to send it again if the form was made for this user."""
    made_for = request.POST.get(authorship.FIELD)
    may_resend = made_for is not None and authorship.is_made_for(made_for, request.user)
    if made_for is not None and request.user.is_authenticated and not may_resend:
        return authorship.refuse_author(request, made_for)
    context = {"may_resend": may_resend, **authorship.sent_fields(request)}
    return _page(request, "errors/csrf.html", 403, context)


def _page(
    request: HttpRequest, template: str, status: int, context: Mapping[str, object] | None = None
) -> HttpResponse:
    response = render(request, template, context, status=status)
    patch_cache_control(response, private=True, no_store=True)
    return response


SECURITY_TXT_EXPIRES = datetime.now(UTC).replace(microsecond=0) + timedelta(days=365)


@open_to(Audience.EVERYONE)
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain", headers={"Cache-Control": "no-store"})


@open_to(Audience.EVERYONE)
def readyz(request: HttpRequest) -> HttpResponse:
    """The middleware answers 503 if the database fails."""
    if needs_granting():
        said, status = (
            "A migration made what this database role may not use: run manage.py upgrade.",
            503,
        )
    else:
        said, status = (
            "".join(["ready", *(f"\nwarning: {warning}" for warning in _warnings(request))]),
            200,
        )
    return HttpResponse(said, content_type="text/plain", headers={"Cache-Control": "no-store"}, status=status)


def _warnings(request: HttpRequest) -> Iterator[str]:
    if loud := loud_log_settings():
        yield (
            f"the log of Postgres can hold sealed ballots ({', '.join(loud)}). Run manage.py web_role as a superuser"
            " of the database, or the statements that web_role --print shows."
        )
    trusted, addresses = (
        settings.ALLAUTH_TRUSTED_PROXY_COUNT,
        request.headers.get("X-Forwarded-For", ""),
    )
    if addresses and (not trusted or len(addresses.split(",")) < trusted):
        yield (
            f"TRUSTED_PROXY_COUNT is {trusted}, which does not fit the X-Forwarded-For of this request, so rate limits"
            " do not see the addresses of readers. Set it to the number of proxies that append to that header."
        )


@open_to(Audience.EVERYONE)
def metrics(request: HttpRequest) -> HttpResponse:
    expected = f"Bearer {settings.METRICS_TOKEN}"
    if not settings.METRICS_TOKEN or not constant_time_compare(request.headers.get("Authorization", ""), expected):
        raise Http404
    backlog, last = Mail.objects.backlog(), cache.get_many(["worker", "backup"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database()), count(*) FROM pg_stat_activity")
        size, connections = cursor.fetchone()
    figures = {
        f'mixportal_info{{version="{settings.VERSION}"}}': 1,
        "mixportal_mails_waiting": backlog.waiting,
        "mixportal_oldest_waiting_mail_seconds": round(backlog.seconds),
        "mixportal_mails_given_up": backlog.given_up,
        "mixportal_worker_last_run_timestamp_seconds": round(last.get("worker", 0)),
        "mixportal_last_backup_timestamp_seconds": round(last.get("backup", 0)),
        "mixportal_database_bytes": size,
        "mixportal_database_connections": connections,
    }
    lines = "".join(f"{name} {number}\n" for name, number in figures.items())
    return HttpResponse(lines, content_type="text/plain; version=0.0.4", headers={"Cache-Control": "no-store"})


def health_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answer under every host name, because load balancers ask by IP address."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.path in {"/healthz", "/readyz"}:
            request.META["HTTP_HOST"] = urlsplit(settings.PORTAL_URL).netloc
        return get_response(request)

    return answer


@open_to(Audience.EVERYONE)
def security_txt(request: HttpRequest) -> HttpResponse:
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {SECURITY_TXT_EXPIRES.isoformat().replace('+00:00', 'Z')}",
        "Preferred-Languages: en",
        f"Canonical: {settings.PORTAL_URL}{request.path}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
