"""The second factor: setting one up, signing in with it, and the admin that opens to nobody without one."""

from __future__ import annotations

import time

import pytest
import segno
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from tests.members.signing import (
    CODE,
    FACTOR,
    LOGIN,
    ask_for_code,
    code_in,
    digits,
    give_app,
    is_signed_in,
    recovery_codes,
    sign_in_by_code,
)
from tests.reading import page, said, text, with_testid
from tests.test_templates import check_page

APP, CODES, ADMIN = "/account/app/", "/account/recovery-codes/", "/admin/members/user/"


@pytest.fixture
def guarded(settings):
    """The admin as it is outside of the demonstration."""
    settings.CURATORS_NEED_SECOND_FACTOR = True
    settings.LOGIN_URL = LOGIN
    settings.DEMO = False


def key_shown(client: Client) -> str:
    return said(client.get(APP), "key")


def set_up_app(client: Client) -> str:
    secret = key_shown(client)
    client.post(APP, {"code": digits(secret)})
    return secret


def test_an_app_is_set_up_from_the_key_shown_and_the_codes_are_shown_next(
    world, sign_in, django_capture_on_commit_callbacks
):
    client = sign_in(world.member_a)
    secret = key_shown(client)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(APP, {"code": digits(secret)}, follow=True)
    assert answer.redirect_chain == [(CODES, 302)]
    assert [each for each in recovery_codes(world.member_a) if each not in answer.content.decode()] == []
    assert len(recovery_codes(world.member_a)) == 10
    assert "authenticator app was set up" in mail.outbox[0].subject
    assert mail.outbox[0].to == ["rosa@port.example"]


def test_a_wrong_digit_sets_nothing_up_and_keeps_the_key(world, sign_in):
    client = sign_in(world.member_a)
    secret = key_shown(client)
    answer = client.post(APP, {"code": f"{(int(digits(secret, 9)) + 1) % 10**6:06}"})
    assert said(answer, "key") == secret
    assert "That is not the code" in said(answer, "errors")
    assert not Authenticator.objects.exists()


def test_the_key_is_drawn_as_a_picture_within_the_page(world, sign_in):
    answer = sign_in(world.member_a).get(APP)
    secret = said(answer, "key")
    picture = next(each for each in page(answer).iter() if each.get("role") == "img")
    drawn = segno.make_qr(f"otpauth://totp/rosa%40port.example?secret={secret}&issuer=MIX%20portal")
    assert picture.find(".//{*}path[@stroke]").get("d") in drawn.svg_inline()
    assert "data:" not in answer.content.decode()
    assert "data:" not in answer["Content-Security-Policy"]


def test_with_an_app_the_mailed_code_alone_does_not_sign_in(world, client):
    secret = give_app(world.member_a)
    answer = sign_in_by_code(client, "rosa@port.example", after="/about/")
    assert answer["Location"] == FACTOR
    assert not is_signed_in(client)
    assert client.post(FACTOR, {"code": digits(secret)})["Location"] == "/about/"
    assert is_signed_in(client)


def test_the_digits_of_the_app_work_once(world):
    secret = give_app(world.member_a)
    first, second = Client(), Client()
    shown = digits(secret)
    for client in (first, second):
        sign_in_by_code(client, "rosa@port.example")
        answer = client.post(FACTOR, {"code": shown})
    assert is_signed_in(first)
    assert not is_signed_in(second)
    assert "has been used" in said(answer, "errors")


def test_a_telephone_half_a_minute_off_still_works_and_two_minutes_do_not(world):
    secret = give_app(world.member_a)
    for steps, works in ((-4, False), (1, True)):
        client = Client()
        sign_in_by_code(client, "rosa@port.example")
        client.post(FACTOR, {"code": digits(secret, steps)})
        assert is_signed_in(client) is works


def test_a_recovery_code_stands_in_once(world):
    give_app(world.member_a)
    code = recovery_codes(world.member_a)[3]
    for works in (True, False):
        client = Client()
        sign_in_by_code(client, "rosa@port.example")
        client.post(FACTOR, {"code": code})
        assert is_signed_in(client) is works
    assert len(recovery_codes(world.member_a)) == 9


def test_guessing_digits_ends_after_five_tries_for_this_account_alone(world):
    secret = give_app(world.member_a)
    client = Client()
    sign_in_by_code(client, "rosa@port.example")
    wrong = f"{(int(digits(secret)) + 1) % 10**6:06}"
    for _ in range(5):
        client.post(FACTOR, {"code": wrong})
    answer = client.post(FACTOR, {"code": digits(secret)})
    assert not is_signed_in(client)
    assert "wrong too often" in said(answer, "errors")
    other = Client()
    sign_in_by_code(other, "ines@port.example")
    assert is_signed_in(other)


def test_what_guards_the_account_asks_for_the_factor_again(world, client):
    secret = give_app(world.member_a)
    sign_in_by_code(client, "rosa@port.example")
    client.post(FACTOR, {"code": digits(secret)})
    for path in (CODES, f"{CODES}new/", f"{CODES}download/", f"{APP}remove/", "/account/passkeys/add/"):
        assert client.get(path)["Location"].startswith("/account/confirm/?next="), path
    answer = client.post(f"/account/confirm/?next={CODES}", {"code": digits(secret, 1), "next": CODES})
    assert answer["Location"] == CODES
    assert recovery_codes(world.member_a)[0] in client.get(CODES).content.decode()
    assert client.get(f"{CODES}download/").content.decode().split() == recovery_codes(world.member_a)


def test_that_confirmation_lasts_five_minutes(world, client, monkeypatch):
    secret = give_app(world.member_a)
    sign_in_by_code(client, "rosa@port.example")
    client.post(FACTOR, {"code": digits(secret)})
    client.post("/account/confirm/", {"code": digits(secret, 1), "next": CODES})
    assert client.get(CODES).status_code == 200
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 301)
    assert client.get(CODES).status_code == 302


def test_new_recovery_codes_void_the_old_ones(world, sign_in):
    client = sign_in(world.member_a)
    set_up_app(client)
    old = recovery_codes(world.member_a)
    client.post(f"{CODES}new/")
    assert set(old).isdisjoint(recovery_codes(world.member_a))


def test_removing_the_app_removes_its_codes_and_tells_by_mail(world, sign_in):
    client = sign_in(world.member_a)
    set_up_app(client)
    mail.outbox.clear()
    client.post(f"{APP}remove/")
    assert not Authenticator.objects.exists()
    assert "was removed" in mail.outbox[0].subject
    assert "http://localhost" in mail.outbox[0].body


@pytest.mark.parametrize(
    ("path", "credential"),
    [
        ("/account/passkeys/add/", '{"id": "x"}'),
        ("/account/passkeys/add/", '{"id": "\\u0000"}'),
        ("/account/passkeys/add/", "[" * 5000),
        ("/account/passkeys/add/", ""),
    ],
)
def test_nothing_but_a_passkey_can_be_added_as_one(world, sign_in, path, credential):
    client = sign_in(world.member_a)
    client.get(path)
    answer = client.post(path, {"name": "Phone", "credential": credential, "passwordless": "on"})
    assert answer.status_code == 200
    assert check_page(path, answer.content.decode()) == []
    assert not Authenticator.objects.exists()


@pytest.mark.usefixtures("guarded")
@pytest.mark.parametrize("path", [APP, "/account/passkeys/add/"])
def test_a_session_that_was_left_open_cannot_set_a_first_factor_up(world, client, monkeypatch, path):
    sign_in_by_code(client, "rosa@port.example")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 16 * 60)
    answer = client.get(path)
    assert answer.status_code == client.post(path, {"code": "123456"}).status_code == 403
    assert check_page(path, answer.content.decode()) == []
    assert not Authenticator.objects.exists()
    after = next(each.get("value") for each in page(answer).iter("input") if each.get("name") == "next")
    assert client.post("/account/sign-out/", {"next": after})["Location"] == f"{LOGIN}?next={path.replace('/', '%2F')}"
    sign_in_by_code(client, "rosa@port.example", after=path)
    assert client.get(path).status_code == 200


def test_nobody_reaches_somebody_elses_passkey(world, sign_in):
    theirs = Authenticator.objects.create(user=world.member_b, type="webauthn", data={"name": "Ben’s telephone"})
    client = sign_in(world.member_a)
    for what in ("rename", "remove"):
        for answer in (
            client.get(f"/account/passkeys/{theirs.pk}/{what}/"),
            client.post(f"/account/passkeys/{theirs.pk}/{what}/", {"name": "mine"}),
        ):
            assert answer.status_code == 404
    theirs.refresh_from_db()
    assert theirs.data == {"name": "Ben’s telephone"}


@pytest.mark.parametrize(
    "credential", ["", "{}", "[]", "null", "x", '{"id": "\\u0000"}', '{"id":1,"response":[]}', "9" * 9000]
)
def test_a_passkey_that_is_none_signs_nobody_in(world, client, credential):
    client.get("/account/login/passkey/", HTTP_ACCEPT="application/json")
    answer = client.post("/account/login/passkey/", {"credential": credential})
    assert answer["Location"] == LOGIN
    assert not is_signed_in(client)


def admin_addresses() -> list[str]:
    """Every address below /admin/ that takes no argument, and one of those that do."""
    found = []
    for pattern in next(each for each in get_resolver().url_patterns if str(each.pattern) == "admin/").url_patterns:
        for inner in getattr(pattern, "url_patterns", [pattern]):
            route = f"/admin/{pattern.pattern if inner is not pattern else ''}{inner.pattern}"
            if "(?P" not in route:
                found.append(
                    route.replace("<path:object_id>", "1").replace("<int:content_type_id>/<path:object_id>", "1/1")
                )
    return [address for address in found if address not in ("/admin/login/", "/admin/logout/")]


@pytest.mark.usefixtures("guarded")
def test_no_page_of_the_admin_opens_to_a_curator_without_a_second_factor(world, client):
    sign_in_by_code(client, "curator@mix.example")
    assert is_signed_in(client)
    addresses = admin_addresses()
    assert len(addresses) > 20
    for address in addresses:
        for answer in (client.get(address), client.post(address, {"name": "x"})):
            assert answer.status_code in (302, 404), address
            if answer.status_code == 302:
                assert answer["Location"].startswith("/admin/login/?next="), address


@pytest.mark.usefixtures("guarded")
def test_a_curator_without_one_is_led_to_set_it_up_and_then_back(world, client):
    sign_in_by_code(client, "curator@mix.example")
    answer = client.get(ADMIN, follow=True)
    assert answer.redirect_chain[-1] == ("/account/", 302)
    assert "Curators need a second factor" in said(answer, "message")
    secret = key_shown(client)
    answer = client.post(APP, {"code": digits(secret)}, follow=True)
    assert f'href="{ADMIN}"' in answer.content.decode()
    assert client.get(ADMIN).status_code == 200


@pytest.mark.usefixtures("guarded")
def test_a_curator_with_one_gets_in_by_code_and_app(world, client):
    secret = give_app(world.curator)
    assert client.get(ADMIN, follow=True).redirect_chain[-1][0] == f"{LOGIN}?next={ADMIN}"
    sign_in_by_code(client, "curator@mix.example", after=ADMIN)
    assert client.post(FACTOR, {"code": digits(secret)})["Location"] == ADMIN
    assert client.get(ADMIN).status_code == 200


@pytest.mark.usefixtures("guarded")
def test_a_session_from_before_the_factor_was_set_up_must_show_it_first(world):
    before, client = Client(), Client()
    sign_in_by_code(before, "curator@mix.example")
    sign_in_by_code(client, "curator@mix.example")
    secret = set_up_app(client)
    assert client.get(ADMIN).status_code == 200
    answer = before.get(ADMIN, follow=True)
    assert answer.redirect_chain[-1][0] == f"/account/confirm/?next={ADMIN.replace('/', '%2F')}"
    assert before.post("/account/confirm/", {"code": digits(secret), "next": ADMIN})["Location"] == ADMIN
    assert before.get(ADMIN).status_code == 200


@pytest.mark.usefixtures("guarded")
def test_a_curator_who_removes_the_factor_is_out_of_the_admin_at_once(world, client):
    sign_in_by_code(client, "curator@mix.example")
    set_up_app(client)
    assert client.get(ADMIN).status_code == 200
    client.post(f"{APP}remove/")
    assert client.get(ADMIN)["Location"].startswith("/admin/login/")


@pytest.mark.usefixtures("guarded")
def test_the_admins_own_doors_are_closed(world, sign_in, client):
    for method in (client.get, client.post):
        assert method("/admin/login/")["Location"] == f"{LOGIN}?next=/admin/"
        assert method("/admin/login/?next=https://evil.example/")["Location"] == f"{LOGIN}?next=/admin/"
    member = sign_in(world.member_a)
    assert member.get("/admin/login/").status_code == 404
    assert member.get(ADMIN, follow=True).status_code == 404
    curator = Client()
    sign_in_by_code(curator, "curator@mix.example")
    set_up_app(curator)
    assert curator.get("/admin/password_change/").status_code == 404
    assert curator.get("/admin/logout/").status_code == 405
    assert curator.post("/admin/logout/")["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_signed_in(curator)


@pytest.mark.usefixtures("guarded")
def test_factors_and_addresses_of_people_are_not_in_the_admin(world, client):
    sign_in_by_code(client, "curator@mix.example")
    set_up_app(client)
    index = client.get("/admin/").content.decode().lower()
    assert "authenticator" not in index
    assert "email addresses" not in index
    assert client.get("/admin/mfa/authenticator/").status_code == 404
    assert client.get("/admin/account/emailaddress/").status_code == 404


@pytest.mark.usefixtures("guarded")
@pytest.mark.parametrize("method", ["TRACE", "OPTIONS", "PUT", "DELETE", "PROPFIND"])
def test_methods_that_nobody_needs_are_refused_on_foreign_views_too(world, client, method):
    for path in ("/admin/", ADMIN, "/admin/login/", LOGIN, CODE, FACTOR, APP, "/account/confirm/"):
        assert client.generic(method, path).status_code == 405, path


def test_in_the_demonstration_the_personas_button_stands_in_for_it(world, sign_in):
    assert sign_in(world.curator).get(ADMIN).status_code == 200


def test_every_page_on_the_factor_is_sound(world, client):
    secret = give_app(world.member_a)
    passkey = Authenticator.objects.create(user=world.member_a, type="webauthn", data={"name": "<b>Phone</b>"})
    sign_in_by_code(client, "rosa@port.example")
    pages = {FACTOR: None}
    Authenticator.objects.filter(pk=passkey.pk).delete()  # its key is made up: the browser tests use a real one
    problems = check_page(FACTOR, client.get(FACTOR).content.decode())
    client.post(FACTOR, {"code": digits(secret)})
    problems += check_page("confirm", client.get("/account/confirm/").content.decode())
    client.post("/account/confirm/", {"code": digits(secret, 1), "next": CODES})
    for path in ("/account/", CODES, f"{CODES}new/", f"{APP}remove/", "/account/passkeys/add/", "/account/sessions/"):
        pages[path] = client.get(path)
        assert pages[path].status_code == 200, path
        problems += check_page(path, pages[path].content.decode())
    assert problems == []


def test_a_passkeys_name_is_data(world, sign_in):
    Authenticator.objects.create(user=world.member_a, type="webauthn", data={"name": "<b>Phone</b>"})
    answer = sign_in(world.member_a).get("/account/")
    assert "&lt;b&gt;Phone" in answer.content.decode()
    assert "Phone" in text(with_testid(page(answer), "passkeys"))


def test_the_account_page_asks_as_much_for_one_passkey_as_for_ten(world, sign_in):
    counts = []
    client = sign_in(world.member_a)
    client.get("/account/")  # the first request notes the visit
    for many in (1, 10):
        for number in range(many):
            Authenticator.objects.create(user=world.member_a, type="webauthn", data={"name": f"Key {number}"})
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/account/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6


def test_a_code_by_mail_after_the_app_was_removed_signs_in_alone_again(world, client):
    secret = give_app(world.member_a)
    sign_in_by_code(client, "rosa@port.example")
    client.post(FACTOR, {"code": digits(secret)})
    client.post("/account/confirm/", {"code": digits(secret, 1), "next": "/account/"})
    client.post(f"{APP}remove/")
    client.post("/account/sign-out/")
    client.post(CODE, {"code": ask_for_code(client, "rosa@port.example")})
    assert is_signed_in(client)
    assert code_in(mail.outbox[-1])
