"""A member's private word to the curators on an entry: theirs to read and to answer, and nobody else's."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from mixportal.editions.private_words.models import TooLate
from mixportal.mail.models import Mail
from priorities.models import Priority, PriorityWord
from tests.conftest import closed, make_edition
from tests.reading import page, said, text, with_testid
from tests.test_templates import check_page

URL = "/2030/priorities/data/"
WORD = "Governance swallows half of this."
ADMIN = "/admin/priorities/priorityword/"


@pytest.fixture
def data(world):
    return Priority.objects.get(edition=world.edition, slug="data")


@pytest.fixture
def word(world, data):
    return PriorityWord.write(entry=data, user=world.member_a, body=WORD)


def test_a_member_sends_one_from_the_entrys_page_and_sees_there_that_it_is_sent(world, sign_in):
    client = sign_in(world.member_a)
    assert "A word to the curators" in text(page(client.get(URL)))
    answer = client.post(f"{URL}word/", {"body": WORD})
    assert (answer.status_code, answer["Location"]) == (302, f"{URL}#private-word")
    told = said(client.get(URL), "private-word")
    assert WORD in told
    assert "not answered yet" in told
    stored = PriorityWord.objects.get()
    assert (stored.government, stored.written_by, stored.about) == (world.port, world.member_a, "Data")


def test_it_is_taken_while_drafting_too(world, sign_in):
    make_edition(2031)
    client = sign_in(world.delegate_a)
    assert client.post("/2031/challenges/shadow-it/word/", {"body": WORD}).status_code == 302
    assert WORD in said(client.get("/2031/challenges/shadow-it/"), "private-word")


@pytest.mark.parametrize("who", ["delegate_a", "leader_a", "member_b", "curator", "former", None])
def test_nobody_else_sees_it_on_any_page_of_the_portal(world, word, sign_in, who):
    word.settle("Thank you: Governance gives way.", world.curator)
    client = sign_in(getattr(world, who) if who else None)
    for url in ("/", "/2030/", "/2030/priorities/", URL, "/governments/port-merrow-county/", "/2030/proposals/"):
        body = client.get(url).content.decode()
        assert "swallows" not in body
        assert "gives way" not in body
    world.edition.close_now()
    assert "swallows" not in client.get(URL).content.decode()


@pytest.mark.parametrize("who", ["leader_a", "curator", "former"])
def test_who_speaks_for_no_government_has_no_form_for_it(world, sign_in, who):
    client = sign_in(getattr(world, who))
    assert "A word to the curators" not in client.get(URL).content.decode()
    assert client.post(f"{URL}word/", {"body": WORD}).status_code == 404


@pytest.mark.parametrize("body", ["", "  \n ", "x" * 2_001, "A\x00B"])
def test_one_that_will_not_do_comes_back_as_it_was_typed(world, sign_in, body):
    answer = sign_in(world.member_a).post(f"{URL}word/", {"body": body})
    assert answer.status_code == 422
    assert body.strip().replace("\x00", "") in answer.content.decode().replace("\x00", "")
    assert check_page(URL, answer.content.decode().replace("\x00", "")) == []
    assert not PriorityWord.objects.exists()


def test_after_the_close_it_is_handed_back(world, data, sign_in):
    closed(world.edition)
    client = sign_in(world.member_a)
    answer = client.post(f"{URL}word/", {"body": WORD})
    assert answer.status_code == 409
    assert WORD in said(answer, "closed")
    with pytest.raises(TooLate):
        PriorityWord.write(entry=data, user=world.member_a, body=WORD)
    assert 'id="word-body"' not in client.get(URL).content.decode()


@pytest.mark.parametrize("url", ["/2030/priorities/nothing/word/", "/2099/priorities/data/word/"])
def test_there_is_no_word_on_what_is_not_there(world, sign_in, url):
    assert sign_in(world.member_a).post(url, {"body": WORD}).status_code == 404


def test_a_form_sent_twice_is_one_word_and_one_mail(world, sign_in):
    client = sign_in(world.member_a)
    for _ in range(2):
        assert client.post(f"{URL}word/", {"body": WORD}).status_code == 302
    assert PriorityWord.objects.count() == 1
    assert Mail.objects.count() == 1


def test_the_curators_who_may_read_it_get_it_by_mail(world, data, settings):
    settings.PORTAL_URL = "https://portal.example"
    word = PriorityWord.write(entry=data, user=world.member_a, body="R & D?")
    mail = Mail.objects.get()
    assert mail.to == "curator@mix.example"  # neither the staff without that permission nor who has gone
    assert "Rosa Delgado, Port Merrow County" in mail.text
    assert "R & D?" in mail.text
    assert f"https://portal.example{ADMIN}{word.pk}/change/" in mail.text
    assert "R &amp; D?" in mail.html
    world.bare_staff.user_permissions.add(Permission.objects.get(codename="view_priorityword"))
    PriorityWord.write(entry=data, user=world.member_b, body="Another.")
    assert {mail.to for mail in Mail.objects.all()} == {"curator@mix.example", "staff@mix.example"}


def test_curators_read_the_unread_first_and_answer_by_mail(world, data, word, sign_in):
    client = sign_in(world.curator)
    later = PriorityWord.write(entry=data, user=world.member_b, body="Second thoughts.")
    url = f"{ADMIN}{word.pk}/change/"
    assert WORD in text(page(client.get(url)))
    assert client.post(url, {"answer": "It gives way."}).status_code == 302
    rows = [text(row) for row in page(client.get(ADMIN)).findall(".//*[@id='result_list']/tbody/tr")]
    assert [("Halloran" in row, "Not dealt with" in row) for row in rows] == [(True, True), (False, False)]
    mail = Mail.objects.get(kind="private_word_answered")
    assert mail.to == "rosa@port.example"
    assert "It gives way." in mail.text
    assert "It gives way." in said(sign_in(world.member_a).get(URL), "private-word")
    assert client.post(f"{ADMIN}{later.pk}/change/", {"answer": ""}).status_code == 302
    assert "The curators have read it." in said(sign_in(world.member_b).get(URL), "private-word")
    assert Mail.objects.filter(kind="private_word_answered").count() == 1
    assert client.post(url, {"answer": "Again."}).status_code == 403


def test_of_two_answers_the_first_stands(world, word):
    stale = PriorityWord.objects.get()
    word.settle("First.", world.curator)
    with pytest.raises(ValidationError, match="Cora Curator has answered it already"):
        stale.settle("Second.", world.curator)


def test_staff_without_the_permission_do_not_read_it(world, word, sign_in):
    client = sign_in(world.bare_staff)
    assert client.get(ADMIN).status_code == 403
    assert client.get(f"{ADMIN}{word.pk}/change/").status_code == 403


def test_it_outlives_its_entry(world, sign_in):
    draft = make_edition(2031)
    entry = Priority.objects.of(draft)[0]
    PriorityWord.write(entry=entry, user=world.member_a, body=WORD)
    entry.delete()
    stored = PriorityWord.objects.get()
    stored.settle("So we dropped it.", world.curator)
    assert "Cybersecurity" in text(page(sign_in(world.curator).get(ADMIN)))
    assert "/2031/" in Mail.objects.get(kind="private_word_answered").text


@pytest.mark.parametrize(
    "statement",
    ["UPDATE priorities_priorityword SET body = 'x'", "DELETE FROM priorities_priorityword"],
)
def test_no_statement_changes_what_was_said(word, statement):
    with connection.cursor() as cursor, pytest.raises(DatabaseError), transaction.atomic():
        cursor.execute(statement)


def test_no_statement_adds_one_after_the_close(world, data, word):
    closed(world.edition)
    with pytest.raises(DatabaseError, match="have closed"), transaction.atomic():
        PriorityWord.objects.create(
            edition=world.edition, entry=data, government=world.port, written_by=world.member_a, about="x", body="x"
        )


def test_it_stands_as_text(world, data, sign_in):
    PriorityWord.write(entry=data, user=world.member_a, body="<script>x</script>")
    shown = page(sign_in(world.member_a).get(URL))
    assert "<script>x</script>" in text(with_testid(shown, "private-word"))
