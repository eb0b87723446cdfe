"""The mails of the demonstration."""

from __future__ import annotations

from datetime import UTC, datetime

import html5lib
import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.template.defaultfilters import date
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.reading import said

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings, tmp_path):
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "mixportal.mail.files.FileBackend", tmp_path / "mail"
    return tmp_path / "mail"


def send(subject: str, to: str = "rosa@port.example") -> None:
    mail = EmailMultiAlternatives(subject, "Hello <b>you</b>\nhttps://portal.example/", to=[to])
    mail.attach_alternative("<h1>Hello</h1><script>alert(1)</script>", "text/html")
    mail.attach("dates.ics", "BEGIN:VCALENDAR", "text/calendar")
    mail.send()


def test_an_empty_folder_and_none_at_all_are_no_trouble(client, folder):
    assert "No mail yet." in client.get("/demo/mail/").content.decode()


def test_the_newest_comes_first_and_one_address_may_be_chosen(client, folder):
    send("First")
    send("Second", "ben@halloran.example")
    page = client.get("/demo/mail/").content.decode()
    assert page.index("Second") < page.index("First")
    assert "2 mails, the newest first." in " ".join(page.split())
    html5lib.HTMLParser(strict=True).parse(page)
    own = client.get("/demo/mail/", {"to": "ben@halloran.example"}).content.decode()
    assert "Second" in own
    assert "First" not in own


def test_a_mail_shows_its_text_headers_and_attachment_as_text(client, folder):
    send("Subject <i>with</i> marks")
    (name,) = [path.stem for path in folder.iterdir()]
    answer = client.get(f"/demo/mail/{name}/")
    page = answer.content.decode()
    html5lib.HTMLParser(strict=True).parse(page)
    assert "Hello &lt;b&gt;you&lt;/b&gt;" in page
    assert "Subject &lt;i&gt;with&lt;/i&gt; marks" in page
    assert "BEGIN:VCALENDAR" in page
    assert "alert(1)" not in page
    assert "Hello" in said(answer, "mail-text")


def test_the_time_of_a_mail_is_in_the_zone_that_the_page_names(client, folder):
    EmailMultiAlternatives("Hello", "", to=["a@b.example"], headers={"Date": "Sat, 28 Nov 2026 20:52:40 -0000"}).send()
    (name,) = [path.stem for path in folder.iterdir()]
    at = date(timezone.localtime(datetime(2026, 11, 28, 20, 52, 40, tzinfo=UTC)), "F j, Y, g:i a T")
    for url in ("/demo/mail/", f"/demo/mail/{name}/"):
        assert at in " ".join(client.get(url).content.decode().split())


def test_the_html_is_shown_in_a_sandbox_where_nothing_runs(client, folder):
    send("Subject")
    (name,) = [path.stem for path in folder.iterdir()]
    answer = client.get(f"/demo/mail/{name}/html/")
    policy = answer["Content-Security-Policy"]
    assert "<h1>Hello</h1>" in answer.content.decode()
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


@pytest.mark.parametrize("name", ["nothing", "..", "%2e%2e%2fsecret-key", "....//secret-key", "a%00b"])
def test_only_mails_of_the_folder_are_read(client, folder, name):
    send("Subject")
    (folder.parent / "secret-key.eml").write_text("Subject: secret\n\nsecret")
    for url in (f"/demo/mail/{name}/", f"/demo/mail/{name}/html/"):
        answer = client.get(url)
        assert answer.status_code in (301, 302, 404), url
        assert b"secret\n" not in answer.content


def test_it_asks_the_database_no_oftener_with_more_mails(client, folder):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/demo/mail/").status_code == 200
        return len(queries)

    send("First")
    before = asked()
    for number in range(10):
        send(f"Mail {number}")
    assert asked() == before <= 12


def test_every_page_leads_to_the_mails(client, folder):
    for url in ("/demo/", "/about/"):
        assert 'href="/demo/mail/"' in client.get(url).content.decode()
