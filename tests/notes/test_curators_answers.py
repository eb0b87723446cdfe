"""A curator can answer only what a government wrote to the curators."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from members.models import MailPreference, User
from mixportal.mail.models import DigestItem, Mail
from mixportal.notes.models import Endorsement, Note
from tests.reading import fields, page, said, text, with_testid
from tests.worlds import closed, entry_of, published

ENTRY = "/2030/priorities/data/"
NOTES = f"{ENTRY}notes/"
QUESTION, ANSWER = "Should governance be part of this?", "A canary says that it should."


@pytest.fixture
def question(world, write):
    note = write(world.member_a, QUESTION, audience="curators", kind="question")
    Mail.objects.all().delete()
    return note


@pytest.fixture
def answer(world, write, question):
    return write(world.curator, ANSWER, audience="curators", reply_to=question)


def reply_form(client, question: Note) -> dict[str, str]:
    forms = page(client.get(NOTES, {"reply_to": question.pk})).iter("form")
    (form,) = [form for form in forms if form.get("id") == f"form-answer-{question.pk}"]
    return fields(form)


def offers_answer(client, note: Note) -> bool:
    return f"{NOTES}?reply_to={note.pk}" in client.get(ENTRY).content.decode()


def refused(**changes) -> str:
    about = {"entry": entry_of(), "kind": "note", "body": "x", "audience": "curators"}
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        Note.objects.bulk_create([Note(**about | changes)])
    return str(refusal.value)


@pytest.mark.parametrize("phase", ["open", "closed", "published"])
def test_a_curator_answers_from_the_page_of_the_entry_in_every_phase(world, question, sign_in, phase):
    if phase != "open":
        {"closed": closed, "published": published}[phase](world.edition)
    client = sign_in(world.curator)
    assert offers_answer(client, question)
    form = reply_form(client, question)
    sent = client.post(NOTES, form | {"body": ANSWER, "action": "post"})
    note = Note.objects.get(reply_to=question)
    assert (sent.status_code, sent["Location"]) == (303, f"{ENTRY}?note={note.pk}#note-{note.pk}")
    assert (note.government, note.author, note.kind, note.audience) == (None, world.curator, "note", "curators")
    for who in ("member_a", "delegate_a", "leader_a", "curator", "bare_staff"):
        words = text(page(sign_in(getattr(world, who)).get(ENTRY)))
        assert QUESTION in words, who
        assert ANSWER in words, who


def test_it_stands_under_what_it_answers_as_a_curators_and_not_as_a_governments(world, answer, sign_in):
    words = said(sign_in(world.member_a).get(ENTRY), "note")
    assert words.index(QUESTION) < words.index("A curator") < words.index(ANSWER) < words.index("Cora Curator")
    assert "None" not in words


def test_a_fragment_brings_the_form_and_then_the_discussion(world, question, sign_in):
    client = sign_in(world.curator, headers={"HX-Request": "true"})
    form = reply_form(client, question)
    assert f"For {world.curator.government}" not in text(page(client.get(NOTES, {"reply_to": question.pk})))
    response = client.post(NOTES, form | {"body": ANSWER, "action": "post"})
    assert response.status_code == 200
    assert ANSWER in text(page(response))


@pytest.mark.parametrize("who", ["member_b", "former", None])
def test_nobody_else_sees_it_on_a_page_in_a_search_an_export_or_the_news(world, answer, write, sign_in, who):
    write(world.member_b, "Halloran wrote here too.")
    published(world.edition)
    client = sign_in(getattr(world, who) if who else None)
    urls = ["/", ENTRY, "/2030/", "/2030/priorities/", "/search/", "/search/?q=canary", "/search/?show=new",
            "/governments/port-merrow-county/", "/feed/", "/data/"]  # fmt: skip
    for url in urls:
        assert "canary says" not in client.get(url).content.decode(), url
    assert archived_notes(client) is None or "canary" not in archived_notes(client)
    expected = 404 if who else 302
    assert client.get(f"{NOTES}{answer.pk}/").status_code == expected
    assert client.post(f"{NOTES}{answer.pk}/", {"action": "same"}).status_code == expected


def archived_notes(client) -> str | None:
    response = client.get("/2030/archive.zip")
    if response.status_code != 200:
        return None
    archive = zipfile.ZipFile(io.BytesIO(response.content))
    return archive.read("mix-2030/priorities-notes.csv").decode()


def test_the_archive_of_those_who_may_read_it_says_whose_it_is(world, answer, sign_in):
    row = f"Data,a curator,note,{ANSWER},The curators,Port Merrow County"
    assert row in archived_notes(sign_in(world.member_a))
    assert row in archived_notes(sign_in(world.curator))
    assert "canary" not in archived_notes(sign_in(world.member_b))


def test_those_who_may_read_it_find_it_by_search(world, answer, sign_in):
    for who in ("member_a", "leader_a", "curator"):
        words = said(sign_in(getattr(world, who)).get("/search/?q=canary"), "result")
        assert "canary says" in words, who
        assert "A curator" in words, who


def test_a_narrower_audience_of_the_question_takes_the_answer_from_other_curators(world, question, answer, sign_in):
    question.edit(world.member_a, body=QUESTION, audience="government", version=1)
    sees = {
        who: ANSWER in text(page(sign_in(getattr(world, who)).get(ENTRY)))
        for who in ("member_a", "leader_a", "curator", "bare_staff", "member_b")
    }
    assert sees == {"member_a": True, "leader_a": True, "curator": True, "bare_staff": False, "member_b": False}


def test_a_wider_audience_of_the_question_leaves_the_answer_where_it_is(world, question, answer, write, sign_in):
    question.edit(world.member_a, body=QUESTION, audience="public", version=1)
    words = text(page(sign_in(world.member_b).get(ENTRY)))
    assert QUESTION in words
    assert ANSWER not in words
    question.refresh_from_db()
    assert not offers_answer(sign_in(world.curator), question)
    with pytest.raises(IntegrityError), transaction.atomic():
        write(world.curator, "More.", audience="curators", reply_to=question)


def test_another_curator_may_answer_too_and_nobody_answers_the_answer(world, question, answer, write, sign_in):
    client = sign_in(world.bare_staff)
    form = reply_form(client, question)
    assert client.post(NOTES, form | {"body": "And another.", "action": "post"}).status_code == 303
    assert question.replies.count() == 2
    for who in ("curator", "bare_staff", "member_a"):
        client = sign_in(getattr(world, who))
        assert not offers_answer(client, answer), who
        assert client.get(NOTES, {"reply_to": answer.pk}).status_code == 404, who
        posted = {"kind": "note", "audience": "curators", "reply_to": answer.pk, "body": "x", "action": "post"}
        assert client.post(NOTES, posted).status_code == 404, who
    reply = write(world.delegate_a, "Thank you.", audience="curators", reply_to=question)
    assert reply.government == world.port


@pytest.mark.parametrize("audience", ["members", "public"])
def test_a_curator_without_a_government_writes_and_answers_nothing_else(world, write, sign_in, audience):
    client = sign_in(world.curator)
    other = write(world.member_a, audience=audience, kind="question")
    assert not offers_answer(client, other)
    form = {"kind": "note", "body": "x", "audience": audience, "action": "post"}
    for asked in ({}, {"reply_to": other.pk}, {"kind": "reason"}, {"reply_to": "99999"}):
        assert client.get(NOTES, asked).status_code == 404, asked
        assert client.post(NOTES, form | asked).status_code == 404, asked
    with pytest.raises(ValidationError):
        write(world.curator, "x", audience="curators")


def test_what_is_hidden_withdrawn_or_sealed_is_not_answered(world, write, sign_in):
    hidden = write(world.member_a, audience="curators")
    hidden.hide(world.curator, "Because.")
    withdrawn = write(world.member_a, audience="curators")
    withdrawn.withdraw(world.member_a)
    reason = write(world.member_a, audience="curators", kind="reason")
    client = sign_in(world.curator)
    for note in (hidden, withdrawn, reason):
        assert not offers_answer(client, note)
        assert client.get(NOTES, {"reply_to": note.pk}).status_code == 404
    closed(world.edition)
    assert client.get(NOTES, {"reply_to": reason.pk}).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [{"audience": "members"}, {"audience": "government"}, {"kind": "practice"}, {"kind": "reason"}, {"body": ""}],
)
def test_an_answer_of_another_kind_or_for_others_is_refused_in_words(world, question, sign_in, wrong):
    client = sign_in(world.curator)
    form = reply_form(client, question) | {"body": ANSWER, "action": "post"} | wrong
    response = client.post(NOTES, form)
    assert response.status_code == 422
    assert with_testid(page(response), "errors") is not None
    assert not Note.objects.filter(reply_to=question).exists()


@pytest.fixture
def curating_member(world):
    """The member of Halloran, who is a curator as well."""
    world.member_b.is_staff = True
    world.member_b.save()
    return world.member_b


def test_a_curator_of_another_government_answers_as_a_curator(world, question, curating_member, sign_in):
    colleague = User.objects.create_user("dee@halloran.example", name="Dee", role="delegate", government=world.halloran)
    client = sign_in(curating_member)
    form = reply_form(client, question)
    assert client.post(NOTES, form | {"body": ANSWER, "action": "post"}).status_code == 303
    note = Note.objects.get(reply_to=question)
    assert note.government is None
    assert ANSWER not in text(page(sign_in(colleague).get(ENTRY)))
    assert sign_in(colleague).get(f"{NOTES}{note.pk}/").status_code == 404
    assert client.get(f"{NOTES}{note.pk}/").status_code == 200
    curating_member.is_staff = False
    curating_member.save()
    client = sign_in(curating_member)
    assert ANSWER not in text(page(client.get(ENTRY)))
    assert client.get(f"{NOTES}{note.pk}/").status_code == 404
    with pytest.raises(PermissionDenied):
        note.edit(curating_member, body="Mine.", audience="curators", version=1)


def test_a_curator_of_the_same_government_answers_for_it(world, question, sign_in):
    world.delegate_a.is_staff = True
    world.delegate_a.save()
    client = sign_in(world.delegate_a)
    form = reply_form(client, question)
    assert client.post(NOTES, form | {"kind": "note", "body": "Ours.", "action": "post"}).status_code == 303
    assert Note.objects.get(reply_to=question).government == world.port


def test_a_leader_who_is_a_curator_answers_as_a_curator(world, question, write):
    world.leader_a.is_staff = True
    world.leader_a.save()
    note = write(world.leader_a, "As staff.", audience="curators", reply_to=question)
    assert note.government is None


def test_its_author_alone_changes_and_withdraws_it(world, question, answer, sign_in):
    url = f"{NOTES}{answer.pk}/"
    changed = {"body": "Better words.", "audience": "curators", "version": "1", "action": "post"}
    for who, status in (("member_a", 403), ("delegate_a", 403), ("member_b", 404), ("leader_a", 404)):
        client = sign_in(getattr(world, who))
        assert client.get(url).status_code == status, who
        for action in ("post", "withdraw"):
            assert client.post(url, changed | {"action": action}).status_code == status, who
    other = sign_in(world.bare_staff)
    assert other.get(url).status_code == 200  # to hide it
    assert other.post(url, changed).status_code == 403
    client = sign_in(world.curator)
    assert client.post(url, changed).status_code == 303
    assert client.post(url, changed | {"body": "Stale."}).status_code == 409
    assert "Better words." in text(page(sign_in(world.member_a).get(ENTRY)))
    assert client.post(url, {"action": "withdraw"}).status_code == 303
    answer.refresh_from_db()
    assert answer.body == ""
    words = text(page(sign_in(world.member_a).get(ENTRY)))
    assert QUESTION in words
    assert "Better words." not in words


def test_its_form_for_changes_keeps_its_readers(world, answer, sign_in):
    forms = page(sign_in(world.curator).get(f"{NOTES}{answer.pk}/")).iter("form")
    (form,) = [form for form in forms if form.get("id") == f"form-edit-{answer.pk}"]
    assert {name: fields(form)[name] for name in ("audience", "version")} == {"audience": "curators", "version": "1"}


def test_no_government_says_the_same_as_a_curators_answer(world, question, answer, curating_member):
    for user in (world.member_a, world.curator, curating_member):
        with pytest.raises(PermissionDenied):
            answer.endorse(user)
    with pytest.raises(PermissionDenied):
        question.endorse(world.curator)
    assert not Endorsement.objects.exists()


def test_a_curator_hides_it_and_its_author_is_told(world, answer, sign_in):
    answer.hide(world.bare_staff, "Too soon.")
    (mail,) = Mail.objects.filter(kind="hidden")
    assert mail.to == world.curator.email
    assert "None" not in mail.text + mail.html
    for who, sees in (("member_a", False), ("curator", True), ("bare_staff", True)):
        words = text(page(sign_in(getattr(world, who)).get(ENTRY)))
        assert "Hidden by a curator: Too soon." in words, who
        assert (ANSWER in words) is sees, who


def test_the_government_and_the_other_curators_are_mailed_without_its_words(world, write, question, curating_member):
    write(world.member_b, "Halloran wrote here too.")
    Mail.objects.all().delete()
    write(world.curator, f"{ANSWER} Ask @halloran-county.", audience="curators", reply_to=question)
    assert set(Mail.objects.values_list("kind", "to")) == {
        ("reply", world.member_a.email),
        ("reply", world.delegate_a.email),
        ("to_curators", world.bare_staff.email),
        ("mention", curating_member.email),
    }
    for mail in Mail.objects.all():
        assert "canary" not in mail.subject + mail.text + mail.html
        assert "None" not in mail.subject + mail.text + mail.html
        assert "Cora Curator, a curator," in " ".join(mail.text.split())


def test_people_of_other_governments_get_no_mail_of_it(world, write, question):
    write(world.member_b, "Halloran wrote here too.")
    Mail.objects.all().delete()
    write(world.curator, "Ask @halloran-county.", audience="curators", reply_to=question)
    assert not Mail.objects.filter(to=world.member_b.email).exists()


@pytest.mark.parametrize(
    ("who", "kind", "line"),
    [
        ("member_a", "reply", "A curator answered you on Data"),
        ("bare_staff", "to_curators", "A curator answered Port Merrow County on Data"),
    ],
)
def test_a_digest_has_a_line_about_it(world, write, question, who, kind, line):
    person = getattr(world, who)
    MailPreference.objects.create(user=person, kind=kind, how="digest")
    write(world.curator, ANSWER, audience="curators", reply_to=question)
    assert [item.line for item in DigestItem.objects.filter(to=person.email)] == [line]


def test_it_is_new_to_the_government_and_other_curators_and_not_to_its_author(world, question, answer, sign_in):
    for who, news in (("member_a", "1 new for you"), ("bare_staff", "2 new for you"), ("curator", "1 new for you")):
        assert news in text(page(sign_in(getattr(world, who)).get("/"))), who
    assert "new for you" not in text(page(sign_in(world.member_b).get("/")))


def test_its_history_is_read_by_curators_alone(world, answer, sign_in):
    def told(user: User, url: str) -> str:
        return text(page(sign_in(user).get(url)))

    assert ANSWER in told(world.curator, "/admin/record/?what=notes.note")
    history = "/governments/port-merrow-county/history/"
    assert ANSWER not in told(world.member_a, history)
    assert ANSWER not in told(world.member_b, "/governments/halloran-county/history/")


def test_the_database_holds_these_rules_whatever_writes(world, write, question, answer):
    curator = {"author": world.curator, "government": None}
    rule = "of_a_government_or_a_curators_answer"
    assert rule in refused(**curator)
    assert rule in refused(**curator, reply_to=question, kind="practice")
    assert rule in refused(**curator, reply_to=question, audience="government")
    assert "more readers than" in refused(**curator, reply_to=question, audience="members")
    assert "not itself an answer" in refused(**curator, reply_to=answer)
    message = "answer only what a government wrote to the curators"
    for audience in ("members", "public"):
        assert message in refused(**curator, reply_to=write(world.member_a, audience=audience))
    assert "more readers than" in refused(**curator, reply_to=write(world.member_a, audience="government"))
    for author in (world.member_b, world.gone_curator):
        assert message in refused(author=author, government=None, reply_to=question)
    assert "more readers than" in refused(author=world.member_b, government=world.halloran, reply_to=question)


def test_an_answer_takes_as_many_queries_whatever_was_answered_before(world, question, write, sign_in):
    client = sign_in(world.curator)
    form = reply_form(client, question) | {"body": ANSWER, "action": "post"}

    def count() -> tuple[int, int, int]:
        counts = []
        form["body"] += " Ask us."
        for ask in (
            lambda: client.get(ENTRY),
            lambda: client.get(NOTES, {"reply_to": question.pk}),
            lambda: client.post(NOTES, form),
        ):
            with CaptureQueriesContext(connection) as queries:
                ask()
            counts.append(len(queries))
        return tuple(counts)

    first = count()
    for number in range(9):
        write(world.bare_staff, f"Answer {number}.", audience="curators", reply_to=question)
    assert count() == first
    assert first == (7, 5, 53)  # the last with three mails
