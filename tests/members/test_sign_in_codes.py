"""Codes are mailed rarely, whoever asks, and nobody keeps a member out by asking for them."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from django.core import mail
from django.db import IntegrityError, connection
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members.codes import MAX_TIMES_MAILED, SignInCode
from members.models import User
from mixportal.mail.models import Mail
from mixportal.mail.sending import send_next
from tests.members.signing import CODE, LOGIN, ask_for_code, code_in, is_signed_in, sign_in_by_code

ROSA = "rosa@port.example"
PERIOD = 15 * 60


@pytest.fixture
def clock(monkeypatch):
    """`clock(minutes)`: so long after the beginning of a period Python's clock stands."""
    begins = (int(time.time()) // PERIOD + 1) * PERIOD

    def stop(minutes: float) -> None:
        monkeypatch.setattr(time, "time", lambda: begins + minutes * 60)

    stop(0)
    return stop


def ask(address: str = ROSA, *, times: int = 1, network: str = "203.0.113.9") -> None:
    """As a stranger, each time with a new browser."""
    for _ in range(times):
        Client(REMOTE_ADDR=network).post(LOGIN, {"email": address})


def enter(client: Client, code: str) -> bool:
    client.post(CODE, {"code": code})
    return is_signed_in(client)


def known_device() -> Client:
    """A browser in which Rosa has signed in and out."""
    client = Client()
    sign_in_by_code(client, ROSA)
    client.post("/account/sign-out/")
    mail.outbox.clear()
    return client


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("network", ["203.0.113.9", "127.0.0.1"])
def test_a_member_signs_in_at_once_after_a_stranger_has_asked_thirty_times(world, client, network):
    """Also from the member's own network."""
    ask(times=30, network=network)
    assert len(mail.outbox) == MAX_TIMES_MAILED
    answer = client.post(LOGIN, {"email": ROSA})
    assert answer["Location"] == CODE
    assert len(mail.outbox) == MAX_TIMES_MAILED
    assert enter(client, code_in(mail.outbox[0]))


def test_a_mailbox_gets_at_most_twelve_codes_an_hour_from_however_many_networks(world, clock):
    for minute in range(60):
        clock(minute)
        for number in range(5):
            ask("Rosa@Port.example" if number else ROSA, network=f"203.0.{minute}.{number}")
    assert len(mail.outbox) == 4 * MAX_TIMES_MAILED
    assert len({code_in(message) for message in mail.outbox}) == 4


def test_in_each_minute_of_it_the_member_signs_in_with_a_code_that_the_mailbox_holds(world, clock):
    for minute in range(0, 45, 4):
        clock(minute)
        ask(times=6, network=f"203.0.113.{minute}")
        held = code_in(mail.outbox[-1])
        client = Client()
        client.post(LOGIN, {"email": ROSA})
        assert enter(client, held), minute


def test_asking_again_mails_the_same_code_and_the_first_message_works(world, client, clock):
    first = ask_for_code(client, ROSA)
    client.post(CODE, {"action": "resend"})
    assert [code_in(message) for message in mail.outbox] == [first, first]
    assert enter(client, first)


def test_a_new_code_leaves_the_one_before_it_valid(world, client, clock):
    clock(14)
    first = ask_for_code(client, ROSA)
    clock(16)
    client.post(CODE, {"action": "resend"})
    second = code_in(mail.outbox[-1])
    assert second != first
    assert enter(client, first)
    assert SignInCode.objects.count() == 0  # signing in makes both void


def test_a_code_that_was_used_opens_no_other_browser_that_waits_for_it(world, client, clock):
    other = Client()
    code = ask_for_code(client, ROSA)
    assert ask_for_code(other, ROSA) == code
    assert enter(client, code)
    assert not enter(other, code)
    assert ask_for_code(Client(), ROSA) != code


def test_old_codes_are_deleted(world, clock):
    ask()
    clock(31)
    ask("ben@halloran.example")
    assert list(SignInCode.objects.values_list("address", flat=True)) == ["ben@halloran.example"]


def test_a_code_that_went_to_the_old_address_of_an_account_does_not_open_it(world, client, clock):
    code = ask_for_code(client, ROSA)
    User.objects.filter(pk=world.member_a.pk).update(email="rosa@new.example")
    client = Client()
    client.post(LOGIN, {"email": "rosa@new.example"})
    assert not enter(client, code)


def test_a_code_for_somebody_else_opens_nothing(world, client, clock):
    ask_for_code(client, ROSA)
    assert not enter(client, ask_for_code(Client(), "ben@halloran.example"))


def test_the_mail_of_a_code_is_counted_by_the_database(world, clock):
    ask()
    with pytest.raises(IntegrityError):
        SignInCode.objects.update(times_mailed=MAX_TIMES_MAILED + 1)


@pytest.mark.usefixtures("clock")
def test_a_network_that_asks_too_often_is_told_and_no_other_is(world, client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"request_login_code": "300/m/ip,6/m/key"}
    ask(times=6)
    refused = Client(REMOTE_ADDR="203.0.113.9").post(LOGIN, {"email": ROSA})
    assert refused.status_code == 200
    assert "too often" in refused.content.decode()
    assert client.post(LOGIN, {"email": ROSA})["Location"] == CODE
    elsewhere = Client(REMOTE_ADDR="203.0.113.9").post(LOGIN, {"email": "ben@halloran.example"})
    assert elsewhere["Location"] == CODE


@pytest.mark.usefixtures("clock")
def test_the_addresses_of_one_network_of_ipv6_count_as_one(world, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"request_login_code": "300/m/ip,6/m/key"}
    for number in range(7):
        answer = Client(REMOTE_ADDR=f"2001:db8::{number + 1}").post(LOGIN, {"email": ROSA})
    assert "too often" in answer.content.decode()


@pytest.mark.usefixtures("clock")
def test_a_forged_header_does_not_widen_the_limit_of_an_address_on_the_network(world, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"request_login_code": "300/m/ip,6/m/key"}
    for number in range(7):
        answer = Client(REMOTE_ADDR="203.0.113.9").post(LOGIN, {"email": ROSA}, HTTP_X_FORWARDED_FOR=f"10.0.0.{number}")
    assert "too often" in answer.content.decode()


@pytest.mark.usefixtures("clock")
def test_a_known_device_gets_a_mail_whatever_others_on_its_own_network_ask_for(world, settings):
    rosa = known_device()
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"request_login_code": "4/m/ip,4/m/key"}
    ask(times=30, network="127.0.0.1")
    assert len(mail.outbox) == MAX_TIMES_MAILED
    strange = Client().post(LOGIN, {"email": ROSA})
    assert "too often" in strange.content.decode()
    code = ask_for_code(rosa, ROSA)
    assert len(mail.outbox) == MAX_TIMES_MAILED + 1
    assert enter(rosa, code)


@pytest.mark.usefixtures("clock")
def test_a_known_device_has_a_limit_of_its_own(world, settings):
    rosa = known_device()
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"request_login_code_from_known_device": "6/m/key"}
    for _ in range(7):
        rosa.post("/account/sign-out/")
        answer = rosa.post(LOGIN, {"email": ROSA})
    assert len(mail.outbox) == MAX_TIMES_MAILED
    assert "too often" in answer.content.decode()


def guess(times: int, network: str) -> str:
    """Type wrong codes, three in a browser, and return the last answer."""
    said = ""
    for number in range(times):
        if number % 3 == 0:
            client = Client(REMOTE_ADDR=network)
            client.post(LOGIN, {"email": ROSA})
        said = client.post(CODE, {"code": "BCDF-GHJK"}).content.decode()
    return said


@pytest.mark.usefixtures("clock")
def test_a_network_that_guesses_thirty_codes_guesses_no_more_and_keeps_no_other_out(world, client):
    assert "wrong too often" in guess(32, "203.0.113.9")
    inside = Client(REMOTE_ADDR="203.0.113.9")
    code = ask_for_code(inside, ROSA)
    assert not enter(inside, code)
    client.post(LOGIN, {"email": ROSA})
    assert enter(client, code)


@pytest.mark.usefixtures("clock")
def test_wrong_codes_from_its_own_network_do_not_keep_a_known_device_out(world):
    rosa = known_device()
    guess(32, "127.0.0.1")
    assert enter(rosa, ask_for_code(rosa, ROSA))


@pytest.mark.usefixtures("clock")
def test_the_right_code_forgives_the_wrong_ones_before_it(world, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"wrong_login_code": "3/h/key"}
    for _ in range(3):
        client = Client()
        code = ask_for_code(client, ROSA)
        client.post(CODE, {"code": "BCDF-GHJK"})
        assert enter(client, code)


@pytest.mark.usefixtures("clock")
def test_a_device_is_known_to_the_accounts_that_signed_in_there_alone(world):
    rosa = known_device()
    assert sign_in_by_code(rosa, "ben@halloran.example").status_code == 302
    for address, known in ((ROSA, True), ("ben@halloran.example", True), ("ines@port.example", False)):
        rosa.post("/account/sign-out/")
        ask_for_code(rosa, address)
        assert SignInCode.objects.latest("pk").for_known_device is known, address


@pytest.mark.parametrize("forged", ["1", "1:x", "1.2:1vabcd:AAAA", "", "\xff", ":" * 5000])
def test_a_forged_cookie_makes_no_device_known(world, clock, forged):
    client = Client()
    client.cookies["device"] = forged.replace("1", str(world.member_a.pk))
    ask_for_code(client, ROSA)
    assert not SignInCode.objects.get().for_known_device


def test_the_cookie_of_a_known_device_goes_to_the_sign_in_pages_alone_and_to_no_script(world, client):
    sign_in_by_code(client, ROSA)
    cookie = client.cookies["device"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (LOGIN, True, "Lax")


def test_a_code_that_the_mail_server_does_not_take_now_is_sent_later(world, client, settings):
    good = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "tests.mail.backends.Refusing"
    assert client.post(LOGIN, {"email": ROSA})["Location"] == CODE
    waiting = Mail.objects.get()
    assert (waiting.kind, waiting.attempts, waiting.sent_at) == ("sign_in_code", 1, None)
    settings.EMAIL_BACKEND = good
    Mail.objects.update(due_at=Now())
    assert send_next()
    assert enter(client, code_in(mail.outbox[0]))


def test_a_code_that_would_come_too_late_is_not_sent(world, client, settings):
    settings.EMAIL_BACKEND = "tests.mail.backends.Refusing"
    client.post(LOGIN, {"email": ROSA})
    Mail.objects.update(due_at=Now(), not_after=Now())
    send_next()
    assert Mail.objects.get().given_up_at is not None


def await_mail(**facts) -> None:
    deadline = time.monotonic() + 60
    while not Mail.objects.filter(**facts).exists() and time.monotonic() < deadline:
        time.sleep(0.01)


@pytest.mark.django_db(transaction=True)
def test_in_production_the_answer_does_not_wait_for_the_mail(world, client, settings):
    settings.MAIL_IN_BACKGROUND = True
    client.post(LOGIN, {"email": ROSA})
    await_mail(sent_at__isnull=False)
    assert enter(client, code_in(mail.outbox[0]))


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_is_away_changes_nothing_in_the_answer(world, client, settings, caplog):
    settings.MAIL_IN_BACKGROUND = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert client.post(LOGIN, {"email": ROSA})["Location"] == CODE
    await_mail(attempts=1)
    assert "was not sent" in caplog.text
    assert ROSA not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_in_production_asking_takes_the_same_queries_for_known_and_unknown_addresses(world, settings):
    settings.MAIL_IN_BACKGROUND = True
    counts = []
    for address in (ROSA, "nobody@port.example"):
        client = Client()
        client.get(LOGIN)
        with CaptureQueriesContext(connection) as queries:
            client.post(LOGIN, {"email": address})
        counts.append(len(queries))
    await_mail(sent_at__isnull=False)
    assert max(abs(a - b) for a, b in pairwise(counts)) == 0
