"""Metrics for a monitor, and the state of the mail queue for curators."""

from __future__ import annotations

import io
import re
import time
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db.models.functions import Now

from mixportal.mail.models import Mail
from tests.mail.test_sending import run_worker

TOKEN = "of-twenty-characters-or-more"


def read(client, token: str | None) -> dict[str, str]:
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {token}"} if token else {})
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    return dict(line.rsplit(maxsplit=1) for line in answer.text.splitlines())


@pytest.mark.parametrize(("expected", "sent"), [("", ""), ("", None), (TOKEN, None), (TOKEN, "another")])
def test_there_are_no_metrics_without_the_token(client, db, settings, expected, sent):
    settings.METRICS_TOKEN = expected
    headers = {} if sent is None else {"Authorization": f"Bearer {sent}"}
    assert client.get("/metrics", headers=headers).status_code == 404


def test_metrics_tell_how_many_mails_wait_and_for_how_long(client, post, settings):
    settings.METRICS_TOKEN = TOKEN
    assert read(client, TOKEN)["mixportal_oldest_waiting_mail_seconds"] == "0"
    late, given_up = post(), post(cause="test:2")
    post(cause="test:3").mark_sent()
    Mail.objects.filter(pk=late.pk).update(created_at=Now() - timedelta(hours=2))
    given_up.mark_refused("550 no such mailbox")
    found = read(client, TOKEN)
    assert (found["mixportal_mails_waiting"], found["mixportal_mails_given_up"]) == ("1", "1")
    assert 7200 <= int(found["mixportal_oldest_waiting_mail_seconds"]) < 7300
    assert int(found["mixportal_database_bytes"]) > 1_000_000


def test_metrics_tell_when_the_worker_last_ran_and_a_backup_was_made(
    client, post, settings, tmp_path, transactional_db
):
    settings.METRICS_TOKEN, settings.EMAIL_BACKEND = TOKEN, "tests.mail.backends.AsksToStop"
    names = ("mixportal_worker_last_run_timestamp_seconds", "mixportal_last_backup_timestamp_seconds")
    assert [read(client, TOKEN)[name] for name in names] == ["0", "0"]
    started = int(time.time())
    post()
    run_worker()
    call_command("backup", tmp_path, stdout=io.StringIO())
    assert all(started <= int(read(client, TOKEN)[name]) <= time.time() + 1 for name in names)


def test_the_system_page_warns_curators_of_mail_that_waits(world, sign_in, post):
    client = sign_in(world.curator)
    assert "stuck" not in client.get("/admin/system/").text
    Mail.objects.filter(pk=post().pk).update(created_at=Now() - timedelta(hours=2))
    Mail.objects.filter(pk=post(cause="test:2").pk).update(confidential=True)
    page = client.get("/admin/system/").text
    assert 'data-testid="stuck"' in page
    assert "1, the oldest for 2 hours" in " ".join(page.split())
    assert sign_in(world.member_a).get("/admin/system/").status_code in {302, 404}


@pytest.mark.parametrize(("recipient", "said"), [("", "Not encrypted"), ("age1", "Encrypted")])
def test_the_system_page_says_whether_backups_are_encrypted(world, sign_in, settings, recipient, said):
    settings.BACKUP_RECIPIENT = recipient
    page = sign_in(world.curator).get("/admin/system/").text
    assert re.search(r'data-testid="backups">\s*([\w ]+)', page)[1].strip() == said
