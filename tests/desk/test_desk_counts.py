"""Tests that the desk’s counts equal what its pages list."""

from __future__ import annotations

import random
import re
from collections import Counter
from xml.etree.ElementTree import Element

import pytest
from django.db.models.functions import Now

from members.invitations import Invitation
from mixportal.editions.models import Entry, Kind
from mixportal.mail.models import Mail
from mixportal.trends.models import OutsideItem, OutsideList, OutsideSeries
from tests.curating import EDITIONS, filled, notices
from tests.members.inviting import invite
from tests.reading import page, text
from tests.worlds import PRIORITIES, closed, make_edition, rank

pytestmark = pytest.mark.django_db
MAILS, INVITATIONS = "/admin/mail/mail/", "/admin/members/invitation/"
OUTSIDE = "/admin/trends/outsidelist/import/"


def counts_in(words: str) -> Counter[str]:
    """Read "3 new, 1 changed, 7 not in the list, kept at the end" as a count for each action."""
    return Counter({action: int(number) for number, action in re.findall(r"([0-9]+) ([a-z]+)", words)})


def planned(root: Element) -> Counter[str]:
    [told] = [text(each) for each in root.iter("h2") if text(each).startswith("What this would do: ")]
    return counts_in(told.removeprefix("What this would do: ").removesuffix("; nothing to change"))


def entries_on(desk: Element) -> dict[str, int]:
    lists = [text(each).split() for each in desk.iter("li") if each.get("data-testid") == "list"]
    return {name.lower(): int(count) for name, count, _ in lists}


def test_a_pasted_list_is_counted_as_its_rows_say_and_so_is_what_was_written(curator):
    chance, draft = random.Random(3), make_edition(2031)
    for _ in range(2):
        titles = [
            *chance.sample(PRIORITIES, chance.randint(1, 7)),
            *(f"Thing {n}" for n in range(chance.randint(0, 3))),
        ]
        pasted = "Priorities\n" + "".join(f"- {title} – Meaning {chance.random()}.\n" for title in titles)
        url, before = f"{EDITIONS}{draft.pk}/desk/list/", Entry.objects.count()
        seen = curator.post(url, {"text": pasted}, follow=True)
        rows = [each for each in page(seen).iter("tr") if each.get("data-testid") == "change"]
        listed = Counter(re.match("[a-z]+", text(list(row)[1]))[0] for row in rows)
        assert planned(page(seen)) == listed
        done = curator.post(url, filled(seen, "confirm-import"), follow=True)
        assert counts_in(notices(done).removeprefix(f"{draft}: ")) == listed
        assert Entry.objects.count() - before == listed["new"]
        assert entries_on(page(done))["priorities"] == draft.list_of(Kind.PRIORITIES).entries.count()


def test_an_import_of_outside_lists_is_counted_as_its_lines_say(curator):
    chance = random.Random(4)
    for _ in range(2):
        rows = [f"Counties,counties’,2030,{place},Thing {chance.randint(1, 40)}b{place}" for place in range(1, 4)]
        rows.append(f"Counties,counties’,2030,{chance.randint(5, 9)},The same")
        seen = curator.post(OUTSIDE, {"text": "\n".join(["source,short_name,year,rank,title", *rows])}, follow=True)
        told = [text(each) for each in page(seen).iter("li") if each.get("data-testid") == "change"]
        listed = Counter(re.search("(?:list|item|series) +([a-z]+)", each)[1] for each in told)
        counted = planned(page(seen))
        assert {action: count for action, count in counted.items() if action != "unchanged"} == listed
        stored = sum(model.objects.count() for model in (OutsideSeries, OutsideList, OutsideItem))
        done = curator.post(OUTSIDE, filled(seen, "confirm-import"), follow=True)
        assert counts_in(notices(done).removeprefix("Imported: ")) == counted
        assert sum(m.objects.count() for m in (OutsideSeries, OutsideList, OutsideItem)) - stored == listed["new"]


def test_the_desk_counts_what_a_list_lacks_of_its_entries(curator, world):
    chance, draft = random.Random(5), make_edition(2031)
    for entry in draft.list_of(Kind.PRIORITIES).entries.in_order():
        entry.description = chance.choice(("", entry.description))
        entry.in_plain_words = chance.choice(("", entry.in_plain_words))
        entry.save()
    root = page(curator.get(f"{EDITIONS}{draft.pk}/desk/"))
    entries = entries_on(root)
    told = re.findall(
        r"([0-9]+) of ([0-9]+) (priorities|challenges) (have no meaning|have no plain|continue)", text(root)
    )
    assert {(kind, int(of)) for _, of, kind, _ in told} <= set(entries.items())
    counts = {(kind, what): int(count) for count, _, kind, what in told}
    lacking = draft.list_of(Kind.PRIORITIES).entries.all()
    assert counts["priorities", "have no meaning"] == lacking.filter(description="").count()
    assert counts["priorities", "have no plain"] == lacking.filter(in_plain_words="").count()
    assert counts["challenges", "continue"] == entries["challenges"]


def states_of(client, url: str, column: str, *states: str) -> dict[str, list[str]]:
    """Return the column’s text for each filter, with the number of rows that Django counts."""
    found = {}
    for state in ("", *states):
        root = page(client.get(url, {"state": state} if state else {}))
        cells = [text(each) for each in root.iter("td") if f"field-{column}" in (each.get("class") or "").split()]
        [told] = [text(each) for each in root.iter() if "paginator" in (each.get("class") or "").split()][:1]
        assert int(re.search("([0-9]+) (?:mail|invitation)", told)[1]) == len(cells)
        found[state] = cells
    assert sum(len(found[state]) for state in states) == len(found[""])
    return found


def test_mails_are_counted_by_the_state_that_they_show(curator, world):
    for number, attempts in enumerate((0, 0, 1, 3)):
        Mail.objects.create(kind="invitation", to=f"{number}@town.example", cause=f"test:{number}", attempts=attempts)
    Mail.objects.create(kind="results", to="sent@town.example", cause="test:sent", sent_at=Now())
    Mail.objects.create(kind="results", to="gone@town.example", cause="test:gone", given_up_at=Now(), attempts=8)
    found = states_of(curator, MAILS, "state", "waiting", "failed", "given-up", "sent")
    assert found["waiting"] == ["Waits to be sent"] * 2
    assert sorted(found["failed"]) == ["Failed 3 times, is tried again", "Failed once, is tried again"]
    assert [each.split(" on ")[0] for each in (*found["given-up"], *found["sent"])] == ["Given up", "Sent"]
    chosen = Mail.objects.exclude(kind="results").values_list("pk", flat=True)
    again = curator.post(MAILS, {"action": "try_again", "_selected_action": list(chosen)}, follow=True)
    assert notices(again).startswith("4 mails will be tried again")


def test_invitations_are_counted_by_the_state_that_they_show(curator, world):
    for number in range(5):
        invite(world, email=f"{number}@new.example")
    invitations = list(Invitation.objects.order_by("pk"))
    invitations[0].revoke(reason="A typo.")
    Invitation.objects.filter(pk=invitations[1].pk).update(sent_at="2020-01-01T00:00Z", expires_at="2020-01-15T00:00Z")
    found = states_of(curator, INVITATIONS, "how_it_stands", "waiting", "lapsed", "accepted", "withdrawn")
    assert {state: len(cells) for state, cells in found.items() if state} == {
        "waiting": 3, "lapsed": 1, "accepted": 0, "withdrawn": 1,
    }  # fmt: skip
    assert all(cell == state for state, cells in found.items() if state for cell in cells)


def test_the_desk_of_a_closed_list_counts_and_names_who_did_not_cast(world, curator):
    rank(world.edition, world.member_a, "Data", "Workforce")
    closed(world.edition)
    shown = text(page(curator.get(f"{EDITIONS}{world.edition.pk}/desk/")))
    assert "2 governments did not cast every ballot" in shown
    assert "Halloran County Ben Nakamura did not cast did not cast" in shown
    assert "Port Merrow County Rosa Delgado cast did not cast" in shown
