"""The curators' pages: nothing that axe objects to, no sideways scroll, no error in the console."""

from __future__ import annotations

import re

import pytest
from django.contrib import admin
from django.urls import reverse
from playwright.sync_api import expect

from members.models import Government, User
from mixportal.desk.admin.people import GOVERNMENT_VERBS, USER_VERBS
from mixportal.editions.models import Edition, Kind
from tests.browser.test_pages import faults_of

pytestmark = pytest.mark.django_db

MODELS = list(admin.site._registry)


def address(model, page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args).removeprefix("/")


def test_the_index_and_every_list(demonstration, enter, brief):
    lists = [address(model, "changelist") for model in MODELS]
    assert faults_of(enter(demonstration["curator"]), "admin/", *lists, brief=brief) == {}


def test_every_form(demonstration, enter, brief):
    forms = [address(model, "change", some.pk) for model in MODELS if (some := model._default_manager.first())]
    forms += [address(model, "add") for model in MODELS if not model._default_manager.exists()]
    drafting = Edition.objects.drafting().first()
    others = [address(Edition, name, drafting.pk) for name in ("change", "history", "delete")]
    curator = User.objects.get(name="Adaeze Lindholm")
    asking = [address(Government, verb.key, Government.objects.first().pk) for verb in GOVERNMENT_VERBS]
    asking += [address(User, verb.key, curator.pk) for verb in USER_VERBS]
    assert faults_of(enter(demonstration["curator"]), *forms, *others, *asking, brief=brief) == {}


def desk(edition: Edition, rest: str = "") -> str:
    return f"admin/editions/edition/{edition.pk}/desk/{rest}"


def test_every_page_of_the_desk(demonstration, enter, brief):
    drafting, opened = (Edition.objects.get(year=year) for year in (2027, 2026))
    entry = drafting.list_of(Kind.PRIORITIES).entries.first()
    pages = [desk(drafting), desk(opened), desk(drafting, "do/window/"), desk(opened, "do/close/")]
    pages += [desk(drafting, rest) for rest in ("mail/", "list/", "priorities/order/", "priorities/lineage/")]
    pages += [desk(drafting, f"priorities/{entry.pk}/split/")]
    assert faults_of(enter(demonstration["curator"]), *pages, brief=brief) == {}


@pytest.mark.parametrize("width", [360, 1280])
def test_the_population_of_a_large_county_fits_its_field(demonstration, enter, width):
    page = enter(demonstration["curator"], width=width)
    page.goto(reverse("admin:members_government_change", args=[Government.objects.first().pk]))
    population = page.get_by_label("Population:", exact=True)
    population.fill("10014009")
    assert population.evaluate("field => field.scrollWidth <= field.clientWidth")


def test_a_table_that_is_wider_than_a_phone_shows_that_it_scrolls(demonstration, enter):
    page = enter(demonstration["curator"], width=360)
    for address in ("admin/members/user/", desk(Edition.objects.get(year=2027), "priorities/lineage/")):
        page.goto(f"/{address}")
        frame = page.get_by_role("table").locator("..")
        assert frame.evaluate("frame => frame.scrollWidth > frame.clientWidth")
        expect(frame).to_have_css("background-image", re.compile("(linear-gradient.*){4}"))
    why = page.get_by_label("Why").bounding_box()
    assert why["x"] + why["width"] <= 360


@pytest.mark.parametrize("what", ["editions_edition_list", "members_invitation_import"])
def test_the_preview_of_an_import_fits_a_phone_and_back_sends_nothing_again(demonstration, enter, what):
    drafting = [Edition.objects.get(year=2027).pk] if what == "editions_edition_list" else []
    government = Government.objects.filter(seat__isnull=False).first()
    text = (
        f"Priorities\n- Data – {'What data means. ' * 9}\n- {'Interoperability-' * 4} – Long.\n"
        if drafting
        else f"name,address,role,government\nNoor Aziz,{'noor.aziz.' * 6}x@mix.example,leader,{government.name}\n"
    )
    page = enter(demonstration["curator"], width=360, height=740)
    page.goto(reverse(f"admin:{what}", args=drafting))
    page.get_by_label("Paste it here").fill(text)
    page.get_by_role("button", name="Show what it would do").click()
    expect(page.get_by_test_id("change").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.goto("/admin/")
    posted = []
    page.on("request", lambda request: request.method == "POST" and posted.append(request.url))
    page.go_back()
    expect(page.get_by_test_id("change").first).to_be_visible()
    assert posted == []


def test_a_refused_list_says_why_beside_its_frame_and_a_preview_keeps_its_words_whole(demonstration, enter):
    page = enter(demonstration["curator"], width=1280, height=900)
    page.goto(reverse("admin:editions_edition_list", args=[Edition.objects.get(year=2027).pk]))
    pasted, send = page.get_by_label("Paste it here"), page.get_by_role("button", name="Show what it would do")
    send.click()
    note = page.locator(".errornote")
    expect(note).not_to_have_css("padding-left", "0px")
    assert page.locator(".errorlist").bounding_box()["x"] == note.bounding_box()["x"]
    pasted.fill(f"Challenges\n- Heat – {'Too much of it. ' * 30}\n")
    send.click()
    cell = page.get_by_test_id("change").locator("td", has_text="Challenges").first
    expect(cell).to_have_css("white-space", "nowrap")


def test_a_double_click_on_the_desk_is_sent_once(demonstration, enter):
    page = enter(demonstration["curator"])
    posted = []
    page.on("request", lambda request: request.method == "POST" and posted.append(request.url))
    page.goto(f"/{desk(Edition.objects.get(year=2027), 'challenges/order/')}")
    page.get_by_role("button", name="Save the order").dblclick()
    expect(page.get_by_text("The order of the challenges is saved.")).to_be_visible()
    assert len(posted) == 1


def press_to(page, name: str) -> None:
    """Tab until the element of that name has the focus, then Enter, which leads to another page."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if name in page.evaluate("document.activeElement.innerText || document.activeElement.value || ''"):
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    raise AssertionError(f"{name} is not reached by Tab")


def test_a_curator_with_a_keyboard_alone_reads_the_mail_and_sets_the_window(demonstration, enter):
    page = enter(demonstration["curator"])
    page.goto(f"/{desk(Edition.objects.get(year=2027))}")
    press_to(page, "No curator has read the mail")
    expect(page.get_by_role("heading", name="The mail that tells of the opening")).to_be_visible()
    press_to(page, "I have read it")
    expect(page.get_by_text("The mail is marked as read.")).to_be_visible()
    press_to(page, "Set the window")
    expect(page.get_by_role("heading", name="When do the ballots open and close?")).to_be_visible()
    press_to(page, "Set the window")
    expect(page.get_by_text("2027: window set.")).to_be_visible()  # the days were proposed


def test_an_entry_is_dragged_to_another_place_and_nothing_is_saved_before_save(demonstration, enter):
    page = enter(demonstration["curator"], width=360)
    draft = Edition.objects.get(year=2027)
    page.goto(f"/{desk(draft, 'priorities/order/')}")
    titles = "[...document.querySelectorAll('.sorter li')].map((row) => row.dataset.title)"
    before = page.evaluate(titles)
    grip, below = (page.locator(".grip").nth(row).bounding_box() for row in (0, 2))
    page.mouse.move(grip["x"] + 4, grip["y"] + 4)
    page.mouse.down()
    page.mouse.move(below["x"] + 4, below["y"] + below["height"])
    page.mouse.up()
    expect(page.get_by_role("status")).to_have_text(f"{before[0]}, place 3. Not saved yet.")
    moved = [before[1], before[2], before[0], *before[3:]]
    assert page.evaluate(titles) == moved
    assert page.evaluate("[...document.querySelectorAll('.sorter input')].map((field) => field.value)") == [
        str(place + 1) for place in range(len(before))
    ]
    assert [each.title for each in draft.list_of(Kind.PRIORITIES).entries.in_order()] == before
    with page.expect_navigation():
        page.get_by_role("button", name="Save the order").click()
    assert [each.title for each in draft.list_of(Kind.PRIORITIES).entries.in_order()] == moved
