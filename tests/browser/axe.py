"""axe-core 4.14.1 (vendor/axe.min.js, MPL-2.0) on pages as they stand, in every look that the portal has."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Page

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
ALL = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
ON_PAPER = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"]}  # no finger points at paper
OF_COLOR = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
# Colors that are still on their way from one scheme to the other would be measured there. Without `preload`, which would
# write styles into the page to read them, axe leaves out css-orientation-lock: test_looks.py has that.
START = """rules => {
    document.getAnimations().forEach(each => each.finish());
    window.found = axe.run(document, {runOnly: rules, preload: false, resultTypes: ["violations"]});
}"""
FOUND = """() => found.then(({violations}) => violations.flatMap(
    rule => rule.nodes.map(node => `${rule.id}: ${node.target.join(" ")}: ${node.html}`)))"""

# A short word on three lines or more: its column is too narrow to read.
BROKEN_WORDS = """() => {
    const found = [], known = new Map(), walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const isForReadersAlone = element => {
        if (element && !known.has(element))
            known.set(element, element.offsetWidth <= 1 || isForReadersAlone(element.parentElement));
        return known.get(element);
    };
    while (walker.nextNode()) {
        const word = /[a-z]{5,12}/i.exec(walker.currentNode.data);
        if (!word || isForReadersAlone(walker.currentNode.parentElement)) continue;
        const range = document.createRange();
        range.setStart(walker.currentNode, word.index);
        range.setEnd(walker.currentNode, word.index + word[0].length);
        if (new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 2) found.push(word[0]);
    }
    return found;
}"""


# The rows of a table, the options of a field and the items of a list are made alike: the first of them show what is wrong.
SHORTEN = """length => document.querySelectorAll("tbody, select, ul, ol").forEach(
    list => [...list.children].slice(length).forEach(each => each.remove()))"""
ROWS = 12
LOOKS = [(360, "light"), (1280, "dark"), (360, "dark"), (1280, "light")]


def faults(page: Page) -> list[str]:
    """Every violation on the page as it stands, narrow and light, wide and dark; and any sideways scroll."""
    return faults_of_each([page], LOOKS[:2])[0]


def faults_on_paper(page: Page) -> list[str]:
    page.emulate_media(media="print", color_scheme="light")
    page.evaluate(START, ON_PAPER)
    found: list[str] = page.evaluate(FOUND)
    return found


def faults_of_each(pages: list[Page], looks: Sequence[tuple[int, str]], *, brief: bool = False) -> list[list[str]]:
    """The same for several pages at once, each in a process of its own. `looks` begin with all the widths there are.

    In brief, axe reads the first rows of each list and takes the others off the page, and after the first look it reads
    colors alone.
    """
    found: list[list[str]] = [[] for _ in pages]
    for page in pages:
        page.wait_for_load_state()
    for width in dict.fromkeys(width for width, _ in looks):
        for page, here in zip(pages, found, strict=True):
            page.set_viewport_size({"width": width, "height": 1000})
            here += [f"{width} px: a column too narrow for {word!r}" for word in page.evaluate(BROKEN_WORDS)]
            across = page.evaluate("document.documentElement.scrollWidth")
            if across > width:
                here.append(f"{width} px: scrolls sideways, {across} px wide")
    for page in pages:
        if brief:
            page.evaluate(SHORTEN, ROWS)
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE)
    seen: set[int] = set()
    for width, scheme in looks:
        rules = OF_COLOR if width in seen or (brief and seen) else ALL  # the schemes differ in colors alone
        seen.add(width)
        for page in pages:
            page.set_viewport_size({"width": width, "height": 1000})
            page.emulate_media(color_scheme=scheme)
            page.evaluate(START, rules)
        for page, here in zip(pages, found, strict=True):
            here += [f"{width} px, {scheme}: {fault}" for fault in page.evaluate(FOUND)]
    return found
