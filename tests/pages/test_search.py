"""Search over notes, entries and investments."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mixportal.editions.models import Entry, Kind, database_now
from mixportal.notes.models import Note
from mixportal.pages.search import Search, query_for, snippet, sources_for
from tests.reading import page, said, text, with_testid
from tests.worlds import closed, entry_of, seat_governments


def found(client, **asked) -> list[str]:
    root = page(client.get("/search/", asked))
    return [text(each) for each in root.iter("article") if each.get("data-testid") == "result"]


def test_words_are_found_by_their_stem_in_quotes_and_while_the_last_is_being_typed(world, write, sign_in):
    write(world.member_a, "We rehearsed the restores of payroll in March.")
    write(world.member_b, "Nobody restored anything here.")
    client = sign_in(world.member_b)
    assert len(found(client, q="rehearsing")) == 1
    assert len(found(client, q="restore")) == 2
    assert len(found(client, q='"restores of payroll"')) == 1
    assert len(found(client, q="restore -payroll")) == 1
    assert len(found(client, q="payr")) == 1
    assert len(found(client, q="rehearsed or anything")) == 2
    assert len(found(client, q="rehearsed payx")) == 0


@pytest.mark.parametrize(
    "asked", ["", " ", "the", "'", "'':*", "a & | !", '"', "\\", "\x00", "%", "(", "<->", "x" * 500, "or or", "-", "é"]
)
def test_no_question_breaks_the_search(world, sign_in, asked):
    assert sign_in(world.member_a).get("/search/", {"q": asked}).status_code == 200
    assert sign_in(None).get("/search/", {"q": asked}, HTTP_HX_REQUEST="true").status_code == 200


def test_filters_that_make_no_sense_are_named_and_left_out(world, write, sign_in):
    write(world.member_a, "Words.")
    answer = sign_in(world.member_a).get(
        "/search/", {"kind": "wishes", "year": "x", "government": "<b>", "type": "a", "page": "-1", "show": "x"}
    )
    assert "List" in said(answer, "ignored")
    assert "<b>" not in answer.content.decode().split("<main")[1].split("<form")[0]
    assert with_testid(page(answer), "result") is not None


def test_filters_stand_in_the_address_and_each_counts(world, write, sign_in):
    write(world.member_a, "Radio towers.", kind="question")
    write(world.member_b, "Radio masts.", kind="practice")
    write(world.member_b, "Radio rooms.", entry=entry_of(slug="shadow-it", kind=Kind.CHALLENGES))
    client = sign_in(world.member_a)
    assert len(found(client, q="radio")) == 3
    assert len(found(client, q="radio", type="question")) == 1
    assert len(found(client, q="radio", government="halloran-county")) == 2
    assert len(found(client, q="radio", government="halloran-county", kind="challenges")) == 1
    assert len(found(client, q="radio", year="2030")) == 3
    assert "2 of 3 notes" in text(page(client.get("/search/", {"government": "halloran-county"})))


def test_entries_are_found_by_their_words_as_far_as_their_edition_is_seen(phases, sign_in):
    assert any("2028" in each for each in found(sign_in(None), q="workforce"))
    assert not any("2031" in each or "2030" in each for each in found(sign_in(None), q="workforce"))
    assert any("2031" in each for each in found(sign_in(phases.member_a), q="workforce", type="entry"))
    assert not any("2031" in each for each in found(sign_in(phases.leader_a), q="workforce"))


def test_an_entry_is_found_by_each_of_its_texts(phases, sign_in):
    texts = {name: f"word{name.replace('_', '')}" for name in Entry.WORDING if name != "title"}
    Entry.objects.filter(slug="workforce", annual_list__edition__year=2031).update(**texts)
    for word in texts.values():
        assert len(found(sign_in(phases.member_a), q=word)) == 1


def test_entries_are_counted_beyond_the_page_that_shows_them(phases):
    search = Search({"type": "entry", "page": "2"}, phases.member_a)
    assert (search.note_counts["found"], search.rest_found) == (0, Entry.objects.count())
    assert len(search.found) == 20
    assert Search({"type": "entry", "q": "zanzibar"}, phases.member_a).rest_found == 0


def test_a_sealed_reason_is_neither_found_nor_counted_by_others(world, write, sign_in):
    write(world.member_a, "Zanzibar first.", kind="reason", audience="public")
    assert len(found(sign_in(world.delegate_a), q="zanzibar")) == 1
    for who in (world.member_b, world.curator, world.leader_a, None):
        answer = sign_in(who).get("/search/", {"q": "zanzibar"})
        assert with_testid(page(answer), "result") is None
        assert "0 of 0 notes" in text(page(answer))
    closed(world.edition)
    for who in (world.member_b, world.curator, world.leader_a):
        assert len(found(sign_in(who), q="zanzibar")) == 1
    assert found(sign_in(None), q="zanzibar") == []


def test_what_is_hidden_or_withdrawn_is_not_found(world, write, sign_in):
    write(world.member_a, "Quokka one.").hide(world.curator, "Names a vendor.")
    write(world.member_a, "Quokka two.").withdraw(world.member_a)
    for who in (world.member_a, world.curator):
        assert found(sign_in(who), q="quokka") == []


def test_a_hit_is_marked_and_everything_else_escaped(world, write, sign_in):
    write(world.member_a, "Look <img src=x onerror=alert(1)> budget <script>alert(2)</script> & more")
    body = sign_in(world.member_b).get("/search/", {"q": "budget"}).content.decode()
    assert re.search(r"<mark\s*>budget</mark>", body)
    assert "<img" not in body.split('id="results"')[1]
    assert "<script>alert" not in body
    assert "&lt;img src=x onerror=alert(1)" in body


def test_hits_are_pieces_of_text_so_that_marks_in_a_note_forge_nothing():
    assert snippet("a \x02b\x03 c") == [("a ", False), ("b", True), (" c", False)]
    assert snippet("\x03\x03x\x02y") == [("x", False), ("y", True)]


def test_without_a_word_the_newest_note_comes_first(world, write, sign_in):
    write(world.member_a, "Older.")
    write(world.member_b, "Newer.")
    assert "Newer." in found(sign_in(world.member_a))[0]


def test_a_fragment_brings_the_results_and_how_many(world, write, sign_in):
    write(world.member_a, "Budget.")
    answer = sign_in(world.member_b).get("/search/", {"q": "budget"}, HTTP_HX_REQUEST="true")
    body = answer.content.decode()
    assert "<html" not in body
    assert "1 of 1 notes" in text(page(answer))
    assert answer["HX-Push-Url"] == "/search/?q=budget"


def many_notes(world, count: int) -> None:
    users = [world.member_a, world.member_b, *seat_governments(20)]
    entries = [entry_of(slug=slug) for slug in ("data", "workforce", "governance", "cybersecurity")]
    words = "the county budget council moved records network staff training vendor contract radio tower payroll".split()
    Note.objects.bulk_create(
        Note(
            entry=entries[number % 4],
            government=users[number % 22].government,
            author=users[number % 22],
            kind="note",
            audience=("members", "public", "government")[number % 3],
            created_at=database_now(),
            body=" ".join(words[(number * 7 + at * (1 + number % 5)) % len(words)] for at in range(60)) + f" n{number}",
        )
        for number in range(count)
    )


def notes_read(statement: str) -> int:
    """Return how many rows of notes Postgres reads for a statement."""

    def read_by(node: dict) -> int:
        own = (
            node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
            if node.get("Relation Name") == "notes_note"
            else 0
        )
        return own * node["Actual Loops"] + sum(read_by(part) for part in node.get("Plans", ()))

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}")
        return read_by(cursor.fetchone()[0][0]["Plan"])


def test_two_thousand_notes_are_searched_by_their_index_and_read_once_for_each_count_and_page(world):
    many_notes(world, 2_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE notes_note")
    assert "note_words" in Note.objects.filter(search="n1234").explain()
    with CaptureQueriesContext(connection) as queries:
        search = Search({"q": "payroll tow"}, world.member_a)
        assert len(search.found) == 20
        assert 0 < search.note_counts["found"] <= search.note_counts["all"] < 2_000
    assert len(queries) <= 7  # two for the filters, one for names, two for notes, one for each other source
    assert all(notes_read(query["sql"]) <= 2 * 2_000 for query in queries)


@pytest.mark.parametrize(("number", "index"), [(1, "entry_words"), (2, "investment_words")])
def test_entries_and_investments_are_searched_by_their_indexes(world, number, index):
    source = sources_for(world.member_a)[number]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
    found = source.visible.alias(vector=source.vector).filter(vector=query_for("payroll tow"))
    assert f"Bitmap Index Scan on {index}" in found.explain()


def test_a_visitor_sees_public_notes_of_published_editions_alone(phases, write):
    write(phases.member_a, "Shown to all.", audience="public", entry=entry_of(2028))
    write(phases.member_a, "Shown to members.", entry=entry_of(2028))
    write(phases.member_a, "Not yet.", audience="public", entry=entry_of(2030))
    search = Search({}, AnonymousUser())
    assert [each["row"].body for each in search.found] == ["Shown to all."]
    assert search.note_counts["all"] == 1


@pytest.mark.parametrize(
    ("body", "searches"),
    [
        ("Cañon City sent a résumé.", ["canon", "cañon", "resume", "RÉSUMÉ", "can\u0303on"]),
        ("Our Wi-Fi is slow.", ["wifi", "wi-fi", "Wi‑Fi", "WiFi"]),
        ("A smart city, and disaster recovery.", ["smart-city", "disaster-recovery", "smart/city"]),
        ("Calls to 9-1-1 fail.", ["911", "9-1-1"]),
        ("Calls to 911 fail.", ["911", "9-1-1"]),
        ("O’Brien asked.", ["O'Brien", "O’Brien", "obrien"]),
    ],
)
def test_a_note_is_found_whatever_the_accents_and_marks(world, write, sign_in, body, searches):
    write(world.member_a, body)
    write(world.member_a, "Another matter.", entry=entry_of(slug="workforce"))
    client = sign_in(world.member_b)
    assert [len(found(client, q=each)) for each in searches] == [1] * len(searches)


def test_a_title_is_found_by_a_word_that_english_leaves_out(world, write, sign_in):
    write(world.member_a, "It is what it is.")
    assert [hit for hit in found(sign_in(world.member_b), q="IT") if "what it is" in hit] == []
    assert len(found(sign_in(world.member_b), q="IT")) == 2, "Shadow IT and IT Governance"


def test_a_government_finds_its_notes_by_its_name(world, write, sign_in):
    write(world.member_a, "Zebras.")
    write(world.member_b, "Lions.")
    client = sign_in(world.member_b)
    for name in ("Port Merrow", "port merrow county", "MERROW"):
        assert len(found(client, q=name)) == 1
    seat_governments(4)
    assert found(client, q="town") == [], "a word in many names names none"
