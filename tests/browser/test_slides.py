"""The summary as slides: by keyboard with script, to scroll without, one a page on paper."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db


def test_slides_turn_by_keyboard_and_escape_brings_the_whole_page_back(demonstration, enter):
    page = enter()
    page.goto("/2025/slides/")
    slides = page.locator(".slide")
    expect(slides.nth(3)).to_be_visible()
    many = slides.count()
    page.keyboard.press("Home")
    expect(slides.first).to_be_visible()
    expect(slides.nth(1)).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(slides.nth(1)).to_be_visible()
    expect(slides.first).to_be_hidden()
    page.keyboard.press("End")
    expect(slides.last).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(slides.last).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(slides.nth(many - 2)).to_be_visible()
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == many
    page.keyboard.press("Escape")
    expect(slides.first).to_be_visible()
    expect(slides.last).to_be_visible()


SMALL = """() => {
  const sizes = [...document.querySelectorAll("main *")]
    .filter(each => each.checkVisibility() && !each.closest(".vh"))
    .filter(each => [...each.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()))
    .map(each => [parseFloat(getComputedStyle(each).fontSize), each.textContent.trim().slice(0, 30)]);
  return sizes.filter(([size]) => size < 28);
}"""


def test_on_a_projector_no_text_is_small_and_the_list_with_its_picture_fits(demonstration, enter):
    page = enter(width=1920, height=1080)
    page.goto("/2025/slides/")
    assert page.evaluate(SMALL) == []
    page.keyboard.press("Home")
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    shown = page.locator(".slide.is-shown")
    expect(shown.locator("svg.lad")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollHeight") <= 1080
    expect(shown.locator(".talk p")).to_be_hidden()
    page.keyboard.press("n")
    expect(shown.locator(".talk p")).to_be_visible()
