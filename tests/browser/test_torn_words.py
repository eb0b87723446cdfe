"""No line breaks within an ordinal, such as 2nd, or within another short word, on screens and on paper."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db

TORN = r"""() => {
    const words = /[0-9]+(?:st|nd|rd|th)\b|(?<![\p{L}\p{N}_\/@.:=-])\p{L}{2,12}(?![\p{L}\p{N}_\/@:=-])/gu;
    const torn = new Set(), known = new Map([[document.body, false]]);
    const isUnseen = (each) => {
        if (!known.has(each)) {
            const box = each.getBoundingClientRect();
            const isTiny = (box.width < 2 || box.height < 2) && getComputedStyle(each).display !== "contents";
            known.set(each, isTiny || isUnseen(each.parentElement));
        }
        return known.get(each);
    };
    const linesOf = (range) =>
        new Set([...range.getClientRects()].filter((r) => r.width > 0.5).map((r) => Math.round(r.top))).size;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node; (node = walker.nextNode()); ) {
        if (node.parentElement.closest("script, style, noscript, textarea, option, .vh, .digest")) continue;
        if (!node.data.trim() || isUnseen(node.parentElement)) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        if (linesOf(range) < 2) continue;
        for (const found of node.data.matchAll(words)) {
            range.setStart(node, found.index);
            range.setEnd(node, found.index + found[0].length);
            if (linesOf(range) > 1) torn.add(found[0]);
        }
    }
    const boxOf = (node, from, to) => {
        const range = document.createRange();
        range.setStart(node, from);
        range.setEnd(node, to);
        return range.getBoundingClientRect();
    };
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let last = null, node; (node = texts.nextNode()); last = node) {
        const suffix = last && /[0-9]$/.test(last.data) && node.data.match(/^(?:st|nd|rd|th)\b/);
        if (!suffix || isUnseen(last.parentElement) || isUnseen(node.parentElement)) continue;
        const number = boxOf(last, last.length - 1, last.length);
        const box = boxOf(node, 0, suffix[0].length);
        if (box.top >= number.bottom || box.left < number.right - 2) torn.add(last.data + suffix[0]);
    }
    return [...torn];
}"""
BRIEF = "/governments/port-merrow-county/2025/"
PAGES = {
    None: ["/", "/2025/priorities/", "/2025/priorities/results/", "/2025/summary/", "/trends/priorities/", "/2018/priorities/"],
    "member-a": [
        "/", "/2025/priorities/compare/?g=kestrel-ridge&g=tremaine-county", "/2025/priorities/compare/cohorts/", "/2025/priorities/map/",
        "/2026/priorities/ballot/", "/2026/priorities/ballot/reasons/", "/2025/priorities/ballot/",
        "/2025/priorities/cybersecurity/",
        "/2025/hindrances/", "/2026/hindrances/ours/", "/2027/proposals/", "/2027/room/", "/search/?q=data", "/governments/",
    ],
    "leader-a": ["/", BRIEF, "/2025/", "/2025/slides/"],
    "curator": ["/", "/admin/", "/2026/"],
}  # fmt: skip


LOOKS = [(320, "screen"), (360, "screen"), (768, "screen"), (1280, "screen"), (816, "print")]


@pytest.mark.parametrize("who", PAGES)
def test_no_short_word_is_torn(demonstration, enter, who):
    """Each page is loaded once and then made wider, as on a phone that is turned."""
    page = enter(demonstration[who] if who else None)
    torn = {}
    for address in PAGES[who]:
        for number, (width, media) in enumerate(LOOKS):
            page.set_viewport_size({"width": width, "height": 1000})
            page.emulate_media(media=media)
            if number == 0:
                page.goto(address)
            page.evaluate("document.fonts.ready.then(() => true)")
            if found := page.evaluate(TORN):
                torn[address, width] = found
    assert torn == {}
