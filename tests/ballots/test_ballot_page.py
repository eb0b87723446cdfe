"""The ballot page, from the empty form to the receipt, without script and as fragments."""

from __future__ import annotations

import csv

import pytest

from mixportal.ballots.models import Ballot, Placement, receipt_of
from mixportal.editions.models import Kind, slug_for
from tests.reading import buttons, page, said, text, with_testid
from tests.worlds import PRIORITIES, closed, rank

EVENTS = Placement._meta.get_field("events").related_model


RECEIPT = "/2030/priorities/ballot/receipt/"


def stored(government, kind: Kind = Kind.PRIORITIES) -> dict[str, int]:
    return Ballot.objects.get(government=government, annual_list__kind=kind).working


def test_the_empty_ballot_lists_every_entry_as_not_ranked(world, at_ballot):
    screen = at_ballot(world.member_a)
    assert screen.answer.status_code == 200
    assert "Nothing ranked yet" in said(screen.answer, "save-state")
    assert screen.version == 0
    assert {name for name in screen.form if name.startswith("rank-")} == {
        f"rank-{slug_for(title)}" for title in PRIORITIES
    }
    assert screen.order == []


def test_looking_at_a_ballot_writes_nothing(world, at_ballot):
    at_ballot(world.member_a)
    assert not Ballot.objects.exists()


def test_each_government_sees_unranked_entries_in_its_own_order(world, at_ballot):
    a, b = at_ballot(world.member_a), at_ballot(world.member_b)
    assert list(a.form) != list(b.form)
    assert sorted(a.form) == sorted(b.form)
    again = at_ballot(world.delegate_a)
    assert list(a.form) == list(again.form)


def test_numbers_typed_and_saved_stand_as_typed_with_gaps_closed(world, at_ballot):
    screen = at_ballot(world.member_a)
    posted = screen.type(data=9, workforce=2, governance=9).press("save")
    assert posted.status_code == 302
    assert posted["Location"] == "/2030/priorities/ballot/"
    assert screen.order == ["workforce", "data=governance"]
    assert screen.version == 1
    assert "Saved, not yet cast" in said(screen.answer, "save-state")
    assert stored(world.port) == {"workforce": 1, "data": 2, "governance": 2}


def test_a_fragment_answers_a_save_with_the_heading_and_the_list_alone(world, at_ballot):
    screen = at_ballot(world.member_a)
    answer = screen.type(data=1).press("save", fragment=True)
    assert answer.status_code == 200
    body = answer.content.decode()
    assert [each.get("id", "") for each in page(answer).find("body")] == ["", "ballot"]
    assert "<html" not in body
    assert "Saved, not yet cast" in said(answer, "save-state")
    assert (screen.version, screen.order) == (1, ["data"])


def test_casting_makes_the_ballot_count_and_gives_a_receipt(world, at_ballot):
    screen = at_ballot(world.member_a)
    posted = screen.type(data=1, workforce=2, cybersecurity=2).press("cast")
    assert posted["Location"] == "/2030/priorities/ballot/receipt/"
    assert "Cast, counts as it stands" in said(screen.answer, "save-state")
    assert "Rosa Delgado" in text(page(screen.answer))
    ballot = Ballot.objects.get(government=world.port)
    assert ballot.counted == {"data": 1, "workforce": 2, "cybersecurity": 2}
    assert ballot.cast_by == world.member_a
    assert receipt_of("port-merrow-county", ballot.counted) in screen.answer.content.decode()


def test_the_receipt_leads_on_to_the_other_list_until_that_is_cast_too(world, at_ballot):
    def leads_to() -> list[str]:
        links = page(at_ballot(world.member_a, RECEIPT).answer).iter("a")
        return [link.get("href") for link in links if "btn--act" in (link.get("class") or "")]

    rank(world.edition, world.member_a, *PRIORITIES)
    assert leads_to() == ["/2030/challenges/ballot/"]
    assert "3 to put in order" in text(page(at_ballot(world.member_a, RECEIPT).answer))
    rank(world.edition, world.member_a, "Shadow IT", kind=Kind.CHALLENGES, action="save")
    assert "1 of 3 ranked, 2 to go" in text(page(at_ballot(world.delegate_a, RECEIPT).answer))
    rank(world.edition, world.member_a, "Shadow IT", kind=Kind.CHALLENGES)
    assert leads_to() == ["/2030/priorities/ballot/reasons/"]


def test_the_receipt_offers_to_undo_the_cast_to_the_one_who_cast(world, at_ballot):
    rank(world.edition, world.member_a, "Data", "Workforce")
    assert "undo" not in buttons(page(at_ballot(world.delegate_a, RECEIPT).answer))
    screen = at_ballot(world.member_a, RECEIPT)
    screen.url = "/2030/priorities/ballot/"
    screen.press("undo")
    assert not Ballot.objects.get().is_cast
    assert "Cast by mistake?" not in text(page(screen.answer))


def test_the_receipt_of_a_cast_that_was_undone_leads_to_the_ballot(world, sign_in):
    for action in ("undo", "uncast"):
        rank(world.edition, world.member_a, "Data")
        rank(world.edition, world.member_a, "Data", action=action)
        assert sign_in(world.member_a).get(RECEIPT)["Location"] == "/2030/priorities/ballot/"


def test_the_receipt_says_that_an_earlier_cast_counts_again_only_where_there_was_one(world, at_ballot):
    for orders, counts_again in ((("Data",), False), (("Data", "Workforce"), True)):
        rank(world.edition, world.member_a, *orders)
        assert ("counts again" in text(page(at_ballot(world.member_a, RECEIPT).answer))) == counts_again


def test_the_receipt_stays_after_the_close_and_offers_nothing_more(world, at_ballot):
    rank(world.edition, world.member_a, "Data")
    world.edition.close_now()
    answer = at_ballot(world.member_a, RECEIPT).answer
    assert receipt_of("port-merrow-county", {"data": 1}) in text(page(answer))
    assert "undo" not in buttons(page(answer))


def test_after_a_cast_edits_wait_while_the_cast_order_counts(world, at_ballot):
    screen = at_ballot(world.member_a)
    screen.type(data=1, workforce=2).press("cast")
    screen.type(data=2, workforce=1, governance=3).press("save")
    assert "Saved, not yet cast again" in said(screen.answer, "save-state")
    assert "The order that counts 1st Data 2nd Workforce" in said(screen.answer, "cast-state")
    ballot = Ballot.objects.get(government=world.port)
    assert ballot.counted == {"data": 1, "workforce": 2}
    assert ballot.working == {"workforce": 1, "data": 2, "governance": 3}

    screen.press("cast")
    assert "Cast, counts as it stands" in said(screen.answer, "save-state")
    assert Ballot.objects.get().counted == {"workforce": 1, "data": 2, "governance": 3}


def test_an_entry_taken_off_after_the_cast_still_counts_until_cast_again(world, at_ballot):
    screen = at_ballot(world.member_a)
    screen.type(data=1, workforce=2).press("cast")
    screen.press("drop:workforce")
    ballot = Ballot.objects.get()
    assert (ballot.working, ballot.counted) == ({"data": 1}, {"data": 1, "workforce": 2})


def test_undone_edits_leave_the_ballot_cast(world, at_ballot):
    screen = at_ballot(world.member_a)
    screen.type(data=1, workforce=2).press("cast")
    screen.press("up:workforce")
    assert "not yet cast again" in said(screen.answer, "save-state")
    screen.press("down:workforce")
    assert "Cast, counts as it stands" in said(screen.answer, "save-state")


def test_a_withdrawn_ballot_keeps_its_order_and_counts_no_more(world, at_ballot):
    screen = at_ballot(world.member_a)
    screen.type(data=1, workforce=2).press("cast")
    answer = screen.press("uncast", fragment=True)
    assert "withdrawn" in text(page(answer))
    ballot = Ballot.objects.get()
    assert not ballot.is_cast
    assert ballot.cast_by is None
    assert (ballot.working, ballot.counted) == ({"data": 1, "workforce": 2}, {})
    assert "uncast" not in buttons(page(answer))


def test_a_ballot_with_nothing_ranked_cannot_be_cast(world, at_ballot):
    screen = at_ballot(world.member_a)
    answer = screen.press("cast")
    assert answer.status_code == 422
    assert "Rank at least one entry" in said(answer, "errors")
    assert not Ballot.objects.exists()


def test_a_cast_ballot_that_is_emptied_cannot_be_cast_again(world, at_ballot):
    screen = at_ballot(world.member_a)
    screen.type(data=1).press("cast")
    answer = screen.type(data="").press("cast")
    assert answer.status_code == 422
    assert Ballot.objects.get().counted == {"data": 1}


START = {"cybersecurity": 1, "data": 2, "workforce": 3}


@pytest.mark.parametrize(
    ("action", "order"),
    [
        ("up:workforce", ["cybersecurity", "workforce", "data"]),
        ("down:cybersecurity", ["data", "cybersecurity", "workforce"]),
        ("top:workforce", ["workforce", "cybersecurity", "data"]),
        ("tie:data", ["cybersecurity=data", "workforce"]),
        ("drop:data", ["cybersecurity", "workforce"]),
        ("up:governance", ["cybersecurity", "data", "workforce", "governance"]),
        ("top:governance", ["governance", "cybersecurity", "data", "workforce"]),
    ],
)
def test_each_button_moves_saves_and_keeps_the_row_selected(world, at_ballot, action, order):
    slug = action.partition(":")[2]
    screen = at_ballot(world.member_a)
    screen.type(**START)
    posted = screen.press(action)
    assert posted.status_code == 302
    assert posted["Location"] == f"/2030/priorities/ballot/?chosen={slug}#row-{slug}"
    assert screen.order == order
    assert screen.form["chosen"] == slug

    again = at_ballot(world.member_b)
    again.type(**START).press(action, fragment=True)
    assert again.order == order
    assert again.form["chosen"] == slug


def test_the_view_that_somebody_chose_stays_after_a_save(world, at_ballot):
    screen = at_ballot(world.member_a, "/2030/priorities/ballot/?view=order")
    assert screen.press("up:data")["Location"] == "/2030/priorities/ballot/?view=order&chosen=data#row-data"
    assert screen.form["view"] == "order"
    screen.press("up:workforce", fragment=True)
    assert screen.form["view"] == "order"


@pytest.mark.parametrize(
    ("titles", "action", "view"),
    [
        ((), "save", "tap"),
        (PRIORITIES[:3], "save", "tap"),
        (PRIORITIES, "save", "order"),
        (PRIORITIES[:3], "cast", "order"),
    ],
)
def test_rows_are_tapped_until_all_are_ranked_or_the_ballot_is_cast(world, at_ballot, titles, action, view):
    rank(world.edition, world.member_a, *titles, action=action)
    shown = [form.get("data-view") for form in page(at_ballot(world.member_a).answer).iter("form")]
    assert view in shown


def test_an_entry_moves_out_of_a_tie_to_just_above_or_below(world, at_ballot):
    screen = at_ballot(world.member_a)
    screen.type(cybersecurity=1, data=2, workforce=2, governance=3).press("save")
    screen.press("up:workforce")
    assert screen.order == ["cybersecurity", "workforce", "data", "governance"]
    screen.type(workforce=2, data=2).press("down:data")
    assert screen.order == ["cybersecurity", "workforce", "data", "governance"]


def test_a_row_is_one_line_that_unfolds_to_the_whole_meaning_and_a_link(world, at_ballot):
    row = next(each for each in page(at_ballot(world.member_a).answer).iter("li") if each.get("id") == "row-data")
    line = next(each for each in row.iter("small"))
    assert len(text(line)) <= 60
    details = next(row.iter("details"))
    assert "What Data means to a CIO." in text(details)
    assert [link.get("href") for link in details.iter("a")] == ["/2030/priorities/data/"]


def test_enter_in_a_box_saves_and_moves_nothing(world, at_ballot):
    """Enter presses the first button of a form, which must be the one that saves."""
    screen = at_ballot(world.member_a)
    form = next(form for form in page(screen.answer).iter("form") if "ballot" in (form.get("class") or ""))
    assert buttons(form)[0] == "save"


def test_chosen_in_the_address_selects_a_row_and_nothing_else(world, at_ballot):
    screen = at_ballot(world.member_a, "/2030/priorities/ballot/?chosen=data")
    assert screen.form["chosen"] == "data"
    for odd in ("nowhere", "%00", "%22%3E%3Cscript%3E", "x" * 3000):
        assert at_ballot(world.member_a, f"/2030/priorities/ballot/?chosen={odd}").form["chosen"] == ""
    assert not Ballot.objects.exists()


def test_a_member_and_a_delegate_share_one_ballot(world, at_ballot):
    at_ballot(world.member_a).type(data=1).press("save")
    screen = at_ballot(world.delegate_a)
    assert screen.order == ["data"]
    screen.type(workforce=2).press("cast")
    ballot = Ballot.objects.get()
    assert (ballot.cast_by, ballot.version) == (world.delegate_a, 2)
    assert ballot.counted == {"data": 1, "workforce": 2}
    assert "by Ines Marchetti" in said(at_ballot(world.member_a).answer, "cast-state")


def test_each_government_has_one_ballot_for_each_list(world, at_ballot):
    at_ballot(world.member_a).type(data=1).press("cast")
    b = at_ballot(world.member_b)
    assert b.order == []
    b.type(workforce=1).press("cast")
    at_ballot(world.member_a, "/2030/challenges/ballot/").type(shadow_it=1).press("cast")
    assert stored(world.port) == {"data": 1}
    assert stored(world.halloran) == {"workforce": 1}
    assert stored(world.port, Kind.CHALLENGES) == {"shadow-it": 1}
    assert Ballot.objects.count() == 3


def test_unknown_fields_change_nothing(world, sign_in):
    fields = {
        "version": "0", "rank-data": "1", "government": world.halloran.pk, "edition": "1", "cast_at": "2030-01-01",
        "cast_by": world.member_b.pk, "place": "5", "id": "1", "user": world.member_b.pk, "is_staff": "on",
    }  # fmt: skip
    sign_in(world.member_a).post("/2030/priorities/ballot/", fields)
    ballot = Ballot.objects.get()
    assert (ballot.government, ballot.updated_by, ballot.is_cast) == (world.port, world.member_a, False)


def test_a_repeat_of_what_is_stored_is_answered_as_saved(world, at_ballot, sign_in):
    screen = at_ballot(world.member_a)
    screen.type(data=1, workforce=2)
    form = screen.form | {"action": "cast"}
    screen.press("cast")
    before = Ballot.objects.values().get(), EVENTS.objects.count()
    for _ in range(3):
        for headers, status in (({}, 302), ({"HTTP_HX_REQUEST": "true"}, 200)):
            assert sign_in(world.member_a).post(screen.url, form, **headers).status_code == status
    assert (Ballot.objects.values().get(), EVENTS.objects.count()) == before


def test_a_repeat_is_answered_as_saved_whatever_version_it_saw(world, at_ballot, sign_in):
    at_ballot(world.member_a).type(data=1).press("save")
    for version in ("0", "1", "77"):
        answer = sign_in(world.delegate_a).post("/2030/priorities/ballot/", {"version": version, "rank-data": "4"})
        assert answer.status_code == 302
    assert Ballot.objects.get().version == 1


def test_withdrawing_a_ballot_that_was_not_cast_changes_nothing(world, at_ballot):
    screen = at_ballot(world.member_a)
    screen.type(data=1).press("save")
    assert screen.press("uncast").status_code == 302
    assert Ballot.objects.get().version == 1


def test_a_save_writes_only_the_placements_that_changed(world, at_ballot):
    screen = at_ballot(world.member_a)
    screen.type(data=1, workforce=2, governance=3, cybersecurity=4).press("save")
    events, rows = EVENTS.objects.count(), row_versions(Placement)
    assert events == 4
    screen.press("up:cybersecurity")
    assert EVENTS.objects.count() == events + 2
    assert (
        len(row_versions(Placement) - rows) == 2
    )  # the trigger of the history leaves out rows that are written unchanged


def row_versions(model):
    """Return each row's key with the transaction that wrote it last."""
    return set(model.objects.extra(select={"xmin": "xmin::text"}).values_list("pk", "xmin"))


def test_history_says_who_saved_and_where(world, at_ballot):
    at_ballot(world.delegate_a).type(data=1).press("cast")
    for event in EVENTS.objects.all():
        assert event.pgh_context == {"user": world.delegate_a.pk, "url": "/2030/priorities/ballot/"}
    ballots = Ballot._meta.get_field("events").related_model.objects.order_by("pgh_id")
    assert [event.pgh_label for event in ballots] == ["insert", "update"]
    assert ballots.last().cast_by == world.delegate_a


def test_the_ballot_is_stored_in_no_cache(world, at_ballot):
    answer = at_ballot(world.member_a).answer
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]


def test_after_the_close_the_ballot_that_counts_is_shown_with_its_receipt(world, at_ballot):
    rank(world.edition, world.member_a, "Data", ("Workforce", "Governance"))
    world.edition.close_now()
    answer = at_ballot(world.delegate_a).answer
    assert "This order counts" in said(answer, "closed")
    shown = text(page(answer))
    assert "joint 2nd Workforce joint 2nd Governance" in shown
    assert receipt_of("port-merrow-county", {"data": 1, "workforce": 2, "governance": 2}) in shown
    assert with_testid(page(answer), "save-state") is None


def test_after_the_close_a_ballot_never_cast_is_said_not_to_count(world, at_ballot):
    rank(world.edition, world.member_a, "Data", action="save")
    world.edition.close_now()
    answer = at_ballot(world.member_a).answer
    assert "none counts" in said(answer, "closed")
    assert "Receipt" not in text(page(answer))


def test_the_place_after_a_tie_is_the_same_on_every_page_and_in_every_file(world, at_ballot, sign_in):
    tied = ("Governance", "Social Media")
    rank(world.edition, world.member_b, *PRIORITIES)
    rank(world.edition, world.member_a, "Cybersecurity", "Workforce", "Data", tied, "Technology Infrastructure")
    screen, slug = at_ballot(world.member_a), "technology-infrastructure"
    assert screen.form[f"rank-{slug}"] == "6"
    assert "ranked 6th" in text(next(li for li in page(screen.answer).iter("li") if li.get("id") == f"row-{slug}"))
    client = sign_in(world.member_a)
    assert "6th Technology Infrastructure" in text(page(client.get(RECEIPT)))
    closed(world.edition)
    assert "6th Technology Infrastructure" in text(page(client.get("/2030/priorities/ballot/")))
    for url, who in (("ballots.csv", "port-merrow-county"), ("compare.csv", slug)):
        answer = client.get(f"/2030/priorities/{url}").content.decode("utf-8-sig")
        head, *rows = csv.reader(answer.splitlines())
        mine = next(row for row in rows if row[0] == who)
        assert mine[head.index(slug if slug in head else "Port Merrow County")] == "6", url
