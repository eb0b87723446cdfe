"""Posting: a mail is rendered as it will arrive, once for a cause and an address."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from mixportal.mail.models import MAX_WIDTH, Mail, one_line, wrapped
from mixportal.mail.sending import build_message, send_next


def test_one_cause_reaches_an_address_once_in_whatever_spelling(post):
    assert post() is not None
    assert post() is None
    assert post("ROSA@Port.example") is None
    assert post("ben@halloran.example") is not None
    assert post(cause="test:2") is not None
    assert Mail.objects.count() == 3


def test_the_database_itself_holds_that(post):
    post()
    with pytest.raises(IntegrityError), transaction.atomic():
        Mail.objects.create(kind="digest", to="ROSA@port.example", cause="test:1", subject="Twice")


def test_a_mail_posted_in_a_deed_that_fails_is_not_posted(post):
    with transaction.atomic():
        post()
        transaction.set_rollback(True)  # the deed failed
    assert Mail.objects.count() == 0


def test_text_is_not_escaped_and_html_is(db):
    items = [{"line": "Parks & <b>Rec</b>", "url": "https://portal.example/?a=1&b=2"}]
    mail = Mail.objects.enqueue("digest", "a@b.example", cause="c", context={"items": items})
    assert "- Parks & <b>Rec</b>\n  https://portal.example/?a=1&b=2" in mail.text
    assert "Parks &amp; &lt;b&gt;Rec&lt;/b&gt;" in mail.html
    assert "<b>Rec" not in mail.html


@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r", "\x0b", "\x85", "\u2028", "\x00"])
def test_nothing_that_people_write_adds_a_header(db, ending):
    """Names and lines come from people, and may stand in a subject."""
    from mixportal.mail.models import DigestItem

    evil = f"Hello{ending}Bcc: everyone@evil.example"
    assert one_line(evil) == "Hello Bcc: everyone@evil.example"
    line = evil.replace("\x00", "")  # Postgres keeps no NUL
    item = DigestItem.objects.collect("a@b.example", kind="note", cause="c", line=line, url="https://p.example/")
    assert len(item.line.splitlines()) == 1
    mail = Mail.objects.enqueue("digest", "a@b.example", cause="c", context={"items": [item]})
    mail.subject = one_line(line)
    message = build_message(mail).message()
    assert message["Bcc"] is None
    assert message["Subject"].startswith("Hello")


def test_an_address_with_a_line_end_is_not_sent_to(post, mailoutbox):
    mail = post("a@b.example\nBcc: everyone@evil.example")
    assert send_next()
    mail.refresh_from_db()
    assert mailoutbox == []
    assert mail.trouble.startswith("BadHeaderError")


def test_the_text_is_wrapped_and_no_address_is_broken():
    address = "https://portal.example/" + "x" * 100
    told = wrapped(f"{'word ' * 40}\n\n\n\n- {'item ' * 30}\n{address}\n")
    assert all(len(line) <= MAX_WIDTH for line in told.splitlines() if line != address)
    assert address in told.splitlines()
    assert "\n\n\n" not in told
    assert "\n  item" in told  # what goes on stands under its bullet


def test_the_same_row_always_has_the_same_message_id(post, settings):
    settings.PORTAL_URL = "https://portal.example.org:8443"
    mail = post()
    assert mail.message_id == Mail.objects.get().message_id
    assert mail.message_id.endswith("@portal.example.org>")
    assert mail.message_id != post(cause="test:2").message_id


def test_a_mail_has_text_html_calendar_and_the_headers_that_mail_programs_want(post):
    mail = post(
        calendar="BEGIN:VCALENDAR\r\nSUMMARY:Ägypten\r\nEND:VCALENDAR\r\n",
        unsubscribe="https://portal.example/stop/x/",
        reply_to="ben@halloran.example",
    )
    message = build_message(mail).message()
    parts = {part.get_content_type(): part for part in message.walk()}
    assert {"text/plain", "text/html", "text/calendar"} <= parts.keys()
    calendar = parts["text/calendar"]
    assert calendar.get_param("method") == "PUBLISH"
    assert calendar.get_filename() == "dates.ics"
    assert calendar.get_payload(decode=True).decode() == mail.calendar
    assert message["List-Unsubscribe"] == "<https://portal.example/stop/x/>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Reply-To"] == "ben@halloran.example"
    assert message["Message-ID"] == mail.message_id
    assert "https://portal.example/stop/x/" in mail.text
    assert 'href="https://portal.example/stop/x/"' in mail.html


def test_links_go_to_the_configured_host_whatever_the_request_said(post, settings):
    settings.PORTAL_URL = "https://portal.example.org"
    mail = post()
    assert "https://portal.example.org" in mail.text
    assert 'href="https://portal.example.org"' in mail.html
    assert "localhost" not in mail.text + mail.html
