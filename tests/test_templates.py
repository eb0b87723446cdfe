"""Templates hold no logic, no script and no style; the pages they make are sound HTML, and every link leads somewhere."""

from __future__ import annotations

import html
import itertools
import re
from collections import Counter
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit

import html5lib
import pytest
from django.conf import settings
from django.template import Context, NodeList
from django.template.base import VariableNode
from django.template.defaulttags import CommentNode, LoadNode
from django.template.loader import get_template
from django.template.loader_tags import BlockNode, ExtendsNode
from django.urls import Resolver404, resolve

from members.models import Office
from mixportal.editions.models import Kind, database_now
from tests.worlds import make_edition, rank, seat_governments

TEMPLATES_DIR = Path(settings.BASE_DIR) / "templates"
TEMPLATES = sorted(TEMPLATES_DIR.rglob("*.*"))

FORBIDDEN = {
    "an inline script": r"<script(?![^>]*\bsrc=)",
    "an inline style sheet": r"<style",
    "a style attribute": r"\sstyle\s*=",
    "a handler in an attribute": r"\son[a-z]+\s*=(?![^{%]*%})",  # a name that a tag sets, as in {% with one=... %}, is none
    "unescaped output": r"\|\s*safe\b|\|\s*safeseq\b|{%\s*autoescape\s+off",
    "an hx- attribute without data-": r"[\s\"']hx-[a-z]",
    "hx-on": r"hx-on",
    "a javascript address": r"javascript:|\bjs:",
    "hx-vals or hx-headers that are evaluated": r"hx-(vals|headers|vars|request)\s*=",
    "a filter on a trigger": r"data-hx-trigger=\"[^\"]*\[",
    "hx-disable or an extension": r"hx-(ext|disable)\b",
    "an address of elsewhere": r"(src|href|action)\s*=\s*\"(https?:)?//",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_holds(what):
    found = [
        str(path.relative_to(TEMPLATES_DIR))
        for path in TEMPLATES
        if re.search(FORBIDDEN[what], path.read_text(encoding="utf-8"), re.I)
    ]
    # a mail carries its style, because it may load nothing
    assert found == (["mail/base.html"] if what == "an inline style sheet" else [])


def test_no_python_marks_text_as_safe_by_hand():
    """format_html escapes what it is given; mark_safe believes it. QR codes are numbers. What the tag
    `oneline` writes is a rendered block of a template, escaped there."""
    house = [Path(settings.BASE_DIR) / room for room in ("mixportal", "members", "priorities", "challenges")]
    sources = [path for room in house for path in room.rglob("*.py")]
    assert len(sources) > 40
    believing = [path.name for path in sources if re.search(r"mark_safe|SafeString\(", path.read_text())]
    assert sorted(believing) == ["qr.py", "second_factor.py", "templatetags.py"]
    # what stops a mail by its signed address is posted to by mail programs, which have no token of ours
    exempted = re.compile(r"^(?!from |import ).*csrf_exempt.*\n(?:@.*\n)*(.*)", re.M)
    found = [line for path in sources for line in exempted.findall(path.read_text())]
    assert [line.partition("(")[0] for line in found] == ["def stop_mail"]


def test_each_icon_that_a_template_names_is_in_the_sprite_and_each_in_the_sprite_is_used():
    sprite = (Path(settings.BASE_DIR) / "static" / "img" / "icons.svg").read_text(encoding="utf-8")
    drawn = re.findall(r'<symbol id="([a-z-]+)"', sprite)
    named = {
        name
        for path in TEMPLATES
        for name in re.findall(r'(?:% icon |\bwith\b[^%]* icon=)"([^"]*)"', path.read_text(encoding="utf-8"))
    }
    assert len(drawn) == len(set(drawn)) > 5
    assert named == set(drawn)


def test_a_fragment_is_an_underscore_template_without_a_page_around_it():
    for path in TEMPLATES:
        if path.name.startswith("_"):
            text = path.read_text(encoding="utf-8")
            assert "{% extends" not in text, path
            assert "<html" not in text, path


def blocks_in(nodes: NodeList) -> list[tuple[BlockNode, bool]]:
    """The blocks that these nodes render, outermost ones only, and whether `block.super` is among what they render."""
    found = []
    for node in nodes:
        if isinstance(node, BlockNode):
            found.append(node)
        else:
            for name in node.child_nodelists:
                found += blocks_in(getattr(node, name, None) or NodeList())
    return found


def unreachable_blocks(name: str) -> set[str]:
    """The blocks of a template that no page shows, because it also replaces a block around them."""
    chain: list[dict[str, BlockNode]] = []
    context = Context()
    context.template = get_template(name).template
    nodes = context.template.nodelist
    own = {block.name for block in nodes.get_nodes_by_type(BlockNode)}
    while extends := nodes.get_nodes_by_type(ExtendsNode):
        chain.append(extends[0].blocks)
        nodes = extends[0].get_parent(context).nodelist
    chain.append({block.name: block for block in nodes.get_nodes_by_type(BlockNode)})
    shown: set[str] = set()

    def show(block: BlockNode, level: int = 0) -> None:
        while block.name not in chain[level]:
            level += 1
        shown.add(block.name)
        found = chain[level][block.name]
        for inner in blocks_in(found.nodelist):
            show(inner)
        tags = [node.token.contents for node in found.nodelist.get_nodes_by_type(VariableNode)]
        if "block.super" in tags and any(block.name in each for each in chain[level + 1 :]):
            show(block, level + 1)

    for block in blocks_in(nodes):
        show(block)
    return own - shown


def test_every_block_of_a_template_is_shown():
    """A block inside one that the same template replaces is silently dropped: so were the links of the desk."""
    pages = [str(path.relative_to(TEMPLATES_DIR)) for path in TEMPLATES if "{% extends" in path.read_text()]
    assert len(pages) > 60
    assert {name: hidden for name in pages if (hidden := unreachable_blocks(name))} == {}
    for name in pages:  # what is beside the blocks is dropped too
        [extends] = get_template(name).template.nodelist.get_nodes_by_type(ExtendsNode)
        kept = (BlockNode, CommentNode, LoadNode)
        assert not [
            node for node in extends.nodelist if not isinstance(node, kept) and str(node.render(Context())).strip()
        ]


def check_page(url: str, body: str) -> list[str]:
    """What is wrong with a page: not strict HTML5, ids twice, references to nowhere, fields without a label."""
    try:
        root = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(body)
    except html5lib.html5parser.ParseError as error:
        return [f"{url}: {error}"]
    problems = []
    ids = Counter(element.get("id") for element in root.iter() if element.get("id") is not None)
    problems += [f"{url}: the id {name!r} stands {count} times" for name, count in ids.items() if count > 1]
    labels = {element.get("for") for element in root.iter("label")}
    inside = {field for label in root.iter("label") for field in label.iter()}
    for element in root.iter():
        for attribute in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
            problems += [
                f"{url}: {attribute} names {name!r}, which is not there"
                for name in (element.get(attribute) or "").split()
                if name not in ids
            ]
        for name in element.attrib:
            if re.fullmatch(r"on[a-z]+|style|hx-.*", str(name)):
                problems.append(f"{url}: the attribute {name}")
        is_field = element.tag in ("input", "select", "textarea") and element.get("type") != "hidden"
        named = element.get("aria-label") or element.get("id") in labels or element in inside
        if is_field and not named:
            problems.append(f"{url}: a field {element.get('name')!r} without a label")
        if element.tag in ("img", "svg") and not (
            element.get("alt") is not None or element.get("aria-label") or element.get("aria-hidden") == "true"
        ):
            problems.append(f"{url}: a picture without words")
    levels = [int(element.tag[1]) for element in root.iter() if re.fullmatch(r"h[1-6]", str(element.tag))]
    if levels.count(1) != 1 or levels[0] != 1:
        problems.append(f"{url}: the headings are {levels}; one h1 comes first")
    problems += [f"{url}: h{a} is followed by h{b}" for a, b in itertools.pairwise(levels) if b > a + 1]
    title = root.find(".//title")
    if title is None or not (title.text or "").removesuffix("· MIX").strip():
        problems.append(f"{url}: no title")
    return problems


@pytest.fixture
def full(phases):
    """Every phase, with figures, drafts, ties, offices, lineage and odd names on the pages."""
    for member in seat_governments(20):
        rank(phases.open, member, "Data", ("Workforce", "Governance"))
    rank(phases.open, phases.member_a, "Social Media", action="save")
    odd = 'O’Brien & Sons <b>"County"</b>'
    type(phases.port).objects.filter(pk=phases.port.pk).update(
        name=odd, website="https://port.example/?a=1&b=2", it_staff="12.5", annual_it_budget=1_200_000
    )
    Office.objects.create(person_name="Ada <i>Lovelace</i>", government=phases.port, from_year=2001, to_year=2003)
    for kind in Kind:
        later, earlier = (
            edition.list_of(kind).entries.in_order().first() for edition in (phases.open, phases.published)
        )
        earlier.line.join(later.line, reason="The same.")
    soon = database_now() + timedelta(days=10)
    make_edition(2032, opens_at=soon, closes_at=soon + timedelta(days=1), title="A & B < C")
    return phases


def crawl(client, problems: list[str], alike: int | None = None) -> set[str]:
    """Follows every link from the home page on; what is wrong with any page goes to `problems`.

    Of addresses of one view and list that have the same parameters it follows the first so many and no PDF, or all.
    """
    seen: set[str] = set()
    followed: Counter[tuple[object, ...]] = Counter()
    queue = ["/"]
    while queue:
        url = queue.pop()
        if url in seen:
            continue
        parts = urlsplit(url)
        try:
            found = resolve(parts.path)
        except Resolver404:
            problems.append(f"{url}: no view")
            continue
        of_list = found.kwargs.get("year"), found.kwargs.get("kind")
        shape = found.view_name, *of_list, *sorted(parse_qs(parts.query, keep_blank_values=True))
        if alike is not None and (followed[shape] >= alike or parts.path.endswith(".pdf")):
            continue
        followed[shape] += 1
        seen.add(url)
        answer = client.get(url)
        if answer.status_code != 200:
            problems.append(f"{url}: {answer.status_code}")
            continue
        if not answer["Content-Type"].startswith("text/html"):
            continue
        body = answer.content.decode()
        problems += check_page(url, body)
        ids = set(re.findall(r'\sid="([^"]*)"', body))
        for link in re.findall(r'<a\b[^>]*?\shref="([^"]*)"', body):
            address, fragment = urldefrag(urljoin(url, html.unescape(link)))
            if urlsplit(address).scheme or address.startswith(("/admin", "/static")):
                continue
            if address == url and fragment and fragment not in ids:
                problems.append(f"{url}: #{fragment} is not there")
            queue.append(address)
    return seen


@pytest.mark.usefixtures("stored_pdfs")
@pytest.mark.parametrize("alike", [1, pytest.param(None, marks=pytest.mark.slow)])
@pytest.mark.parametrize("who", [None, "member_a", "leader_a", "curator"])
def test_every_page_that_links_lead_to_is_there_and_sound(full, sign_in, who, alike):
    problems: list[str] = []
    seen = crawl(sign_in(getattr(full, who) if who else None), problems, alike)
    assert problems == []
    assert {"/2028/", "/2028/priorities/", "/2028/challenges/", "/2027/summary/", "/about/"} <= seen
    assert sum(url.startswith("/2028/challenges/") for url in seen) > 2
    assert ("/2030/priorities/ballot/" in seen) is (who == "member_a")
    assert len(seen) > 30


def test_every_answer_of_the_ballot_is_sound_html(full, sign_in):
    client = sign_in(full.member_a)
    url = "/2030/priorities/ballot/"
    forms = {
        "saved": ({"version": "2", "rank-data": "1", "rank-workforce": "1", "action": "save"}, 200),
        "stale": ({"version": "0", "rank-data": "2", "rank-workforce": "1"}, 409),
        "wrong": ({"version": "3", "rank-data": "<b>\"'&", "rank-workforce": "0", "action": "up:data"}, 422),
        "control": ({"version": "3", "rank-data": "1\x00\x1f\u2028"}, 422),
        "cast": ({"version": "3", "rank-data": "1", "rank-workforce": "1", "action": "cast"}, 200),
        "edited": ({"version": "4", "rank-data": "1", "rank-workforce": "2", "action": "save"}, 200),
    }
    problems: list[str] = []
    for name, (form, status) in forms.items():
        fragment = client.post(url, form, HTTP_HX_REQUEST="true")
        assert fragment.status_code == status, name
        html5lib.HTMLParser(strict=True).parseFragment(fragment.content.decode())
        if status != 200:
            problems += check_page(name, client.post(url, form).content.decode())
        problems += check_page(f"after {name}", client.get(url).content.decode())
    full.open.close_now()
    late = client.post(url, {"version": "5", "rank-data": "1"})
    assert late.status_code == 409
    problems += check_page("late", late.content.decode())
    problems += check_page("closed", client.get(url).content.decode())
    assert problems == []


def test_names_and_words_of_people_are_data(full, client, sign_in):
    for url in ("/governments/", "/governments/port-merrow-county/", "/about/"):
        for each in (client, sign_in(full.curator)):
            body = each.get(url).content.decode()
            assert '<b>"County"' not in body
            assert "<i>Lovelace" not in body
    assert "O’Brien &amp; Sons &lt;b&gt;" in client.get("/governments/").content.decode()
