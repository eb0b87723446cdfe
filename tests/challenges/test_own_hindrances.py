"""The form of a government's own hindrances."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from challenges.models import Hindrance, HindranceResponse
from mixportal.editions.models import Kind
from tests.challenges.conftest import DATA, WORK, answer
from tests.reading import page, said, text
from tests.test_queries import asked
from tests.worlds import closed

URL = "/2030/hindrances/ours/"
FRAGMENT = {"HTTP_HX_REQUEST": "true"}
TICKED = ["shadow-it:data", "it-governance:workforce"]


def ticked(answer) -> list[str]:
    return [box.get("value") for box in page(answer).iter("input") if box.get("checked") is not None]


def test_what_is_ticked_is_saved_and_stands_ticked(world, sign_in):
    client = sign_in(world.member_a)
    saved = client.post(URL, {"version": 0, "stands": TICKED})
    assert (saved.status_code, saved["Location"]) == (302, URL)
    shown = client.get(URL)
    assert sorted(ticked(shown)) == sorted(TICKED)
    assert said(shown, "save-state").startswith("Saved, counts as it stands")
    assert HindranceResponse.objects.get().marked == {DATA, WORK}


def test_a_fragment_says_what_was_saved_and_leaves_the_boxes_alone(world, sign_in):
    saved = sign_in(world.member_a).post(URL, {"version": 0, "stands": TICKED}, **FRAGMENT)
    body = saved.content.decode()
    assert saved.status_code == 200
    assert 'name="version" value="1"' in body
    assert "checkbox" not in body
    assert "Saved, counts as it stands" in body


@pytest.mark.parametrize("headers", [{}, FRAGMENT])
def test_a_stale_form_gets_both_answers_and_may_be_sent_again(world, sign_in, headers):
    answer(world.delegate_a, world.edition, DATA)
    client = sign_in(world.member_a)
    stale = client.post(URL, {"version": 0, "stands": ["it-governance:workforce"]}, **headers)
    told = said(stale, "conflict")
    assert stale.status_code == 409
    assert "Ticked by you alone IT Governance in the way of Workforce" in told
    assert "Ticked in the saved one alone Shadow IT in the way of Data" in told
    assert headers or ticked(stale) == ["it-governance:workforce"]
    assert HindranceResponse.objects.get().marked == {DATA}
    assert client.post(URL, {"version": 1, "stands": ["it-governance:workforce"]}, **headers).status_code in (200, 302)
    assert HindranceResponse.objects.get().marked == {WORK}


def test_a_form_that_makes_no_sense_is_refused_and_keeps_its_ticks(world, sign_in):
    client = sign_in(world.member_a)
    wrong = [{"version": version, "stands": TICKED} for version in ("", "-1", "٣", "9" * 40, "1.0")]
    wrong += [
        {"version": "0", "stands": [*TICKED, pair]} for pair in ("shadow-it:nothing", "data:shadow-it", "\x00", "")
    ]
    for form in [{"stands": TICKED}, *wrong]:
        for headers in ({}, FRAGMENT):
            refused = client.post(URL, form, **headers)
            assert refused.status_code == 422, form
            assert said(refused, "errors").startswith("Not saved")
            assert headers or sorted(ticked(refused)) == sorted(TICKED)
    assert not HindranceResponse.objects.exists()


def test_what_comes_after_the_close_is_not_saved_and_shown_for_copying(world, sign_in):
    client = sign_in(world.member_a)
    answer(world.member_a, world.edition, DATA)
    closed(world.edition)
    late = client.post(URL, {"version": 1, "stands": TICKED})
    assert late.status_code == 409
    assert "IT Governance in the way of Workforce" in said(late, "closed")
    shown = client.get(URL)
    assert "checkbox" not in shown.content.decode()
    assert "counts as it was saved" in said(shown, "closed")
    assert Hindrance.objects.count() == 1


def test_before_the_opening_and_without_a_seat_the_page_says_why_there_is_no_form(phases, sign_in):
    client = sign_in(phases.member_a)
    assert said(client.get("/2031/hindrances/ours/"), "closed").startswith("Not open yet")
    assert client.post("/2031/hindrances/ours/", {"version": 0}).status_code == 409
    type(phases.port).objects.filter(pk=phases.port.pk).update(seat=None)
    assert "holds no seat" in said(client.get(URL), "closed")
    refused = client.post(URL, {"version": 0, "stands": TICKED})
    assert refused.status_code == 403
    assert "Shadow IT in the way of Data" in said(refused, "closed")
    assert client.get("/2027/hindrances/ours/").status_code == 404  # never ranked


def test_every_box_says_what_it_is_about(world, sign_in):
    main = next(page(sign_in(world.member_a).get(URL)).iter("main"))
    labels = [text(label) for label in main.iter("label")]
    assert len(labels) == len(set(labels)) == 24
    assert "Shadow IT stands in the way of Data" in labels


def test_the_page_and_a_save_ask_as_often_however_much_is_ticked(world, sign_in):
    client = sign_in(world.member_a)
    before = asked(client, URL)
    answer(world.member_a, world.edition, DATA, WORK)
    assert asked(client, URL) == before + 1  # what is marked
    assert before + 1 <= 12
    slugs = [entry.slug for entry in world.edition.list_of(Kind.PRIORITIES).entries.in_order()]
    counts = []
    for version, many in ((1, 1), (2, 8)):
        boxes = [f"expanding-portfolios:{slug}" for slug in slugs[:many]]
        with CaptureQueriesContext(connection) as queries:
            assert client.post(URL, {"version": version, "stands": [*TICKED, *boxes]}, **FRAGMENT).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
