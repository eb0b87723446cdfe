"""Measure a page in the browser: small type, small targets, layout shift and sideways scroll."""

from __future__ import annotations

from playwright.sync_api import Page

SMALLEST = 13  # px
FINGER = 44  # px
# Slow 4G as browsers emulate it
SLOW_LINE = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 90_000}

SMALL_TYPE = """smallest => {
    const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const text = walker.currentNode.data.trim(), element = walker.currentNode.parentElement;
        if (!text || element.closest("script, title, .vh") || !element.checkVisibility()) continue;
        const size = parseFloat(getComputedStyle(element).fontSize);
        if (size < smallest) found.push(`${text.slice(0, 30)}: ${size} px`);
    }
    return found;
}"""

# Test points around the middle of a target. A link within a sentence, or on two lines, may be less than 44 px high.
LOW_TARGETS = """finger => {
    const inSentence = element => {
        let block = element.parentElement;
        while (getComputedStyle(block).display === "inline") block = block.parentElement;
        const rest = block.cloneNode(true);
        rest.querySelectorAll("a, button, .vh").forEach(each => each.remove());
        return getComputedStyle(element).display === "inline" && /[\\p{L}\\d]/u.test(rest.textContent);
    };
    const found = [];
    for (const element of document.querySelectorAll("a, button, summary, select, input, textarea")) {
        if (!element.checkVisibility() || element.disabled || element.closest("svg, .skip, .vh")) continue;
        if (element.getClientRects().length > 1 || inSentence(element)) continue;
        element.scrollIntoView({block: "center", behavior: "instant"});
        const label = [...(element.labels ?? [])].find(each => each.contains(element));
        const box = (label ?? element).getBoundingClientRect(), x = box.x + box.width / 2, y = box.y + box.height / 2;
        const hits = (right, down) => {
            const hit = document.elementFromPoint(x + right, y + down);
            return element.contains(hit) || label?.contains(hit);
        };
        const half = finger / 2 - 1, steps = [-half, -half / 2, 0, half / 2, half];
        if (steps.every(step => hits(step, 0) && hits(0, step))) continue;
        const reach = (right, down) => {
            let length = 0;
            while (length < finger && hits(right * length, down * length)) length++;
            return length;
        };
        const [wide, high] = [reach(-1, 0) + reach(1, 0), reach(0, -1) + reach(0, 1)];
        if (box.width > 2 && Math.min(wide, high) < finger - 2)
            found.push(`${element.textContent.trim().slice(0, 30)}: ${wide} x ${high} px`);
    }
    return found;
}"""

# WCAG 1.4.12, in a sheet of its own, which the content security policy permits
SPACING = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
        p { margin-block-end: 2em !important }`);
    document.adoptedStyleSheets = [sheet];
}"""

COUNT_SHIFTS = """window.shifted = 0;
new PerformanceObserver(list => list.getEntries().forEach(each => window.shifted += each.value))
    .observe({type: "layout-shift", buffered: true});"""


def faults_of_type(page: Page) -> list[str]:
    """Return text and targets that are too small on a phone, and what makes an enlarged page scroll sideways."""
    page.set_viewport_size({"width": 360, "height": 900})
    found = [*page.evaluate(SMALL_TYPE, SMALLEST), *page.evaluate(LOW_TARGETS, FINGER)]

    def measure(what: str, width: int) -> None:
        page.set_viewport_size({"width": width, "height": 256})
        across = page.evaluate("document.documentElement.scrollWidth")
        if across > width:
            found.append(f"{what}: {across} px wide at {width}")

    measure("at four times its size", 1280 // 4)
    page.evaluate(SPACING)
    measure("with wide spacing", 360)
    page.evaluate("document.adoptedStyleSheets = []; document.documentElement.style.fontSize = '200%'")
    measure("with twice the type", 360)
    return found


def shift_on_a_slow_line(page: Page, path: str) -> float:
    """Return the layout shift of a first visit."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.send("Network.emulateNetworkConditions", SLOW_LINE)
    page.add_init_script(COUNT_SHIFTS)
    page.goto(path)
    page.evaluate("document.fonts.ready.then(() => new Promise(resolve => setTimeout(resolve, 200)))")
    return float(page.evaluate("window.shifted"))
