"""Curators undo changes on the desk until a member has seen them."""

from __future__ import annotations

from datetime import timedelta

import pghistory
import pytest
from django.db.models import QuerySet
from django.utils import timezone

from members.models import Government, User
from mixportal.changes.undo import CannotUndoError, undo
from mixportal.editions.models import Edition, Entry, Kind, Lineage
from mixportal.proposals.models import Proposal
from tests.curating import CHALLENGES, PRIORITIES, act, change, notices, order
from tests.desk.test_list_pages import LIST, desk, entry, positions, previewed
from tests.reading import fields, page, text, with_testid
from tests.worlds import open_edition, write_window

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def world(world):
    User.objects.update(seen_at=timezone.now() - timedelta(days=2))
    return world


def offered(answer) -> tuple[str, dict[str, str]] | None:
    """The address and the fields of the button that undoes what was just done."""
    found = [form for form in page(answer).iter("form") if form.get("action", "").startswith("/admin/undo/")]
    return (found[-1].get("action"), fields(found[-1])) if found else None


def press_undo(client, answer, status: int = 302):
    where = offered(answer)
    assert where, "nothing is offered"
    undone = client.post(*where)
    assert undone.status_code == status
    return undone


def buttons_of_undo(answer) -> list[str]:
    forms = [form for form in page(answer).iter("form") if form.get("action", "").startswith("/admin/undo/")]
    return [text(button) for form in forms for button in form.iter("button")]


def everything() -> list[object]:
    tables = (Edition, Entry, Lineage, Government)
    return [sorted(QuerySet(model).values_list(), key=lambda row: row[0]) for model in tables]


def test_an_order_is_put_back_as_new_versions_and_the_undo_can_be_undone(curator, draft):
    before = everything()
    answer = curator.post(desk(draft, "priorities/order/"), positions(draft, data=0) | {"action": "save"}, follow=True)
    assert order(draft)[0] == "Data"
    after = everything()
    undone = press_undo(curator, answer)
    assert undone["Location"] == desk(draft, "priorities/order/")
    assert everything() == before
    events = Entry.pgh_event_model.objects.filter(id=entry(draft, "data").pk).order_by("pgh_id")
    assert [event.position for event in events] == [3, 1, 3]
    assert events.last().pgh_context["reason"] == "undo"
    shown = curator.get(undone["Location"])
    assert buttons_of_undo(shown) == ["Redo"]
    redone = curator.get(press_undo(curator, shown)["Location"])
    assert everything() == after
    assert "Redone: your change is back." in notices(redone)
    assert buttons_of_undo(redone) == ["Undo"]
    assert "Undone" in notices(curator.get(press_undo(curator, redone)["Location"]))
    assert everything() == before


def test_saving_an_unchanged_order_keeps_the_offer_to_undo_the_one_before(curator, draft):
    before, address = everything(), desk(draft, "priorities/order/")
    assert offered(curator.post(address, positions(draft) | {"action": "save"}, follow=True)) is None
    curator.post(address, positions(draft, data=0) | {"action": "save"}, follow=True)
    press_undo(curator, curator.post(address, positions(draft) | {"action": "save"}, follow=True))
    assert everything() == before
    press_undo(curator, curator.post(address, positions(draft) | {"action": "save"}, follow=True))
    assert order(draft)[0] == "Data"


def test_a_pasted_list_is_taken_back(curator, draft):
    before = everything()
    digest = previewed(curator.post(desk(draft, "list/"), {"text": LIST}, follow=True))
    answer = curator.post(desk(draft, "list/"), {"text": LIST, "previewed": digest}, follow=True)
    assert order(draft)[:2] == ["Data", "Cloud"]
    press_undo(curator, answer)
    assert everything() == before


def test_a_deleted_and_a_merged_entry_come_back_with_their_lineage(curator, draft, world):
    data = entry(world.edition, "data")
    Lineage.objects.create(earlier=data, later=entry(draft, "governance"), type=Lineage.Type.SPLIT)
    before = everything()
    press_undo(curator, act(curator, "delete_selected", entry(draft, "governance"), confirmed=True))
    assert everything() == before
    keys = {"keep": entry(draft, "workforce").pk, "other": entry(draft, "governance").pk}
    press_undo(curator, curator.post(desk(draft, "priorities/merge/"), keys, follow=True))
    assert everything() == before


def test_an_entry_that_was_added_and_one_that_was_changed_are_put_back(curator, draft):
    before = everything()
    for model, address in (("priority", PRIORITIES), ("challenge", CHALLENGES)):
        kind = Kind.PRIORITIES if model == "priority" else Kind.CHALLENGES
        new = {"annual_list": draft.list_of(kind).pk, "title": "Cloud", "slug": "cloud", "description": "Other’s."}
        answer = curator.post(f"{address}add/", new, follow=True)
        press_undo(curator, answer)
        assert everything() == before, model
    answer = change(curator, entry(draft, "data"), title="Data and AI")
    press_undo(curator, curator.get(answer["Location"]))
    assert everything() == before


def test_an_edition_that_was_begun_is_taken_back_with_its_lists(curator, world):
    before = everything()
    answer = curator.post(desk(world.edition, "do/next/"), follow=True)
    assert Edition.objects.filter(year=2031).exists()
    assert press_undo(curator, answer)["Location"] == "/admin/"
    assert everything() == before


def test_imported_governments_are_taken_back(curator, world):
    before = everything()
    table = {"text": "name,state,kind,seat\nAlder Falls,Oregon,city,9\nPort Merrow County,North Carolina,county,8\n"}
    address = "/admin/members/government/import/"
    digest = previewed(curator.post(address, table, follow=True))
    answer = curator.post(address, table | {"previewed": digest}, follow=True)
    assert Government.objects.get(slug="alder-falls").seat == 9
    press_undo(curator, answer)
    assert everything() == before


# Refusals


@pytest.fixture
def arranged(curator, draft):
    """The page after a list was put in order."""
    return curator.post(desk(draft, "priorities/order/"), positions(draft, data=0) | {"action": "save"}, follow=True)


def refused(client, answer, why: str) -> None:
    before = everything()
    conflict = press_undo(client, answer, status=409)
    assert with_testid(page(conflict), "conflict") is not None
    assert conflict.context_data["why"] == why
    assert everything() == before


@pytest.mark.parametrize("who", ["member_a", "delegate_a", "leader_a"])
def test_what_a_member_has_seen_is_not_undone(curator, arranged, world, sign_in, who):
    User.objects.filter(pk=getattr(world, who).pk).update(seen_at=timezone.now() - 90 * MINUTE)
    sign_in(getattr(world, who)).get("/2031/priorities/")
    refused(curator, arranged, "seen")


def test_a_visit_within_an_hour_of_the_last_one_is_noted_once_after_a_change(curator, draft, world, sign_in):
    member = sign_in(world.member_a)
    member.get("/")
    last_visit = member.session["last_visit"]
    User.objects.filter(pk=world.member_a.pk).update(seen_at=timezone.now() - 2 * MINUTE)
    member.get("/")
    assert User.objects.latest_visit() < timezone.now() - MINUTE
    User.objects.await_visits()
    member.get("/")
    assert User.objects.latest_visit() > timezone.now() - MINUTE
    assert member.session["last_visit"] == last_visit
    User.objects.filter(pk=world.member_a.pk).update(seen_at=timezone.now() - 2 * MINUTE)
    member.get("/")
    assert User.objects.latest_visit() < timezone.now() - MINUTE


def test_a_change_has_every_members_next_visit_noted(arranged, world):
    assert not User.objects.filter(is_staff=False, is_visit_awaited=False).exists()


def test_what_changed_again_is_not_undone(curator, arranged, draft, world):
    with pghistory.context(user=world.bare_staff.pk):
        draft.list_of(Kind.PRIORITIES).entries.filter(slug="data").update(description="Changed.")
    refused(curator, arranged, "changed")


def test_it_is_undone_once(curator, arranged):
    press_undo(curator, arranged)
    refused(curator, arranged, "changed")


def test_the_order_of_an_open_list_is_not_undone(curator, arranged, draft, world):
    write_window(world.edition, timezone.now() - 3 * MINUTE, timezone.now() - MINUTE)
    open_edition(draft)
    refused(curator, arranged, "open")


def test_an_entry_that_another_row_refers_to_is_not_taken_back(curator, draft, world):
    digest = previewed(curator.post(desk(draft, "list/"), {"text": LIST}, follow=True))
    answer = curator.post(desk(draft, "list/"), {"text": LIST, "previewed": digest}, follow=True)
    with pghistory.context(user=world.bare_staff.pk):
        proposal = Proposal.propose(
            annual_list=draft.list_of(Kind.PRIORITIES), user=world.member_a, title="The cloud", description="Ours."
        )
        proposal.merge(entry(draft, "cloud"), world.bare_staff)
    refused(curator, answer, "changed")


def test_a_list_with_a_date_is_not_emptied(curator, world):
    edition = Edition.objects.create(year=2032)
    digest = previewed(curator.post(desk(edition, "list/"), {"text": LIST}, follow=True))
    answer = curator.post(desk(edition, "list/"), {"text": LIST, "previewed": digest}, follow=True)
    with pghistory.context(user=world.bare_staff.pk):
        edition.list_of(Kind.CHALLENGES).copy_entries_of(world.edition.list_of(Kind.CHALLENGES))
        edition.mark_mail_read()
        write_window(edition, timezone.now() + 90 * DAY, timezone.now() + 95 * DAY)
    before = everything()
    conflict = press_undo(curator, answer, status=409)
    assert "list cannot become empty" in conflict.context_data["problem"]
    assert everything() == before


def test_nothing_is_offered_for_what_is_seen_at_once_or_changes_other_tables(curator, draft, world, sign_in):
    proposal = Proposal.propose(
        annual_list=draft.list_of(Kind.PRIORITIES), user=world.member_a, title="Access", description="For all."
    )
    with pghistory.context(user=world.curator.pk) as context:
        proposal.accept(world.curator)
    with pytest.raises(CannotUndoError, match="more"):
        undo(context.id, world.curator)
    answer = act(curator, "delete_selected", entry(world.edition, "data"), confirmed=True)
    assert offered(answer) is None
    correction = {"reason": "A typo.", "title": "Data!", "action": "correct"}
    data = entry(world.edition, "data")
    form = {name: getattr(data, name) for name in Entry.WORDING}
    answer = curator.post(desk(world.edition, f"priorities/{data.pk}/correct/"), form | correction, follow=True)
    assert "Corrected." in notices(answer)
    assert offered(answer) is None
    assert offered(curator.get("/admin/record/")) is None


def test_the_history_offers_to_undo_what_nobody_has_seen_or_changed(curator, arranged, draft, world, sign_in):
    own, record = f"{PRIORITIES}{entry(draft, 'data').pk}/history/", "/admin/record/"
    before = order(draft)
    curator.get(record)  # shows the message
    for url in (own, record):
        assert offered(curator.get(url))[0] == offered(arranged)[0]
        assert offered(sign_in(world.bare_staff).get(url)) is None
    change(curator, entry(draft, "data"), title="Data and AI")
    curator.get("/admin/")
    where = offered(curator.get(own))
    assert where[0] != offered(arranged)[0]
    assert curator.post(*where)["Location"] == own
    assert order(draft) == before
    User.objects.filter(pk=world.member_a.pk).update(seen_at=timezone.now())
    curator.get("/admin/")
    assert offered(curator.get(own)) is offered(curator.get(record)) is None


def test_only_the_curator_who_did_it_undoes_it(curator, arranged, world, sign_in, client):
    address, form = offered(arranged)
    del form["made_for"]
    other = User.objects.create_superuser("other@mix.example", name="Other Curator")
    assert sign_in(other).post(address, form).status_code == 404
    assert sign_in(world.member_a).post(address, form).status_code in (302, 404)
    assert client.post(address, form).status_code == 302
    assert curator.get(address).status_code == 405
    unknown = "/admin/undo/00000000-0000-4000-8000-000000000000/"
    assert curator.post(unknown, form).status_code == 404
    User.objects.filter(pk=world.curator.pk).update(is_superuser=False)
    assert curator.post(address, form).status_code == 404


def test_the_next_page_is_of_the_portal(curator, arranged):
    address, form = offered(arranged)
    assert curator.post(address, form | {"next": "https://elsewhere.example/"})["Location"] == "/admin/"
