"""Rules of investments in the database and in the model."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction

from members.models import NotSeatedError
from mixportal.editions.saving import StaleError
from mixportal.results.publishing import publish
from priorities.models import Investment, ListIsPastError
from tests.priorities.conftest import priority, tell
from tests.worlds import make_edition, make_government, open_edition, published


def test_the_database_refuses_what_makes_no_sense(world):
    stored = tell(world.member_a, priority(world.edition))
    for wrong in (
        "status = 'dreamt'", "cost = 'much'", "audience = 'nobody'", "staff = -1", "from_year = 12",
        "from_year = 2030, to_year = 2029", "summary = E'one\\ntwo'", f"government_id = {world.halloran.pk}",
    ):  # fmt: skip
        sql = f"UPDATE priorities_investment SET {wrong} WHERE id = %s"
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [stored.pk])


def test_a_government_says_one_thing_of_a_priority(world):
    entry = priority(world.edition)
    first = tell(world.member_a, entry)
    second = tell(world.delegate_a, entry, status="in_place")
    assert (first.pk, first.version) == (second.pk, 1)
    assert (second.version, second.updated_by, Investment.objects.count()) == (2, world.delegate_a, 1)


def test_a_stale_save_changes_nothing_and_hands_back_what_stands(world):
    entry = priority(world.edition)
    told = tell(world.member_a, entry).facts
    tell(world.delegate_a, entry, status="in_place")
    with pytest.raises(StaleError) as overtaken:
        Investment.record(
            priority=entry, government=world.port, user=world.member_a, facts={**told, "status": "planned"}, version=1
        )
    assert overtaken.value.stored.status == "in_place"
    assert Investment.objects.get().status == "in_place"


def test_a_repeat_of_what_is_stored_is_answered_as_saved(world):
    entry = priority(world.edition)
    stored = tell(world.member_a, entry)
    again = Investment.record(priority=entry, government=world.port, user=world.member_a, facts=stored.facts, version=0)
    assert (again.pk, again.version) == (stored.pk, 1)


def test_what_is_told_anew_after_a_removal_is_not_mistaken_for_what_was_removed(world):
    entry = priority(world.edition)
    told = tell(world.member_a, entry).facts
    Investment.withdraw(priority=entry, government=world.port, user=world.member_a, version=1)
    with pytest.raises(StaleError):
        Investment.record(priority=entry, government=world.port, user=world.member_a, facts=told, version=1)
    assert tell(world.delegate_a, entry).version == 3
    with pytest.raises(StaleError):
        Investment.withdraw(priority=entry, government=world.port, user=world.member_a, version=1)


def test_the_history_keeps_what_was_removed(world):
    entry = priority(world.edition)
    tell(world.member_a, entry, summary="We share a night shift.")
    Investment.withdraw(priority=entry, government=world.port, user=world.member_a, version=1)
    events = Investment._meta.get_field("events").related_model.objects.order_by("pgh_id")
    assert [(event.pgh_label, event.summary) for event in events] == [
        ("insert", "We share a night shift."),
        ("update", "We share a night shift."),
    ]


def test_it_may_be_told_from_the_draft_until_a_later_list_is_published(phases):
    for edition in (phases.published, phases.closed, phases.open, phases.drafting):
        assert tell(phases.member_a, priority(edition)).version == 1
    with pytest.raises(ListIsPastError):
        tell(phases.member_a, priority(phases.unranked))
    publish(phases.closed)
    with pytest.raises(ListIsPastError):
        tell(phases.member_a, priority(phases.published), status="in_place")


def test_raw_sql_does_not_change_what_was_told_of_a_past_list(phases):
    stored = tell(phases.member_a, priority(phases.published))
    publish(phases.closed)
    for sql in (
        "UPDATE priorities_investment SET status = 'planned' WHERE id = %s",
        "DELETE FROM priorities_investment WHERE id = %s",
    ):
        refused = pytest.raises(IntegrityError, match="later list is published")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [stored.pk])


def test_a_government_without_a_seat_tells_nothing(world):
    world.member_a.government = make_government("Seatless", None)
    with pytest.raises(NotSeatedError):
        tell(world.member_a, priority(world.edition))


def test_what_was_told_last_year_is_found_along_the_line(world):
    earlier = open_edition(make_edition(2029))
    tell(world.member_a, priority(earlier, "Data"), summary="A catalog.")
    published(earlier)
    later = priority(world.edition, "Governance")
    assert Investment.from_last_year(later, world.port) is None
    priority(earlier, "Data").line.join(later.line, reason="the same under another name")
    later = priority(world.edition, "Governance")
    assert Investment.from_last_year(later, world.port).summary == "A catalog."
    assert Investment.from_last_year(later, world.halloran) is None


# who sees what Port Merrow tells to whom, while ballots are open and once the list is published
SEES = {
    "member_a": "government members public",
    "delegate_a": "government members public",
    "leader_a": "government members public",
    "member_b": "members public",
    "curator": "members public",
    "leader_b": "public",
    "former": "",
    None: "",
}
PUBLISHED = {**SEES, "former": "public", None: "public"}


def test_each_sees_what_is_told_to_them(world):
    world.leader_b = type(world.leader_a).objects.create_user(
        "b@b.example", name="Bo Leader", role="leader", government=world.halloran
    )
    titles = {"government": "Data", "members": "Workforce", "public": "Governance"}
    for audience, title in titles.items():
        tell(world.member_a, priority(world.edition, title), audience=audience)

    def seen() -> dict:
        users = {who: getattr(world, who) if who else AnonymousUser() for who in SEES}
        found = {
            who: Investment.objects.visible_to(user).values_list("audience", flat=True) for who, user in users.items()
        }
        return {who: " ".join(sorted(audiences)) for who, audiences in found.items()}

    assert seen() == SEES
    published(world.edition)
    assert seen() == PUBLISHED


def test_nobody_but_insiders_sees_what_is_told_of_a_draft(phases):
    tell(phases.member_a, priority(phases.drafting), audience="public")
    for user, sees in ((phases.leader_a, 0), (AnonymousUser(), 0), (phases.member_b, 1), (phases.curator, 1)):
        assert Investment.objects.visible_to(user).count() == sees
