"""Share links."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.test import Client

from members.models import User
from mixportal.logs import TOKEN
from mixportal.mail.models import Mail
from mixportal.pages.models import PageVersion
from mixportal.summaries.models import MAX_MAILS_PER_DAY, ShareLink
from tests.ballots.test_concurrency import Later, wait_until_blocked
from tests.reading import said
from tests.test_safe_requests import tables
from tests.worlds import closed, rank

PAGE = "/governments/port-merrow-county/shares/"


@pytest.fixture
def link(phases):
    made, token = ShareLink.objects.make(phases.port, phases.published, by=phases.member_a, label="Council", days=30)
    made.token = token
    return made


def read(token: str):
    return Client().get(f"/share/{token}/")


def test_a_link_opens_the_brief_without_sign_in_and_notes_its_use(link):
    answer = read(link.token)
    assert answer.status_code == 200
    assert "Port Merrow County · Brief for leaders" in said(answer, "brief")
    assert "Rosa Delgado shared this page with you" in answer.content.decode()
    link.refresh_from_db()
    assert link.last_used_at is not None
    assert link.events.count() == 1  # a visit is no change of the link


def test_what_a_link_shows_is_kept_by_nobody_and_told_to_no_other_site(link):
    for answer in (read(link.token), read("unknown"), Client().get(f"/share/{link.token}/brief.pdf")):
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["X-Robots-Tag"] == "noindex"


def test_a_brief_is_kept_for_one_token_alone_until_a_public_page_changes(phases, link):
    PageVersion.objects.update_or_create(pk=1, defaults={"number": 1})
    for number in (1, 1, 2):
        PageVersion.objects.update(number=number)
        assert "Rosa Delgado shared this page with you" in read(link.token).content.decode()
        assert len(caches["pages"]._cache) == number
    assert link.token not in str(caches["pages"]._cache.keys())
    link.revoke()
    assert read(link.token).status_code == 404


def test_the_token_has_256_bits_and_only_its_fingerprint_is_stored(link):
    assert len(link.token) >= 43
    assert link.token not in str(ShareLink.objects.values().get())
    assert link.token not in str(list(link.events.values()))
    assert TOKEN.sub(r"\1...", f"GET /share/{link.token}/ 200") == "GET /share/.../ 200"


def test_a_link_to_a_closed_list_opens_before_publication_and_leads_nowhere_that_is_hidden(phases):
    _, token = ShareLink.objects.make(phases.port, phases.closed, by=phases.delegate_a, label="Council", days=1)
    answer = read(token)
    assert answer.status_code == 200
    assert "/2029/" not in answer.content.decode()


def ended_in_each_way(world, link) -> list[str]:
    make = ShareLink.objects.make
    tokens = ["unknown", link.token[:-1], link.token + "A", link.token.swapcase()]
    revoked, token = make(world.port, world.published, by=world.member_a, label="Revoked", days=9)
    revoked.revoke()
    tokens.append(token)
    expired, token = make(world.port, world.published, by=world.member_a, label="Expired", days=9)
    ShareLink.objects.filter(pk=expired.pk).update(expires_at=F("created_at") + timedelta(microseconds=1))
    tokens.append(token)
    _, token = make(world.port, world.published, by=world.delegate_a, label="Of one who left", days=9)
    world.delegate_a.leave(reason="moves on")
    return [*tokens, token]


def test_unknown_expired_revoked_and_orphaned_links_answer_alike(phases, link):
    answers = [read(token) for token in ended_in_each_way(phases, link)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert len({str(sorted(answer.headers.items())) for answer in answers}) == 1


def test_a_link_opens_nothing_once_its_government_has_no_seat(phases, link):
    phases.port.seat = None
    phases.port.save()
    assert read(link.token).status_code == 404
    with pytest.raises(ValidationError):
        ShareLink.objects.make(phases.port, phases.published, by=phases.member_a, label="X", days=1)


@pytest.mark.parametrize("page", ["", "brief.pdf"])
def test_who_guesses_at_links_has_to_wait(phases, link, settings, page):
    settings.ACCOUNT_RATE_LIMITS = {"share_link": "3/m/ip"}
    guess = Client(REMOTE_ADDR="192.0.2.1")
    answers = [guess.get(f"/share/{'x' * 43}/{page}") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [404, 404, 404, 429, 429]
    assert answers[4]["Cache-Control"] == "private, no-store"
    assert guess.get(f"/share/{link.token}/").status_code == 429
    assert Client(REMOTE_ADDR="192.0.2.2").get(f"/share/{link.token}/").status_code == 200


def test_a_link_opens_nothing_once_its_maker_speaks_for_another_government(phases, link):
    assert read(link.token).status_code == 200
    User.objects.filter(pk=phases.member_a.pk).update(role="delegate", government=phases.halloran)
    assert read(link.token).status_code == 404


def test_only_who_speaks_for_a_government_makes_links_and_only_after_the_close(phases):
    for other in (phases.member_b, phases.leader_a, phases.curator):
        with pytest.raises(PermissionDenied):
            ShareLink.objects.make(phases.port, phases.published, by=other, label="X", days=1)
    with pytest.raises(ValidationError):
        ShareLink.objects.make(phases.port, phases.open, by=phases.member_a, label="X", days=1)
    assert not ShareLink.objects.exists()


def test_a_link_that_is_not_shown_yet_cannot_be_read_in_the_session(phases, sign_in):
    client = sign_in(phases.delegate_a)
    client.post(PAGE, {"action": "make", "label": "Mayor", "year": 2028, "days": 30})
    assert client.session["made_link"]["label"] == "Mayor"
    assert "/share/" not in str(dict(client.session))


def test_a_link_is_made_on_the_page_shown_once_and_ended_there(phases, sign_in):
    client = sign_in(phases.delegate_a)
    answer = client.post(PAGE, {"action": "make", "label": "Mayor & council", "year": 2028, "days": 30})
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    shown = said(client.get(PAGE), "made")
    assert "“Mayor & council”, opens the brief of 2028" in shown
    address = re.search(r"/share/[\w-]+/", shown)[0]
    assert Client().get(address).status_code == 200
    page = client.get(PAGE).content.decode()
    assert "Mayor &amp; council" in page
    assert address not in page
    made = ShareLink.objects.get()
    assert 29 <= (made.expires_at - made.created_at).days <= 30
    assert client.post(PAGE, {"action": "end", "link": made.pk}).status_code == 302
    assert Client().get(address).status_code == 404
    assert client.post(PAGE, {"action": "end", "link": made.pk}).status_code == 302
    assert list(made.events.order_by("pgh_id").values_list("pgh_label", flat=True)) == ["insert", "update"]


def test_a_brief_goes_by_mail_as_a_link_of_its_own(phases, sign_in):
    client = sign_in(phases.member_a)
    form = {"action": "mail", "to": "mayor@port.example", "line": "For Monday.", "year": 2028, "days": 7}
    assert client.post(PAGE, form).status_code == 302
    mail = Mail.objects.get(kind="brief")
    assert mail.subject == "Rosa Delgado shares a brief with you: Port Merrow County, 2028"
    assert "For Monday." in mail.text
    assert "Cybersecurity" not in mail.text + mail.html
    address = re.search(r"/share/[\w-]+/", mail.text)[0]
    assert address in mail.html
    assert Client().get(address).status_code == 200
    assert ShareLink.objects.get().label == "Mailed to mayor@port.example"


def test_no_more_than_ten_briefs_are_mailed_in_a_day(phases, sign_in):
    client = sign_in(phases.member_a)
    form = {"action": "mail", "year": 2028, "days": 7}
    for number in range(MAX_MAILS_PER_DAY):
        client.post(PAGE, form | {"to": f"a{number}@port.example"})
    refused = client.post(PAGE, form | {"to": "b@port.example"})
    assert refused.status_code == 409
    assert "Try again tomorrow" in said(refused, "errors")
    assert ShareLink.objects.count() == Mail.objects.count() == MAX_MAILS_PER_DAY


@pytest.mark.django_db(transaction=True)
def test_of_two_sent_at_once_the_eleventh_of_a_day_waits_for_the_tenth_and_is_refused(world):
    rank(world.edition, world.member_a, "Data")
    edition = closed(world.edition)

    def send(number: int, by: User) -> ShareLink:
        return ShareLink.objects.send(world.port, edition, by=by, to=f"a{number}@port.example", line="", days=3)

    for number in range(1, MAX_MAILS_PER_DAY):
        send(number, world.member_a)
    with transaction.atomic():
        send(10, world.member_a)
        sending = Later(lambda: send(11, world.delegate_a))
        wait_until_blocked()
    with pytest.raises(ValidationError):
        sending.result()
    assert Mail.objects.filter(kind="brief").count() == MAX_MAILS_PER_DAY


@pytest.mark.parametrize(
    "posted",
    [
        {"action": "make", "label": "", "year": 2028, "days": 30},
        {"action": "make", "label": "A", "year": 2030, "days": 30},  # still open
        {"action": "make", "label": "A", "year": 2031, "days": 30},
        {"action": "make", "label": "A", "year": "x", "days": 30},
        {"action": "make", "label": "A", "year": 2028, "days": 0},
        {"action": "make", "label": "A", "year": 2028, "days": 366},
        {"action": "make", "label": "A" * 81, "year": 2028, "days": 3},
        {"action": "mail", "to": "nobody", "year": 2028, "days": 3},
        {"action": "mail", "to": "a@b.example", "line": "x" * 301, "year": 2028, "days": 3},
        {"action": "other"},
        {},
    ],
)
def test_a_form_that_makes_no_link_is_refused_with_what_was_typed(phases, sign_in, posted):
    answer = sign_in(phases.member_a).post(PAGE, posted)
    assert answer.status_code == 422
    if posted.get("to") == "nobody":
        assert 'value="nobody"' in answer.content.decode()
    assert not ShareLink.objects.exists()


@pytest.mark.parametrize("key", ["", "0", "x", "９", "9" * 40])
def test_nobody_ends_a_link_that_is_not_theirs(phases, link, sign_in, key):
    client = sign_in(phases.member_b)
    before = tables()
    assert client.post("/governments/halloran-county/shares/", {"action": "end", "link": key}).status_code == 404
    assert client.post("/governments/halloran-county/shares/", {"action": "end", "link": link.pk}).status_code == 404
    assert client.post(PAGE, {"action": "end", "link": link.pk}).status_code == 404
    assert tables() == before
    assert read(link.token).status_code == 200
