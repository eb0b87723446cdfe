"""Notes to the curators."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from mixportal.mail.models import Mail
from mixportal.notes.models import Note
from tests.reading import page, said, text
from tests.worlds import closed, entry_of, make_edition, published

ENTRY = "/2030/priorities/data/"
WORDS = "Governance swallows half of this."


def note_form(**changes: str) -> dict[str, str]:
    return {"kind": "note", "body": WORDS, "audience": "curators", "action": "post"} | changes


def offers_curators(client, url: str) -> bool:
    inputs = page(client.get(url)).iter("input")
    return any((each.get("name"), each.get("value")) == ("audience", "curators") for each in inputs)


@pytest.fixture
def note(world, write):
    return write(world.member_a, WORDS, audience="curators")


def test_a_member_writes_to_the_curators_from_the_page_of_an_entry(world, sign_in):
    client = sign_in(world.member_a)
    assert offers_curators(client, ENTRY)
    assert client.post(f"{ENTRY}notes/", note_form()).status_code == 303
    assert WORDS in said(client.get(ENTRY), "note")
    assert WORDS in said(sign_in(world.curator).get(ENTRY), "note")


def test_a_note_to_the_curators_may_be_on_a_drafted_entry(world, sign_in):
    make_edition(2031)
    url = "/2031/challenges/shadow-it/"
    assert sign_in(world.delegate_a).post(f"{url}notes/", note_form()).status_code == 303
    assert WORDS in said(sign_in(world.curator).get(url), "note")
    assert WORDS not in sign_in(world.member_b).get(url).content.decode()
    assert sign_in(world.leader_a).get(url).status_code == 404


@pytest.mark.parametrize("phase", ["open", "closed", "published"])
def test_only_its_government_and_the_curators_read_it_in_every_phase(world, note, sign_in, phase):
    if phase != "open":
        {"closed": closed, "published": published}[phase](world.edition)
    for who in ("member_a", "delegate_a", "leader_a", "curator", "bare_staff"):
        client = sign_in(getattr(world, who))
        assert WORDS in client.get(ENTRY).content.decode(), who
        assert WORDS in text(page(client.get("/search/"))), who
    for who in ("member_b", "former", None):
        client = sign_in(getattr(world, who) if who else None)
        for url in ("/", "/2030/", ENTRY, "/search/", "/search/?q=swallows", "/governments/port-merrow-county/"):
            assert "swallows half" not in client.get(url).content.decode(), (who, url)


@pytest.mark.parametrize("who", ["leader_a", "curator", "former"])
def test_people_who_do_not_write_for_a_government_cannot_write_to_the_curators(world, sign_in, who):
    client = sign_in(getattr(world, who))
    assert not offers_curators(client, ENTRY)
    assert client.post(f"{ENTRY}notes/", note_form()).status_code == 404


def test_after_the_close_it_is_refused_and_what_was_typed_stays(world, write, sign_in):
    closed(world.edition)
    client = sign_in(world.member_a)
    assert not offers_curators(client, ENTRY)
    answer = client.post(f"{ENTRY}notes/", note_form())
    assert answer.status_code == 422
    assert "before the ballots close" in said(answer, "errors")
    assert WORDS in answer.content.decode()
    with pytest.raises(ValidationError):
        write(world.member_a, WORDS, audience="curators")
    assert not Note.objects.exists()


def test_after_the_close_a_note_cannot_be_addressed_to_the_curators_but_theirs_can_be_reworded(world, note, write):
    private = write(world.member_a, "Ours.", audience="government")
    closed(world.edition)
    private = Note.objects.get(pk=private.pk)
    with pytest.raises(ValidationError):
        private.edit(world.member_a, body="Ours.", audience="curators", version=1)
    note = Note.objects.get(pk=note.pk)
    note.edit(world.member_a, body="Reworded.", audience="curators", version=1)
    note.refresh_from_db()
    assert note.body == "Reworded."


def test_no_statement_addresses_a_note_to_the_curators_after_the_close(world, write):
    note = write(world.member_a, "Ours.", audience="government")
    closed(world.edition)
    with pytest.raises(DatabaseError, match="before the ballots close"), transaction.atomic():
        Note.objects.bulk_create(
            [
                Note(
                    entry=entry_of(), government=world.port, author=world.member_a, kind="note", body="x",
                    audience="curators",
                )
            ]
        )  # fmt: skip
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="before the ballots"), transaction.atomic():
        cursor.execute("UPDATE notes_note SET audience = 'curators' WHERE id = %s", [note.pk])


def test_an_answer_to_it_has_no_more_readers(world, note, write, sign_in):
    with pytest.raises(ValidationError, match="more readers than"):
        write(world.delegate_a, "Answer.", audience="members", reply_to=note)
    write(world.delegate_a, "Answer.", audience="curators", reply_to=note)
    assert sign_in(world.member_b).get(f"{ENTRY}notes/", {"reply_to": note.pk}).status_code == 404


def test_a_curator_who_votes_for_another_government_reads_it_and_answers_for_the_curators_alone(world, note, sign_in):
    world.member_b.is_staff = True
    world.member_b.save()
    client = sign_in(world.member_b)
    assert WORDS in said(client.get(ENTRY), "note")
    assert client.post(f"{ENTRY}notes/", note_form(reply_to=str(note.pk))).status_code == 303
    assert note.replies.get().government is None


def test_the_curators_hear_of_it_by_mail_and_at_home_without_its_words(world, write, sign_in):
    write(world.member_a, f"@halloran-county {WORDS}", audience="curators")
    assert {(mail.kind, mail.to) for mail in Mail.objects.all()} == {
        ("to_curators", world.curator.email),
        ("to_curators", world.bare_staff.email),
    }
    assert not any("swallows" in mail.text + mail.html for mail in Mail.objects.all())
    assert "1 new for you" in text(page(sign_in(world.curator).get("/")))
    assert "new for you" not in text(page(sign_in(world.member_b).get("/")))
