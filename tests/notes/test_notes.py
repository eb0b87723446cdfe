"""The rules of notes, and the mail about them."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction

from members.models import MailPreference
from mixportal.editions.saving import StaleError
from mixportal.mail.models import Mail
from mixportal.notes.models import Endorsement, Mention, Note
from tests.worlds import closed, entry_of


def refused(**fields) -> str:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        Note.objects.bulk_create([Note(**fields)])
    return str(refusal.value)


def plain(world, **changes):
    about = {"entry": entry_of(), "government": world.port, "author": world.member_a, "kind": "note", "body": "Words."}
    return about | changes


def test_the_database_holds_the_rules_whatever_writes(world, write):
    assert "words_until_withdrawn" in refused(**plain(world, body=""))
    assert "words_until_withdrawn" in refused(**plain(world, body="x" * 4001))
    assert "codes_known" in refused(**plain(world, kind="rumor"))
    assert "codes_known" in refused(**plain(world, audience="nobody"))
    assert "hidden_by_someone" in refused(**plain(world, hidden_reason="Because."))
    write(world.member_a, kind="reason")
    assert "one_reason" in refused(**plain(world, kind="reason"))
    top = write(world.member_a, kind="question")
    answer = write(world.member_b, reply_to=top)
    assert "answers_are_practices" in refused(**plain(world, reply_to=top, kind="question"))
    assert "not itself an answer" in refused(**plain(world, reply_to=answer))
    assert "same entry" in refused(**plain(world, reply_to=top, entry=entry_of(slug="workforce")))
    assert "more readers than" in refused(**plain(world, reply_to=top, audience="public"))
    private = write(world.member_a, audience="government")
    assert "more readers than" in refused(
        **plain(world, reply_to=private, audience="government", government=world.halloran)
    )


def test_a_reason_needs_open_ballots(phases):
    drafted = entry_of(2031)
    assert "after the ballots have opened" in refused(**plain(phases, entry=drafted, kind="reason"))
    with pytest.raises(ValidationError):
        Note.write(entry=drafted, user=phases.member_a, kind="reason", body="x", audience="members")
    assert "after the ballots" in refused(**plain(phases, entry=entry_of(2027), kind="reason"))


@pytest.mark.parametrize(
    "change", ["kind = 'practice'", "government_id = {other}", "created_at = now()", "withdrawn_at = NULL"]
)
def test_a_note_keeps_what_it_is_even_by_raw_sql(world, write, change):
    note = write(world.member_a)
    if "withdrawn" in change:
        note.withdraw(world.member_a)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE notes_note SET {change.format(other=world.halloran.pk)} WHERE id = %s", [note.pk])
    with pytest.raises(IntegrityError), transaction.atomic():
        Note.objects.filter(pk=note.pk).delete()


def test_a_change_is_marked_and_kept_in_the_history(world, write):
    note = write(world.member_a, "First words.")
    note.edit(world.delegate_a, body="Better words.", audience="members", version=1)
    note.refresh_from_db()
    assert (note.body, note.version, note.edited_at is not None) == ("Better words.", 2, True)
    assert list(note.events.order_by("pgh_id").values_list("body", flat=True)) == ["First words.", "Better words."]


def test_readers_may_be_changed_later_without_an_edited_mark(world, write):
    note = write(world.member_a)
    note.edit(world.member_a, body=note.body, audience="public", version=1)
    note.refresh_from_db()
    assert (note.audience, note.edited_at) == ("public", None)


def test_a_stale_change_writes_nothing_and_a_repeat_counts_as_saved(world, write):
    note = write(world.member_a, "First.")
    note.edit(world.member_a, body="Second.", audience="members", version=1)
    with pytest.raises(StaleError) as stale:
        note.edit(world.delegate_a, body="Third.", audience="members", version=1)
    assert stale.value.stored.body == "Second."
    note.edit(world.delegate_a, body="Second.", audience="members", version=1)
    note.refresh_from_db()
    assert (note.body, note.version) == ("Second.", 2)


@pytest.mark.parametrize("kind", ["note", "reason"])
def test_a_note_sent_again_is_there_once_and_mailed_once(world, write, kind):
    note = write(world.member_a, kind=kind)
    mails = Mail.objects.count()
    assert write(world.member_a, kind=kind) == note
    assert Note.objects.count() == 1
    assert Mail.objects.count() == mails
    note.withdraw(note.author)
    assert write(world.member_a, kind=kind) != note


def test_only_the_own_government_changes_or_withdraws(world, write):
    note = write(world.member_a)
    for other in (world.member_b, world.curator, world.leader_a, world.former):
        with pytest.raises(PermissionDenied):
            note.edit(other, body="Mine now.", audience="members", version=1)
        with pytest.raises(PermissionDenied):
            note.withdraw(other)


def test_withdrawing_takes_the_words_and_frees_the_reason(world, write):
    note = write(world.member_a, "Because of @halloran-county.", kind="reason")
    note.withdraw(world.delegate_a)
    note.refresh_from_db()
    assert note.body == ""
    assert not Mention.objects.exists()
    assert note.events.filter(body__contains="Because").exists()
    write(world.member_a, "Because of something else.", kind="reason")
    with pytest.raises(PermissionDenied):
        note.edit(world.member_a, body="Back again.", audience="members", version=1)


def test_nobody_answers_what_is_withdrawn(world, write):
    note = write(world.member_a, kind="question")
    note.withdraw(world.member_a)
    note.refresh_from_db()
    with pytest.raises(ValidationError):
        write(world.member_b, reply_to=note)
    assert "has been withdrawn" in refused(**plain(world, reply_to=note))


def test_hiding_needs_a_reason_and_is_told_to_the_government(world, write):
    note = write(world.member_a, "Secret words.")
    with pytest.raises(ValidationError):
        note.hide(world.curator, "  ")
    note.hide(world.curator, "Names a vendor.")
    told = Mail.objects.filter(kind="hidden")
    assert {mail.to for mail in told} == {world.member_a.email, world.delegate_a.email}
    assert all("Names a vendor." in mail.text and "Secret" not in mail.text + mail.html for mail in told)
    note.refresh_from_db()
    note.show()
    note.refresh_from_db()
    assert note.is_active


def test_a_government_says_the_same_once_and_never_of_its_own(world, write):
    note = write(world.member_a)
    note.endorse(world.member_b)
    note.endorse(world.member_b)
    assert Endorsement.objects.count() == 1
    note.endorse(world.member_b, on=False)
    assert Endorsement.objects.count() == 0
    with pytest.raises(PermissionDenied):
        note.endorse(world.delegate_a)


def mails() -> set[tuple[str, str]]:
    return set(Mail.objects.values_list("kind", "to"))


def test_whom_a_note_concerns_gets_one_mail_without_its_words(world, write):
    write(world.member_b, "Anything new, @port-merrow-county?", kind="question")
    assert mails() == {("mention", world.member_a.email), ("mention", world.delegate_a.email)}
    question = Note.objects.get()
    answer = write(world.delegate_a, "Yes, @halloran-county, a canary.", reply_to=question)
    assert mails() >= {("reply", world.member_b.email)}  # not a mention or a new note too
    assert Mail.objects.filter(to=world.member_b.email).count() == 1
    mail = Mail.objects.get(kind="reply")
    assert f"#note-{answer.pk}" in mail.text
    assert "canary" not in mail.text + mail.html
    assert not Mail.objects.filter(to=world.leader_a.email).exists()


def test_a_new_note_is_mailed_to_the_other_governments_that_wrote_on_the_entry(world, write):
    write(world.member_a, "First.")
    assert mails() == set()
    write(world.member_b, "Elsewhere.", entry=entry_of(slug="workforce"))
    write(world.member_b, "Second.")
    assert mails() == {("new_note", world.member_a.email), ("new_note", world.delegate_a.email)}


def test_what_is_for_the_own_government_is_mailed_to_nobody_else(world, write):
    write(world.member_b, "We wrote here.")
    write(world.member_a, "For us, @halloran-county.", audience="government")
    assert mails() == set()


def test_nothing_of_a_sealed_reason_is_mailed(world, write):
    write(world.member_b, "We wrote here.")
    note = write(world.member_a, "Because of @halloran-county.", kind="reason", audience="public")
    note.edit(world.member_a, body="Because, @halloran-county.", audience="members", version=1)
    assert mails() == set()
    closed(world.edition)
    write(world.member_b, "An answer.", reply_to=note)
    assert mails() >= {("reply", world.member_a.email)}


def test_a_mail_does_not_tell_that_its_reader_gave_a_sealed_reason(world, write):
    write(world.member_a, "Because.", kind="reason")
    write(world.member_b, "During the vote.")
    assert mails() == set()
    closed(world.edition)
    write(world.member_b, "After the close.")
    assert ("new_note", world.member_a.email) in mails()


def test_a_question_that_names_a_government_reaches_its_people_and_their_answer_comes_back(world, write):
    question = write(world.member_a, "How did you do it, @halloran-county?", kind="question")
    write(world.member_b, "With patience.", reply_to=question)
    people_of_a = {("reply", world.member_a.email), ("reply", world.delegate_a.email)}
    assert mails() == {("mention", world.member_b.email), *people_of_a}
    addresses = {world.member_a.email, world.delegate_a.email, world.member_b.email}
    for mail in Mail.objects.all():
        assert not any(address in mail.text + mail.html for address in addresses - {mail.to})


def test_people_who_switched_off_mentions_get_no_question(world, write):
    MailPreference.objects.create(user=world.member_b, kind="mention", how="off")
    write(world.member_a, "How did you do it, @halloran-county?", kind="question")
    assert mails() == set()
