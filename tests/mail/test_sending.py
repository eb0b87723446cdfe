"""Sending: tried again with patience, never twice for one cause, whatever dies meanwhile."""

from __future__ import annotations

import email
import signal
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail as django_mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

from members.models import Session
from mixportal.editions.models import database_now
from mixportal.mail.models import RETRY_AFTER_MINUTES, Mail
from mixportal.mail.sending import send_next
from mixportal.management.commands import worker
from tests.mail.backends import RefusesTheRecipient, Refusing, Waiting

REFUSING, REFUSING_THE_RECIPIENT, KILLING, WAITING = (
    f"tests.mail.backends.{name}" for name in ("Refusing", "RefusesTheRecipient", "KillsTheSender", "Waiting")
)


def send_mail() -> str:
    told = StringIO()
    call_command("send_mail", stdout=told)
    return told.getvalue().strip()


def make_due() -> None:
    """As if the pause had passed."""
    Mail.objects.filter(sent_at=None).update(due_at=Now())


def test_what_is_due_is_sent_once_and_its_words_are_dropped(post, mailoutbox):
    post(calendar="BEGIN:VCALENDAR", unsubscribe="https://portal.example/stop/")
    assert send_mail() == "1 mail tried."
    assert send_mail() == "0 mails tried."
    assert [message.to for message in mailoutbox] == [["rosa@port.example"]]
    mail = Mail.objects.get()
    assert mail.sent_at is not None
    assert (mail.text, mail.html, mail.calendar, mail.unsubscribe, mail.attempts) == ("", "", "", "", 1)
    assert post() is None  # the cause is remembered for good


def test_a_server_that_fails_is_tried_again_later_and_then_the_mail_goes_out(
    post, mailoutbox, settings, stop_database_clock
):
    good = settings.EMAIL_BACKEND
    post()
    settings.EMAIL_BACKEND = REFUSING
    moment = database_now()
    stop_database_clock(moment)
    send_mail()
    assert send_mail() == "0 mails tried."  # not at once again
    mail = Mail.objects.get()
    assert (mail.attempts, mail.sent_at) == (1, None)
    assert "451" in mail.trouble
    assert "Try again later" in mail.trouble
    assert mail.due_at == moment + timedelta(minutes=1)
    settings.EMAIL_BACKEND = good
    stop_database_clock(mail.due_at)
    send_mail()
    mail.refresh_from_db()
    assert mail.sent_at is not None
    assert mail.trouble == ""
    assert len(mailoutbox) == 1


def test_the_pauses_grow_and_after_two_days_it_is_given_up_with_the_trouble(post, settings, stop_database_clock):
    settings.EMAIL_BACKEND = REFUSING
    mail, moment = post(), database_now()
    pauses = []
    for _ in RETRY_AFTER_MINUTES:
        stop_database_clock(moment)
        send_next()
        mail = Mail.objects.get()
        pauses.append((mail.due_at - moment).total_seconds() / 60)
        moment = mail.due_at
    assert pauses == [1, 5, 30, 120, 360, 720, 1440]
    stop_database_clock(moment)
    assert mail.given_up_at is None
    send_next()
    mail.refresh_from_db()
    assert mail.given_up_at is not None
    assert mail.sent_at is None
    assert "451" in mail.trouble
    make_due()
    assert not send_next()
    assert "1 in the outbox are given up" in send_mail()


def test_a_mailbox_that_does_not_exist_is_tried_once_and_the_answer_is_kept(post, settings):
    settings.EMAIL_BACKEND = REFUSING_THE_RECIPIENT
    mail = post()
    send_next()
    mail.refresh_from_db()
    assert (mail.sent_at, mail.attempts, mail.trouble) == (None, 1, "550 5.1.1 No such user")
    assert mail.given_up_at is not None
    make_due()
    assert not send_next()


@pytest.mark.parametrize("code", [421, 450, 530])
def test_a_refusal_that_may_pass_or_that_the_operator_can_mend_is_tried_again(post, settings, monkeypatch, code):
    monkeypatch.setattr(RefusesTheRecipient, "code", code)
    settings.EMAIL_BACKEND = REFUSING_THE_RECIPIENT
    mail = post()
    send_next()
    mail.refresh_from_db()
    assert (mail.given_up_at, mail.attempts) == (None, 1)


def test_a_long_and_strange_answer_is_kept_as_one_short_line(post, settings, monkeypatch):
    monkeypatch.setattr(Refusing, "answer", "no\r\n" * 500)
    settings.EMAIL_BACKEND = REFUSING
    post()
    send_next()
    trouble = Mail.objects.get().trouble
    assert len(trouble) <= 300
    assert len(trouble.splitlines()) == 1


def test_one_mail_that_cannot_be_sent_does_not_hold_up_the_others(post, mailoutbox):
    post("no address at all\n")
    post("ben@halloran.example")
    send_mail()
    assert [message.to for message in mailoutbox] == [["ben@halloran.example"]]


def test_a_mail_that_would_come_too_late_is_not_sent(post, mailoutbox):
    mail = post()
    Mail.objects.filter(pk=mail.pk).update(not_after=Now())
    send_mail()
    mail.refresh_from_db()
    assert mailoutbox == []
    assert mail.given_up_at is not None
    assert "too late" in mail.trouble


def test_killed_between_the_servers_yes_and_the_note_of_it_the_mail_comes_again_under_the_same_id(
    post, mailoutbox, settings
):
    """At least once: the honest limit of any outbox. Mailboxes tell by the Message-ID that both are one."""
    good = settings.EMAIL_BACKEND
    post()
    settings.EMAIL_BACKEND = KILLING
    with pytest.raises(SystemExit):
        send_next()
    assert Mail.objects.get().sent_at is None
    settings.EMAIL_BACKEND = good
    send_mail()
    assert Mail.objects.get().sent_at is not None
    first, second = mailoutbox
    assert first.message()["Message-ID"] == second.message()["Message-ID"]


def test_try_again_makes_what_was_given_up_due_and_leaves_what_was_sent(post, mailoutbox):
    sent, given_up = post(), post(cause="test:2")
    sent.mark_sent()
    Mail.objects.filter(pk=given_up.pk).update(given_up_at=Now(), attempts=8)
    assert Mail.objects.try_again() == 1
    send_mail()
    assert len(mailoutbox) == 1


def run_worker() -> None:
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        call_command("worker", pause=3600)
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


def test_a_worker_that_is_asked_to_stop_finishes_the_mail_in_hand_and_begins_no_other(post, mailoutbox, settings):
    settings.EMAIL_BACKEND = "tests.mail.backends.AsksToStop"
    post()
    post("ben@halloran.example")
    run_worker()
    assert [message.to for message in mailoutbox] == [["rosa@port.example"]]
    assert [mail.to for mail in Mail.objects.waiting()] == ["ben@halloran.example"]


@pytest.mark.parametrize(("morning", "left"), [(0, 0), (24, 1)])
def test_a_worker_removes_old_sessions_once_the_morning_has_come(post, settings, monkeypatch, morning, left):
    monkeypatch.setattr(worker, "MORNING", morning)
    settings.EMAIL_BACKEND = "tests.mail.backends.AsksToStop"
    Session.objects.create(session_key="old", session_data="", expire_date=timezone.now() - timedelta(days=1))
    post()
    run_worker()
    assert Session.objects.filter(session_key="old").count() == left


def test_a_worker_logs_what_it_sent_and_did(post, settings, monkeypatch, caplog):
    monkeypatch.setattr(worker, "MORNING", 0)
    settings.EMAIL_BACKEND = "tests.mail.backends.AsksToStop"
    caplog.set_level("INFO", "mixportal")
    mail = post()
    run_worker()
    said = [record.getMessage() for record in caplog.records]
    assert "remind: Nothing is due." in said
    assert any(each.startswith("prune: Deleted: ") for each in said)
    assert f"Mail {mail.pk} was sent." in said


def test_outside_production_each_mail_is_a_file_that_a_mail_program_opens(post, settings, tmp_path):
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "mixportal.mail.files.FileBackend", tmp_path / "mail"
    post()
    post("ben@halloran.example")
    send_mail()
    files = sorted((tmp_path / "mail").iterdir())
    assert {path.suffix for path in files} == {".eml"}
    assert (tmp_path / "mail").stat().st_mode & 0o777 == 0o700
    read = [email.message_from_bytes(path.read_bytes()) for path in files]
    assert [message["To"] for message in read] == ["rosa@port.example", "ben@halloran.example"]


def in_thread(call):
    def run():
        try:
            return call()
        finally:
            connection.close()

    return run


@pytest.mark.django_db(transaction=True)
def test_several_senders_at_once_send_each_mail_once(settings):
    Mail.objects.bulk_create(
        Mail(kind="digest", to=f"town-{number}@town.example", cause="c", subject="Hello", text="Text", html="<p>")
        for number in range(40)
    )
    django_mail.outbox.clear()
    barrier = threading.Barrier(4)

    def send_all():
        barrier.wait(timeout=60)
        while send_next():
            pass

    with ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(in_thread(send_all)) for _ in range(4)]:
            done.result(timeout=120)
    told = Counter(message.to[0] for message in django_mail.outbox)
    assert len(told) == 40
    assert set(told.values()) == {1}
    assert not Mail.objects.waiting().exists()


@pytest.mark.django_db(transaction=True)
def test_while_one_sender_hangs_another_sends_the_rest_and_a_killed_one_leaves_its_mail_due(settings):
    settings.EMAIL_BACKEND = WAITING
    Waiting.accepted.clear()
    Waiting.answer.clear()
    first = Mail.objects.create(kind="digest", to="a@a.example", cause="c", subject="First", text="T", html="<p>")
    pid = []

    def hang():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pid.append(cursor.fetchone()[0])
        send_next()

    with ThreadPoolExecutor(1) as thread:
        hanging = thread.submit(in_thread(hang))
        assert Waiting.accepted.wait(timeout=60)
        assert send_next() is False  # the only mail is in another's hands
        with connection.cursor() as cursor:  # the process dies: its connection ends, nothing is committed
            cursor.execute("SELECT pg_terminate_backend(%s, 60000)", pid)
        Waiting.answer.set()
        assert hanging.exception(timeout=120) is not None
    first.refresh_from_db()
    assert first.sent_at is None
    assert send_next() is True
    first.refresh_from_db()
    assert first.sent_at is not None


def test_a_test_mail_that_the_server_does_not_take_is_an_error_of_one_sentence(settings, mailoutbox):
    call_command("sendtestemail", "rosa@port.example")
    assert [message.to for message in mailoutbox] == [["rosa@port.example"]]
    settings.EMAIL_BACKEND = REFUSING
    with pytest.raises(CommandError, match=r"The mail was not sent.*451"):
        call_command("sendtestemail", "rosa@port.example")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises(CommandError, match="Connection refused"):
        call_command("sendtestemail", "rosa@port.example")
