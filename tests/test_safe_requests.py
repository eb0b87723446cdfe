"""What no request may do: change something by reading, break a page by nonsense, or reach a file beside the pages."""

from __future__ import annotations

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.urls import get_resolver, reverse

from members.invitations import Invitation
from members.models import Office
from members.routes import routes
from tests.test_access import address

# reading may write there: sessions, limits, and what Django caches of its own models
WRITTEN_BY_READING = {"members_session", "portal_cache", "django_content_type"}


@pytest.fixture
def full(phases, stored_pdfs):
    Office.objects.create(person_name="Ada", government=phases.port)
    Invitation.objects.invite(phases.port, "leader", "nora@new.example", by=phases.member_a)
    return phases


def admin_addresses() -> list[str]:
    """Every page of the admin, those of a row for the first row of each list."""
    found = []
    resolver = next(each for each in get_resolver().url_patterns if str(each.pattern) == "admin/")
    for pattern in resolver.url_patterns:
        for inner in getattr(pattern, "url_patterns", [pattern]):
            route = f"/admin/{pattern.pattern if inner is not pattern else ''}{inner.pattern}"
            model = next(
                (m for m in admin.site._registry if f"/{m._meta.app_label}/{m._meta.model_name}/" in route), None
            )
            row = model._default_manager.first() if model else None
            route = re.sub(r"<path:object_id>", str(row.pk) if row else "1", route)
            if "(?P" not in route and "<" not in route:
                found.append(route)
    return found


def portal_addresses() -> list[str]:
    return [address(route.name, 2029) for route in routes() if "GET" in route.methods]


def tables() -> dict[str, str]:
    """A checksum of each table's rows, but for the last visits of people."""
    with connection.cursor() as cursor:
        names = set(connection.introspection.table_names(cursor)) - WRITTEN_BY_READING
        sums = {}
        for name in sorted(names):
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(kept::text, chr(10) ORDER BY kept::text), '')) "
                f"FROM (SELECT to_jsonb(t) - 'seen_at' AS kept FROM \"{name}\" t) rows"
            )
            sums[name] = cursor.fetchone()[0]
    return sums


@pytest.mark.parametrize("who", ["curator", "member_a"])
def test_reading_every_page_of_the_portal_and_the_admin_changes_nothing(full, sign_in, who):
    client = sign_in(getattr(full, who), raise_request_exception=False)
    addresses = [*portal_addresses(), *admin_addresses()]
    assert len(addresses) > 60
    for kind in ("priorities", "challenges"):
        sign_in(full.curator).get(f"/2029/{kind}/compare/")  # computes tallies and comparisons, once
    before = tables()
    assert len(before) > 20
    answered = {where: client.get(where).status_code for where in addresses}
    assert {where: status for where, status in answered.items() if status >= 500} == {}
    assert list(answered.values()).count(200) > 25
    after = tables()
    assert {name for name in before if after[name] != before[name]} == set()


@pytest.mark.parametrize(
    "query", ["q=%00&id=%00&g=%00&next=%00&_popup=%00", "id=abc&page=-1&p=%EF%BC%92&q=%ED%A0%80", "q[]=1&q=2&q=3&%00=x"]
)
def test_nonsense_in_the_query_of_any_page_is_never_an_error_of_ours(full, sign_in, query):
    curator, member = (sign_in(who, raise_request_exception=False) for who in (full.curator, full.member_a))
    addresses = [(member, where) for where in portal_addresses()] + [(curator, where) for where in admin_addresses()]
    answered = {where: client.get(f"{where}?{query}").status_code for client, where in addresses}
    assert {where: status for where, status in answered.items() if status >= 500} == {}


@pytest.mark.parametrize("body", [b'{"a": "\\u0000"}', b'"\\ud800"', b"[", b"\xff\xfe", b"a=%00&b=\x00"])
@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/x-www-form-urlencoded"])
def test_a_body_that_is_no_form_of_ours_is_refused_and_breaks_nothing(world, sign_in, body, kind):
    client = sign_in(world.member_a, raise_request_exception=False)
    before = tables()
    for where in ("/governments/port-merrow-county/people/", "/2030/priorities/ballot/", "/account/invitation/none/"):
        assert client.post(where, body, content_type=kind).status_code in (302, 404, 409, 422), where
    assert tables() == before


@pytest.mark.parametrize(
    "path",
    [
        "/static/../mixportal/settings.py", "/static/..%2f..%2fetc/passwd", "/static/%2e%2e/manage.py", "/static/",
        "/static/css/", "/.git/config", "/.env", "/static/.git/config", "/static//etc/passwd", "/manage.py",
    ],
)  # fmt: skip
def test_no_file_but_the_static_ones_is_served(db, path):
    answer = Client().get(path)
    assert answer.status_code == 404
    assert b"SECRET_KEY" not in answer.content
    assert b"root:" not in answer.content


def test_a_form_of_another_site_or_session_is_refused(world, sign_in):
    client = sign_in(world.member_a, enforce_csrf_checks=True)
    where, posted = "/governments/port-merrow-county/people/", {"action": "remove", "person": world.delegate_a.pk}
    client.get(where)
    token = client.cookies["csrftoken"].value
    other = sign_in(world.member_b, enforce_csrf_checks=True)
    other.get("/governments/halloran-county/people/")
    before = tables()
    refused = [
        client.post(where, posted),
        client.post(where, posted | {"csrfmiddlewaretoken": other.cookies["csrftoken"].value}),
        client.post(where, posted | {"csrfmiddlewaretoken": token}, HTTP_ORIGIN="https://evil.example"),
        client.post(where, posted | {"csrfmiddlewaretoken": token}, HTTP_ORIGIN="null"),
        client.post(where, posted | {"csrfmiddlewaretoken": token}, HTTP_REFERER="https://evil.example/", secure=True),
    ]
    assert [answer.status_code for answer in refused] == [403] * 5
    assert tables() == before
    assert client.post(where, posted | {"csrfmiddlewaretoken": token}).status_code == 302


def test_staff_with_one_permission_get_at_nothing_else(full, sign_in):
    """Not by another list or action, a lookup, a popup, autocomplete or somebody's history."""
    full.bare_staff.user_permissions.add(Permission.objects.get(codename="change_office"))
    client = sign_in(full.bare_staff)
    office = Office.objects.get()
    assert client.get("/admin/members/office/").status_code == 200
    before = tables()
    others = [where for where in admin_addresses() if "/office/" not in where and where.count("/") > 3]
    assert len(others) > 30
    answered = {where: client.get(where).status_code for where in [*others, "/admin/members/user/?_popup=1"]}
    assert {where: status for where, status in answered.items() if status not in (302, 403, 404)} == {}
    for where, posted in (
        ("/admin/members/office/", {"action": "delete_selected", "_selected_action": office.pk, "post": "yes"}),
        (reverse("admin:members_office_add"), {"person_name": "X", "office": "board", "government": full.port.pk}),
        (reverse("admin:members_office_delete", args=[office.pk]), {"post": "yes"}),
        (reverse("admin:members_user_change", args=[full.member_a.pk]), {"name": "X"}),
    ):
        client.post(where, posted)
    assert (
        client.get("/admin/autocomplete/?app_label=members&model_name=user&field_name=government&term=").status_code
        == 404
    )
    assert client.get("/admin/members/office/?government__people__email__startswith=r").status_code == 400
    assert tables() == before
