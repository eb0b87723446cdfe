"""A stolen copy of the database opens nothing: no session, code, link or second factor."""

from __future__ import annotations

import io
import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

from members.codes import SignInCode
from members.models import Invitation, Session
from mixportal.mail.encrypted import decrypt
from mixportal.mail.models import Mail
from mixportal.mail.sending import send_next
from mixportal.summaries.models import ShareLink
from tests.members.test_anonymize import where_it_says

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
OTHER_KEY = "another key of fifty characters and more, for a test of rotation"


def code_of_the_app() -> str:
    return format_hotp_value(hotp_value(SECRET, next(iter(yield_hotp_counters_from_time()))))


def rotate(*options: str) -> str:
    said = io.StringIO()
    call_command("rotate_keys", *options, stdout=said)
    return said.getvalue()


@pytest.fixture
def doors(world, sign_in):
    """Secrets that let a person in, by name."""
    app, codes = TOTP.activate(world.curator, SECRET), RecoveryCodes.activate(world.curator)
    Client().post("/account/login/", {"email": "rosa@port.example"})
    Invitation.objects.invite(world.port, "leader", "council@port.example", by=world.curator, name="M")
    mailed = Mail.objects.get(kind="invitation").text
    session = sign_in(world.member_a).cookies[settings.SESSION_COOKIE_NAME].value
    assert app.validate_code(code_of_the_app())
    return {
        "session": session,
        "app": SECRET,
        "recovery code": codes.generate_codes()[0],
        "recovery seed": decrypt(codes.instance.data["seed"]),
        "mailed code": SignInCode.objects.get().code,
        "invitation": re.search(r"/([\w-]{20,})/", mailed).group(1),
    }


def test_no_table_holds_what_opens_something(doors):
    assert {name: where_it_says(secret) for name, secret in doors.items()} == {name: [] for name in doors}


def test_a_share_links_token_is_in_no_table(phases):
    _, token = ShareLink.objects.make(phases.port, phases.published, by=phases.member_a, label="Council", days=30)
    assert ShareLink.objects.exists()
    assert where_it_says(token) == []


def test_a_row_of_the_sessions_used_as_a_cookie_opens_nothing(world, sign_in):
    client = sign_in(world.member_a)
    assert client.get("/profile/").status_code == 200
    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = Session.objects.get(user=world.member_a).session_key
    assert stolen.get("/profile/").status_code == 302
    assert client.get("/profile/").status_code == 200
    client.post("/account/sign-out/")
    assert not Session.objects.filter(user=world.member_a).exists()


def test_a_new_key_reads_what_the_earlier_one_wrote_and_after_rotation_needs_it_no_more(world, settings):
    app = TOTP.activate(world.curator, SECRET).instance
    codes = RecoveryCodes.activate(world.curator).instance.wrap().generate_codes()
    Mail.objects.enqueue("address_left", "rosa@port.example", cause="x", context={"person": world.member_a})
    text = Mail.objects.get(cause="x").text
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], OTHER_KEY
    assert "2 second factors" in rotate()
    settings.SECRET_KEY_FALLBACKS = []
    app.refresh_from_db()
    assert app.wrap().validate_code(code_of_the_app())
    stored = Authenticator.objects.get(user=world.curator, type="recovery_codes")
    assert stored.wrap().generate_codes() == codes
    assert Mail.objects.get(cause="x").text == text != ""


def test_a_code_that_was_mailed_before_the_rotation_signs_in_after_it(world, settings):
    client = Client()
    client.post("/account/login/", {"email": "rosa@port.example"})
    code = SignInCode.objects.get().code
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], OTHER_KEY
    rotate()
    settings.SECRET_KEY_FALLBACKS = []
    assert SignInCode.objects.spend("rosa@port.example", code)


def test_after_the_loss_of_a_key_the_next_mail_has_a_new_code(world, settings, mailoutbox):
    Client().post("/account/login/", {"email": "rosa@port.example"})
    settings.SECRET_KEY = OTHER_KEY
    assert SignInCode.objects.get().code == ""
    Client().post("/account/login/", {"email": "rosa@port.example"})
    code = SignInCode.objects.get().code
    assert code
    assert code in mailoutbox[-1].body


def test_a_lost_key_lets_no_code_in_and_the_command_names_and_deletes_what_is_lost(world, settings):
    app = TOTP.activate(world.curator, SECRET)
    codes = RecoveryCodes.activate(world.curator).generate_codes()
    settings.SECRET_KEY = OTHER_KEY
    app.instance.refresh_from_db()
    assert not app.validate_code(code_of_the_app())
    assert not Authenticator.objects.get(user=world.curator, type="recovery_codes").wrap().validate_code(codes[0])
    assert f"of {world.curator}" in rotate()
    assert Authenticator.objects.filter(user=world.curator).count() == 2
    rotate("--drop-unreadable")
    assert not Authenticator.objects.filter(user=world.curator).exists()


def test_a_mail_that_no_key_reads_is_given_up_and_says_why(world, settings, mailoutbox):
    Mail.objects.enqueue("address_left", "rosa@port.example", cause="x", context={"person": world.member_a})
    settings.SECRET_KEY = OTHER_KEY
    assert send_next()
    mail = Mail.objects.get(cause="x")
    assert "cannot be read" in mail.trouble
    assert mail.given_up_at
    assert mailoutbox == []


def test_the_same_text_is_never_encrypted_the_same_way_and_empty_text_stays_empty(world):
    for cause in ("x", "y"):
        Mail.objects.enqueue("address_left", "rosa@port.example", cause=cause, context={"person": world.member_a})
    with connection.cursor() as cursor:
        cursor.execute("SELECT text, unsubscribe FROM mail_mail WHERE cause IN ('x', 'y')")
        (one, empty), (other, _) = cursor.fetchall()
    assert one != other
    assert empty == ""
