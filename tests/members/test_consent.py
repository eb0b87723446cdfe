"""The privacy notice, and the consent without which nobody casts."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from members.models import NOTICE_VERSION, User
from mixportal.ballots.models import Ballot
from tests.reading import page, said, text, with_testid
from tests.worlds import closed

BALLOT = "/2030/priorities/ballot/"
CAST = {"version": 0, "rank-data": 1, "rank-workforce": 2, "action": "cast"}


@pytest.fixture
def newcomer(world):
    """The member of Port Merrow, asked for the first time."""
    User.objects.filter(pk=world.member_a.pk).update(consented_at=None, consent_version="")
    return User.objects.get(pk=world.member_a.pk)


def is_cast() -> bool:
    return Ballot.objects.cast().exists()


def test_the_notice_says_its_version_to_everybody(client, db):
    answer = client.get("/about/privacy/")
    assert f"Version of {NOTICE_VERSION}" in text(page(answer))
    assert "/about/privacy/" in client.get("/about/").content.decode()


@pytest.mark.parametrize("fragment", [True, False])
def test_casting_without_consent_is_refused_and_nothing_typed_is_lost(newcomer, sign_in, fragment):
    answer = sign_in(newcomer).post(BALLOT, CAST, **({"HTTP_HX_REQUEST": "true"} if fragment else {}))
    assert answer.status_code == 422
    assert "tick its box" in said(answer, "errors")
    assert with_testid(page(answer), "consent") is not None
    boxes = {field.get("name"): field.get("value") for field in page(answer).iter("input")}
    assert (boxes["rank-data"], boxes["rank-workforce"]) == ("1", "2")
    assert not is_cast()
    assert not User.objects.get(pk=newcomer.pk).has_consented


def test_a_draft_is_saved_without_consent(newcomer, sign_in):
    assert sign_in(newcomer).post(BALLOT, CAST | {"action": "save"}).status_code == 302
    assert Ballot.objects.get().version == 1


def test_the_tick_casts_and_is_kept_with_its_date_and_version_and_not_asked_for_again(newcomer, sign_in):
    client = sign_in(newcomer)
    assert client.post(BALLOT, CAST | {"consent": "yes"}).status_code == 302
    assert is_cast()
    newcomer.refresh_from_db()
    assert newcomer.has_consented
    event = newcomer.events.order_by("pgh_id").last()
    assert (event.consent_version, event.consented_at, event.pgh_context["user"]) == (
        NOTICE_VERSION, newcomer.consented_at, newcomer.pk,
    )  # fmt: skip
    assert with_testid(page(client.get(BALLOT)), "consent") is None
    assert client.post(BALLOT, CAST | {"version": 1, "rank-data": 3}).status_code == 302
    assert NOTICE_VERSION in said(client.get("/profile/"), "consent")


def test_saving_with_the_tick_consents_to_nothing_and_keeps_it_ticked(newcomer, sign_in):
    answer = sign_in(newcomer).post(BALLOT, CAST | {"action": "save", "consent": "yes"}, HTTP_HX_REQUEST="true")
    assert answer.status_code == 200
    tick = next(field for field in page(answer).iter("input") if field.get("name") == "consent")
    assert tick.get("checked") is not None
    assert not User.objects.get(pk=newcomer.pk).has_consented


def test_a_changed_notice_is_asked_for_again(newcomer, sign_in):
    User.objects.filter(pk=newcomer.pk).update(consented_at="2024-06-03T12:00Z", consent_version="2024-05-20")
    client = sign_in(newcomer)
    assert "The privacy notice has changed" in said(client.get(BALLOT), "consent")
    assert client.post(BALLOT, CAST).status_code == 422
    assert "It has changed since" in said(client.get("/profile/"), "consent")


def test_what_cannot_be_cast_anyway_is_refused_before_it(newcomer, sign_in):
    answer = sign_in(newcomer).post(BALLOT, {"version": 0, "action": "cast", "consent": "yes"})
    assert answer.status_code == 422
    assert "Rank at least one" in said(answer, "errors")


def test_after_the_close_the_close_is_what_is_said(newcomer, world, sign_in):
    closed(world.edition)
    answer = sign_in(newcomer).post(BALLOT, CAST | {"consent": "yes"})
    assert answer.status_code == 409
    assert "Sent, not saved" in said(answer, "closed")
    assert not User.objects.get(pk=newcomer.pk).has_consented


def test_a_date_of_consent_has_a_version(world):
    with pytest.raises(IntegrityError, match="consent"), transaction.atomic():
        User.objects.filter(pk=world.member_a.pk).update(consent_version="")
