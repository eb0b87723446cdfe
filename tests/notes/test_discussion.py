"""The notes on the page of an entry, and their forms."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from members.models import User
from mixportal.editions.models import Kind
from mixportal.notes.models import Note
from tests.reading import fields, page, said, text, with_testid
from tests.worlds import PRIORITIES, cast_at_once, closed, entry_of, published, seat_governments

ENTRY = "/2030/priorities/data/"
NOTES = f"{ENTRY}notes/"
FRAGMENT = {"HTTP_HX_REQUEST": "true"}


def told(client, url: str = ENTRY) -> str:
    return text(page(client.get(url)))


def sent(body: str = "Words.", **more) -> dict[str, str]:
    return {"kind": "question", "body": body, "audience": "members", "action": "post"} | more


def test_until_the_close_a_government_sees_its_own_reasons_and_a_curator_of_none_sees_no_other(world, sign_in):
    assert "until the close you see your own government’s alone" in told(sign_in(world.member_a))
    assert "until the close each government sees its own alone" in told(sign_in(world.curator))


def test_a_note_posted_without_script_leads_back_to_where_it_stands(world, sign_in):
    answer = sign_in(world.member_a).post(NOTES, sent("Who has done it?"))
    note = Note.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"{ENTRY}?note={note.pk}#note-{note.pk}")
    assert "Who has done it?" in told(sign_in(world.member_b))


def test_a_fragment_brings_the_dialogue_and_the_emptied_form(world, sign_in):
    answer = sign_in(world.member_a).post(NOTES, sent(), **FRAGMENT)
    body = answer.content.decode()
    assert answer.status_code == 200
    assert 'id="dialogue"' in body
    assert 'id="write" data-hx-swap-oob="true"' in body
    question = Note.objects.get()
    assert answer["HX-Reswap"] == f"outerHTML show:#note-{question.pk}:top"
    assert 'data-hx-swap-oob="innerHTML:#post-count">1<' in body
    assert f'id="note-{question.pk}"' in body
    answer = sign_in(world.member_b).post(NOTES, sent(kind="note", reply_to=question.pk), **FRAGMENT)
    assert 'id="write"' not in answer.content.decode()  # what is being typed in the other form stays


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"body": "  "}, "Write 1 to 4,000 characters"),
        ({"body": "x" * 4001}, "Write 1 to 4,000 characters"),
        ({"kind": "rumor"}, "is not a valid choice"),
        ({"audience": ""}, "cannot be blank"),
        ({"audience": "x\x00", "kind": "\x00", "body": "\x00"}, "is not a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(world, sign_in, wrong, words):
    client = sign_in(world.member_a)
    form = sent("Typed with care.") | wrong
    answer = client.post(NOTES, form)
    assert answer.status_code == 422
    assert words in said(answer, "errors")
    if form["body"].strip("\x00 "):
        assert form["body"] in answer.content.decode()
    fragment = client.post(NOTES, form, **FRAGMENT)
    assert fragment.status_code == 422
    assert fragment["HX-Retarget"] == "#form-write-data"
    assert not Note.objects.exists()


def test_a_second_reason_is_refused_in_words(world, write, sign_in):
    write(world.member_a, kind="reason")
    answer = sign_in(world.delegate_a).post(NOTES, sent(kind="reason"))
    assert answer.status_code == 422
    assert "already gave its reason" in said(answer, "errors")


@pytest.mark.parametrize("reply_to", ["0", "x", "-1", "99999999999999999999", "\x00"])
def test_what_is_not_there_is_not_answered(world, sign_in, reply_to):
    assert sign_in(world.member_a).post(NOTES, sent(kind="note", reply_to=reply_to)).status_code == 404


def test_a_private_note_of_others_is_not_answered_nor_confirmed(world, write, sign_in):
    note = write(world.member_a, audience="government")
    client = sign_in(world.member_b)
    assert client.get(NOTES, {"reply_to": note.pk}).status_code == 404
    for action in ("same", "post", "withdraw", "hide"):
        assert client.post(f"{NOTES}{note.pk}/", sent(action=action)).status_code == 404


def test_a_note_that_one_reads_and_may_not_change_answers_403(world, write, sign_in):
    note = write(world.member_a)
    client = sign_in(world.member_b)
    assert client.get(f"{NOTES}{note.pk}/").status_code == 403
    for action in ("post", "withdraw", "hide", "show"):
        assert client.post(f"{NOTES}{note.pk}/", sent(action=action, reason="x")).status_code == 403
    assert sign_in(world.curator).post(f"{NOTES}{note.pk}/", sent(action="same")).status_code == 403
    assert sign_in(world.delegate_a).post(f"{NOTES}{note.pk}/", sent(action="same")).status_code == 403


def test_a_conflict_shows_both_texts_and_either_may_stay(world, write, sign_in):
    note = write(world.member_a, "First.")
    url, client = f"{NOTES}{note.pk}/", sign_in(world.delegate_a)
    form = fields(
        next(
            page(client.get(url)).iter(
                "form",
            )
        )
    )
    note.edit(world.member_a, body="Theirs.", audience="members", version=1)
    forms = [each for each in page(client.get(url)).iter("form") if each.get("id") == f"form-edit-{note.pk}"]
    assert fields(forms[0])["version"] == "2"
    assert form.get("version") != "2"
    answer = client.post(url, sent("Mine.", version="1"))
    assert answer.status_code == 409
    assert "Theirs." in said(answer, "conflict")
    assert "Mine." in answer.content.decode()
    assert client.post(url, sent("Mine.", version="2")).status_code == 303
    note.refresh_from_db()
    assert note.body == "Mine."


def test_the_page_of_a_note_that_was_withdrawn_leads_its_government_to_the_entry(world, write, sign_in):
    note = write(world.member_a, kind="question")
    note.withdraw(world.member_a)
    url = f"{NOTES}{note.pk}/"
    assert sign_in(world.member_a).get(url)["Location"] == ENTRY
    assert sign_in(world.member_a).post(url, sent(action="post")).status_code == 404
    assert sign_in(world.member_b).get(url).status_code == 404


def test_an_answer_keeps_the_place_of_what_was_withdrawn(world, write, sign_in):
    lonely, answered = (
        write(world.member_a, "Lonely.", kind="question"),
        write(world.member_a, "Asked.", kind="question"),
    )
    write(world.member_b, "Answered.", reply_to=answered)
    for note in (lonely, answered):
        note.withdraw(world.member_a)
    words = told(sign_in(world.member_b))
    assert "Port Merrow County has withdrawn this question." in words
    assert "Answered." in words
    assert words.count("has withdrawn") == 1
    assert "Asked." not in words


def test_who_is_hidden_sees_it_and_everybody_sees_why(world, write, sign_in):
    note = write(world.member_a, "Quokka.", audience="public")
    client = sign_in(world.curator)
    assert client.post(f"{NOTES}{note.pk}/", {"action": "hide", "reason": ""}).status_code == 422
    assert client.post(f"{NOTES}{note.pk}/", {"action": "hide", "reason": "Names a vendor."}).status_code == 303
    for who, sees in ((world.member_a, True), (world.curator, True), (world.member_b, False), (world.leader_a, False)):
        words = told(sign_in(who))
        assert "Hidden by a curator: Names a vendor." in words
        assert ("Quokka." in words) is sees, who
    client.post(f"{NOTES}{note.pk}/", {"action": "show"})
    assert "Quokka." in told(sign_in(world.member_b))


def test_same_here_is_one_click_and_counted_out_of_the_seats(world, write, sign_in):
    note = write(world.member_a)
    client = sign_in(world.member_b)
    answer = client.post(f"{NOTES}{note.pk}/", {"action": "same"}, **FRAGMENT)
    assert "1 of 2 governments says the same, yours too" in text(page(answer))
    client.post(f"{NOTES}{note.pk}/", {"action": "not-same"})
    assert "the same" not in told(client).replace("Same here", "")


def differ(world) -> None:
    """Twelve governments rank; those of Port Merrow, Halloran, the first and the last say why."""
    members = seat_governments(10)
    orders = dict.fromkeys([world.member_a, *members[:5]], PRIORITIES)
    orders |= dict.fromkeys([world.member_b, *members[5:]], PRIORITIES[::-1])
    cast_at_once(world.edition, Kind.PRIORITIES, orders)
    for user, words in (
        (world.member_a, "A high."),
        (world.member_b, "B low."),
        (members[0], "C high."),
        (members[9], "D low."),
    ):
        Note.write(entry=entry_of(slug="cybersecurity"), user=user, kind="reason", body=words, audience="public")


def test_after_the_close_those_who_differ_most_come_first_with_their_places(world, sign_in):
    differ(world)
    url = "/2030/priorities/cybersecurity/"
    assert "C high." not in told(sign_in(world.member_b), url)
    closed(world.edition)
    words = told(sign_in(world.curator), url)
    highest, lowest = words.index("Put it highest"), words.index("Put it lowest")
    assert highest < words.index("A high.") < lowest < words.index("D low.")
    assert "Port Merrow County 1st" in words
    assert "Halloran County 8th" in words
    mine = told(sign_in(world.member_a), url)
    assert "1st, yours" in mine


@pytest.mark.parametrize("who", ["leader_a", None])
def test_leaders_and_visitors_read_public_reasons_without_a_place_or_an_order_that_tells_it(world, sign_in, who):
    differ(world)
    published(world.edition)
    words = told(sign_in(getattr(world, who) if who else None), "/2030/priorities/cybersecurity/")
    dialogue = words[words.index("Why governments differ") :]
    assert "Halloran County" in dialogue
    assert "8th" not in dialogue.partition("All priorities")[0]
    assert "Put it highest" not in dialogue
    assert dialogue.index("B low.") < dialogue.index("A high.") < dialogue.index("C high.")  # by name of the government
    assert "Rosa Delgado" not in dialogue  # who speaks for a government is for insiders


def test_what_is_new_since_the_last_visit_is_marked_as_long_as_the_visit_goes_on(world, write, sign_in):
    User.objects.update(seen_at=None)
    write(world.member_a, "Written.")
    visits = User.objects.filter(pk=world.member_b.pk)
    visits.update(seen_at=timezone.now() - timedelta(days=3))
    client = sign_in(world.member_b)
    for _ in range(2):
        assert "1 new since your last visit" in told(client)
    assert "since your last visit" not in told(sign_in(world.curator))  # who was never here
    visits.update(seen_at=timezone.now())
    assert "since your last visit" not in told(sign_in(world.member_b))


def test_what_is_new_for_a_government_is_counted_and_listed(world, write, sign_in):
    User.objects.update(seen_at=None)
    client = sign_in(world.member_b)
    write(world.member_a, "Before we wrote here.", entry=entry_of(slug="workforce"))
    assert "new for you" not in told(client, "/search/")
    write(world.member_b, "Ours.")
    write(world.member_a, "Theirs.")
    for url in ("/search/", "/"):
        assert "1 new for you" in told(client, url)
    words = told(client, "/search/?show=new")
    assert "Theirs." in words
    assert "Ours." not in words
    assert "Before we wrote here." not in words
    User.objects.filter(pk=world.member_b.pk).update(seen_at=timezone.now())
    assert "new for you" not in told(sign_in(world.member_b), "/search/")


def test_last_years_reason_is_offered_to_keep_change_or_drop(phases, write, sign_in):

    entry_of(2029).line.join(entry_of(2030).line, reason="the same")
    write(phases.member_a, "As in 2029.", kind="reason", entry=entry_of(2029))
    client = sign_in(phases.delegate_a)
    for url in (ENTRY, "/2030/priorities/ballot/reasons/"):
        assert "In 2029 you wrote As in 2029." in told(client, url)
    assert "As in 2029." not in told(sign_in(phases.member_b), "/2030/priorities/ballot/reasons/")
    answer = client.post(NOTES, {"kind": "reason", "action": "earlier", "audience": "members"})
    area = next(each for each in page(answer).iter("textarea"))
    assert area.text == "As in 2029."
    assert not Note.objects.filter(entry=entry_of(2030)).exists()


def test_reasons_stand_beside_the_own_places_and_lead_back_there(phases, write, sign_in):
    client = sign_in(phases.member_a)
    url = "/2030/priorities/ballot/reasons/"
    words = told(client, url)
    assert words.index("1st Cybersecurity") < words.index("2nd Workforce")
    answer = client.post(NOTES, sent("Because.", kind="reason", **{"from": "ballot"}))
    assert answer["Location"] == f"{url}#row-data"
    assert "Because." in told(client, url)
    fragment = client.post(
        "/2030/priorities/workforce/notes/", sent("Also because.", kind="reason", **{"from": "ballot"}), **FRAGMENT
    )
    assert "Also because." in text(page(fragment))
    assert 'id="row-workforce"' in fragment.content.decode()
    count = next(each for each in page(fragment).iter("p") if each.get("data-hx-swap-oob") == "innerHTML:#reason-count")
    assert "a reason for 2 of 8 priorities" in text(count)
    assert text(count) == text(
        next(each for each in page(client.get(url)).iter("p") if each.get("id") == "reason-count")
    )


def test_the_first_threads_are_unfolded_others_folded_and_the_rest_on_request(world, write, sign_in):
    notes = [write(world.member_a, f"Question {number}.", kind="question") for number in range(10)]
    write(world.member_b, "Answered.", reply_to=notes[9])
    client = sign_in(world.member_b)

    def folds(url: str) -> list[bool]:
        dialogue = next(each for each in page(client.get(url)).iter("div") if each.get("id") == "dialogue")
        return [fold.get("open") is not None for fold in dialogue.findall("details")]

    words = told(client)
    assert words.index("Question 8.") < words.index("Question 7.") < words.index("8 more notes")
    assert words.index("8 more notes") < words.index("Question 6.") < words.index("Question 1.")
    assert "Question 9." not in words  # it has an answer: it comes last
    assert "Show all 10" in words
    assert folds(ENTRY) == [False]
    for whole in ("?all=dialogue", f"?note={notes[9].pk}"):
        assert "Question 9." in told(client, ENTRY + whole)
        assert folds(ENTRY + whole) == [True]
    assert folds(f"{ENTRY}?all=x&note=%00") == [False]


def test_a_lapsed_session_is_answered_with_a_notice(world, sign_in):
    answer = sign_in(None).post(NOTES, sent(), **FRAGMENT)
    assert answer.status_code == 401
    assert with_testid(page(answer), "signed-out") is not None
