"""A word that a person typed, however long, widens no page beyond a phone."""

from __future__ import annotations

import pgtrigger
import pytest

from members.models import Government, User
from mixportal.editions.models import Entry, Kind
from mixportal.notes.models import Note
from mixportal.proposals.models import Proposal
from tests.priorities.conftest import priority, tell
from tests.worlds import entry_of

pytestmark = pytest.mark.django_db(transaction=True)

WORD = "Supercalifragilistic" * 6
LONG = WORD[:110]
PAGES = {
    "member_a": [
        "/", "/2028/", "/2028/summary/", "/2028/priorities/", "/2028/priorities/data/", "/2028/priorities/results/",
        "/2028/priorities/compare/", "/2028/priorities/compare/cohorts/", "/2028/priorities/map/", "/2028/hindrances/",
        "/2028/priorities/ballot/", "/2030/", "/2030/priorities/", "/2030/priorities/data/", "/2030/priorities/ballot/",
        "/2030/priorities/ballot/reasons/", "/2030/priorities/data/investment/", "/2030/hindrances/ours/",
        "/2031/proposals/", "/2031/room/", "/search/", "/search/?q=data", "/trends/priorities/", "/governments/",
        "/governments/port-merrow-county/", "/governments/port-merrow-county/2028/",
        "/governments/port-merrow-county/history/", "/governments/port-merrow-county/shares/", "/account/", "/profile/",
    ],
    "curator": ["/admin/record/", "/admin/", "/2031/proposals/", "/search/"],
}  # fmt: skip
WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("main *")]
    .filter(each => each.getBoundingClientRect().right > innerWidth + 1 && each.checkVisibility())
    .map(each => each.tagName + "." + each.className).slice(0, 6)"""


@pytest.fixture
def long_words(phases):
    with pgtrigger.ignore():
        Entry.objects.filter(slug="data").update(title=LONG, short=LONG[:60], description=WORD, in_plain_words=WORD)
    for year in (2028, 2030):
        note = Note.write(entry=entry_of(year), user=phases.member_b, kind="question", body=WORD, audience="members")
        Note.write(
            entry=entry_of(year), user=phases.member_a, kind="note", body=WORD, audience="members", reply_to=note
        )
        Note.write(entry=entry_of(year), user=phases.member_a, kind="reason", body=WORD, audience="members")
    tell(phases.member_a, priority(phases.open, LONG), summary=WORD)
    for user in (phases.member_a, phases.member_b):
        made = Proposal.propose(
            annual_list=phases.drafting.list_of(Kind.PRIORITIES), user=user, title=LONG, description=WORD, why=WORD
        )
    made.support(phases.member_a, WORD)
    Government.objects.update(website=f"https://{WORD}.example/")
    User.objects.filter(pk=phases.member_a.pk).update(name=LONG, title=LONG)
    Government.objects.filter(pk=phases.port.pk).update(name=LONG)
    return phases


@pytest.mark.parametrize("who", PAGES)
def test_no_long_word_widens_a_page(long_words, enter, session_of, who):
    page = enter(session_of(getattr(long_words, who)))
    page.set_viewport_size({"width": 360, "height": 900})
    wide = {}
    for address in PAGES[who]:
        page.goto(address)
        if found := page.evaluate(WIDE):
            wide[address] = found
    assert wide == {}
