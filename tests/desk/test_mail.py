"""Curators see the outbox with addresses and states, but never the text of a mail."""

from __future__ import annotations

import pytest
from django.db.models.functions import Now

from mixportal.mail.models import Mail
from tests.curating import act, notices
from tests.reading import page, text

LIST = "/admin/mail/mail/"


def posted(to: str, **facts) -> Mail:
    return Mail.objects.create(
        kind="invitation", to=to, cause="c", subject="SUBJECT-CANARY", text="BODY-CANARY", html="HTML-CANARY", **facts
    )


@pytest.fixture
def mails(world):
    return {
        "waiting": posted("a@a.example"),
        "failed": posted("b@b.example", attempts=2, trouble="451 later"),
        "given up": posted("c@c.example", attempts=8, given_up_at=Now(), trouble="550 no such box"),
        "sent": posted("d@d.example", attempts=1, sent_at=Now()),
        "secret": posted("e@e.example", confidential=True),
    }


def test_the_list_says_the_state_in_words(mails, world, sign_in):
    told = text(page(sign_in(world.curator).get(LIST)))
    for words in ("Waits to be sent", "Failed 2 times, is tried again", "Given up on", "Sent on", "Invitation"):
        assert words in told
    filtered = text(page(sign_in(world.curator).get(LIST, {"state": "given-up"})))
    assert "c@c.example" in filtered
    assert "a@a.example" not in filtered


def test_no_page_shows_a_body_and_a_confidential_mail_is_on_none(mails, world, sign_in):
    client = sign_in(world.curator)
    for url in (LIST, *(f"{LIST}{mail.pk}/{name}/" for mail in mails.values() for name in ("change", "history"))):
        told = client.get(url, follow=True).content.decode()
        assert "CANARY" not in told, url
        assert "e@e.example" not in told
    assert "550 no such box" in text(page(client.get(f"{LIST}{mails['given up'].pk}/change/")))
    assert client.get(f"{LIST}{mails['secret'].pk}/change/").status_code == 302


def test_try_again_makes_what_was_not_sent_due_and_leaves_the_rest(mails, world, sign_in):
    client = sign_in(world.curator)
    answer = act(client, "try_again", *mails.values())
    assert "2 mails will be tried again" in notices(answer) or "3 mails will be tried again" in notices(answer)
    assert not Mail.objects.given_up().exists()
    mails["sent"].refresh_from_db()
    assert mails["sent"].sent_at is not None
    act(client, "try_again", mails["sent"])
    assert Mail.objects.get(pk=mails["sent"].pk).sent_at == mails["sent"].sent_at


def test_nobody_adds_changes_or_deletes_a_mail(mails, world, sign_in):
    client = sign_in(world.curator)
    pk = mails["waiting"].pk
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}{pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.post(f"{LIST}{pk}/change/", {"to": "evil@evil.example"}).status_code == 403
    assert Mail.objects.get(pk=pk).to == "a@a.example"


@pytest.mark.parametrize("who", ["member_a", "bare_staff", None])
def test_it_is_for_curators_with_the_permission(mails, world, sign_in, who):
    client = sign_in(getattr(world, who) if who else None)
    assert client.get(LIST).status_code in (302, 403)
