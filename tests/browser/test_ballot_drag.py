"""Dragging rows by their grips, with mouse and finger: within the ranked rows, into them and out of them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.ballot import Ballot, eventually, stored
from tests.worlds import rank

pytestmark = pytest.mark.django_db(transaction=True)


class Mouse:
    def __init__(self, ballot: Ballot) -> None:
        self.ballot, self.mouse = ballot, ballot.page.mouse

    def take(self, slug: str) -> None:
        self.ballot.row(slug).scroll_into_view_if_needed()
        self.x, self.y = middle(self.ballot.row(slug).locator(".grip").bounding_box())
        self.mouse.move(self.x, self.y)
        self.mouse.down()

    def carry(self, y: float) -> None:
        self.mouse.move(self.x, y, steps=4)

    def let_go(self) -> None:
        self.mouse.up()


class Finger(Mouse):
    """Touches as the screen sends them; the browser makes pointer events of them, or scrolls."""

    def __init__(self, ballot: Ballot) -> None:
        super().__init__(ballot)
        self.screen = ballot.page.context.new_cdp_session(ballot.page)

    def touch(self, what: str, *points: dict[str, float]) -> None:
        self.screen.send("Input.dispatchTouchEvent", {"type": what, "touchPoints": list(points)})

    def take(self, slug: str) -> None:
        self.ballot.row(slug).scroll_into_view_if_needed()
        self.x, self.y = middle(self.ballot.row(slug).locator(".grip").bounding_box())
        self.touch("touchStart", {"x": self.x, "y": self.y})

    def carry(self, y: float) -> None:
        for step in range(1, 5):
            self.touch("touchMove", {"x": self.x, "y": self.y + (y - self.y) * step / 4})

    def let_go(self) -> None:
        self.touch("touchEnd")


def middle(box) -> tuple[float, float]:
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


WITH_EITHER = pytest.mark.parametrize("hand", ["mouse", "finger"])


@pytest.fixture
def hand():
    return "mouse"


@pytest.fixture
def ballot(world, enter, session_of, hand):
    """The member's ballot, tall enough to need no scrolling, on a desk or on a phone."""
    rank(world.edition, world.member_a, "Cybersecurity", "Workforce", "Data", "Governance", action="save")
    if hand == "mouse":
        ballot = Ballot(enter(session_of(world.member_a), height=2000))
        ballot.hand = Mouse(ballot)
    else:
        ballot = Ballot(enter(session_of(world.member_a), width=360, height=2000, has_touch=True, is_mobile=True))
        ballot.hand = Finger(ballot)
    return ballot


def drag(ballot: Ballot, slug: str, *, above: str = "", below: str = "", off: bool = False) -> None:
    """Takes the row by its grip and lets it go where another row begins or ends, or among those not ranked."""
    ballot.hand.take(slug)
    box = ballot.page.locator("[data-split]").bounding_box() if off else ballot.row(above or below).bounding_box()
    ballot.hand.carry(box["y"] + (box["height"] + 20 if off else box["height"] if below else 0))
    ballot.hand.let_go()


@WITH_EITHER
def test_a_row_dragged_down_takes_its_new_place(ballot):
    drag(ballot, "cybersecurity", below="data")
    expect(ballot.said).to_have_text("Cybersecurity, 3rd. 4 of 8 ranked.")
    assert ballot.order == ["workforce", "data", "cybersecurity", "governance"]
    expect(ballot.number("cybersecurity")).to_have_value("3")
    ballot.saves("workforce", "data", "cybersecurity", "governance")


def test_a_row_dragged_up_takes_its_new_place(ballot):
    drag(ballot, "governance", above="cybersecurity")
    ballot.saves("governance", "cybersecurity", "workforce", "data")
    ballot.shows("governance", "cybersecurity", "workforce", "data")


@WITH_EITHER
def test_a_row_is_dragged_in_among_the_ranked_ones(ballot):
    drag(ballot, "social-media", above="workforce")
    expect(ballot.said).to_have_text("Social Media, 2nd. 5 of 8 ranked.")
    ballot.saves("cybersecurity", "social-media", "workforce", "data", "governance")
    expect(ballot.button("down:social-media")).to_have_count(1)


@WITH_EITHER
def test_a_row_is_dragged_out_of_the_ranked_ones(ballot):
    drag(ballot, "workforce", off=True)
    expect(ballot.said).to_have_text("Workforce taken off. 3 of 8 ranked.")
    ballot.saves("cybersecurity", "data", "governance")
    expect(ballot.number("workforce")).to_have_value("")


def test_the_first_row_is_dragged_into_an_empty_ranking(ballot, world):
    rank(world.edition, world.member_a, action="save")
    ballot.page.reload()
    ballot.hand.take("data")
    ballot.hand.carry(ballot.page.locator("[data-split]").bounding_box()["y"])
    ballot.hand.let_go()
    ballot.saves("data")


def test_ties_stay_together_and_a_row_dropped_beside_one_does_not_join_it(ballot, world):
    rank(world.edition, world.member_a, "Cybersecurity", ("Workforce", "Data"), "Governance", action="save")
    ballot.page.reload()
    drag(ballot, "governance", above="workforce")
    ballot.saves("cybersecurity", "governance", "data=workforce")
    drag(ballot, "data", above="cybersecurity")
    ballot.saves("data", "cybersecurity", "governance", "workforce")


def test_escape_puts_the_row_back(ballot):
    ballot.hand.take("cybersecurity")
    ballot.hand.carry(middle(ballot.row("governance").bounding_box())[1])
    expect(ballot.row("cybersecurity")).to_have_class("rank is-ranked rank--held")
    ballot.page.keyboard.press("Escape")
    expect(ballot.row("cybersecurity")).to_have_class("rank is-ranked")
    ballot.hand.let_go()
    ballot.page.wait_for_timeout(700)
    assert ballot.order == stored()[0] == ["cybersecurity", "workforce", "data", "governance"]


def test_a_finger_on_the_name_scrolls_the_page_and_moves_no_row(world, enter, session_of):
    rank(world.edition, world.member_a, "Cybersecurity", "Workforce", "Data", "Governance", action="save")
    ballot = Ballot(enter(session_of(world.member_a), width=360, height=600, has_touch=True, is_mobile=True))
    finger = Finger(ballot)
    finger.x, finger.y = middle(ballot.row("workforce").locator(".rank-name").bounding_box())
    finger.touch("touchStart", {"x": finger.x, "y": finger.y})
    finger.carry(finger.y - 200)
    finger.let_go()
    eventually(ballot.page, lambda: ballot.page.evaluate("scrollY > 100"), True)
    assert ballot.order == ["cybersecurity", "workforce", "data", "governance"]


def test_at_the_edge_of_the_screen_the_page_scrolls_along(world, enter, session_of):
    rank(world.edition, world.member_a, "Cybersecurity", "Workforce", "Data", "Governance", action="save")
    ballot = Ballot(enter(session_of(world.member_a), height=500))
    mouse = Mouse(ballot)
    mouse.take("cybersecurity")
    mouse.carry(495)
    unranked = ballot.page.locator("[data-split]")
    eventually(ballot.page, lambda: unranked.bounding_box()["y"] < 250, True)
    mouse.carry(300)
    mouse.let_go()
    ballot.saves("workforce", "data", "governance")
