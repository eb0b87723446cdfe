"""Each note holds its own word; each kind of user fetches every page and must find only the words meant for them."""

from __future__ import annotations

import pytest
from django.test import Client

from mixportal.mail.models import Mail
from mixportal.notes.models import Note
from mixportal.notes.visibility import NoteAudience
from tests.access_table import ACCOUNT, ONLY_POSTED, SIGN_IN
from tests.ballots.test_seal import admin_pages
from tests.kept_rows import made_once
from tests.reading import content
from tests.test_access import address, known_names
from tests.worlds import entry_of

PHASES = ("published", "closed", "open")
OWN = {"member_a", "delegate_a"}
INSIDERS = {*OWN, "member_b", "curator"}
EVERYONE = {*INSIDERS, "leader_a", "former", "visitor"}
SLUGS = ("data", "cybersecurity", "workforce", "governance")
FRAGMENT = {"HTTP_HX_REQUEST": "true"}


def readers(phase: str, kind: str, audience: str) -> set[str]:
    """Who reads what Port Merrow wrote, said anew and without the portal's own code."""
    if kind == "reason" and phase == "open":
        return OWN
    leaders = {"leader_a"}
    if audience == "government":
        return OWN | leaders
    if audience == "curators":
        return OWN | leaders | {"curator"}
    if audience == "members":
        return INSIDERS
    return EVERYONE if phase == "published" else INSIDERS | leaders


@pytest.fixture
def canaries(phases, write, stored_pdfs):
    phases.meant = made_once("canaries", lambda: write_canaries(phases, write))
    return phases


def write_canaries(phases, write) -> dict[str, set[str]]:
    """Return who may read each word."""
    meant: dict[str, set[str]] = {}

    def note(word: str, may: set[str], **about) -> Note:
        meant[word] = may
        return write(phases.member_a, f"The {word} sings of @halloran-county.", **about)

    for phase in PHASES:
        year = getattr(phases, phase).year
        write(phases.member_b, "Halloran wrote here too.", entry=entry_of(year))  # so that it hears of new notes
        for slug, audience in zip(SLUGS, NoteAudience.values, strict=True):  # one reason each
            if audience == "curators" and phase != "open":
                continue  # too late for one
            for kind in ("question", "reason"):
                word = f"canary{phase}{kind}{audience}"
                note(word, readers(phase, kind, audience), kind=kind, audience=audience, entry=entry_of(year, slug))
    note("canarydraft", OWN | {"curator"}, audience="curators", entry=entry_of(phases.drafting.year))
    entry = entry_of(phases.published.year)
    note("canaryhidden", OWN | {"curator"}, audience="public", entry=entry).hide(phases.curator, "Because.")
    note("canarywithdrawn", OWN, audience="public", entry=entry)  # its own history keeps them
    Note.objects.get(body__contains="canarywithdrawn").withdraw(phases.member_a)
    narrowed = note("canarynarrowed", readers("published", "note", "government"), audience="public", entry=entry)
    reply = write(phases.member_a, "The canaryreply sings.", audience="public", reply_to=narrowed)
    meant["canaryreply"] = OWN | {"leader_a"}  # for all who read what it answers
    narrowed.edit(phases.member_a, body=narrowed.body, audience="government", version=1)
    assert reply.audience == "public"
    to_curators = note("canaryasked", OWN | {"leader_a", "curator"}, audience="curators", entry=entry_of())
    write(phases.curator, "The canaryanswered sings.", audience="curators", reply_to=to_curators)
    meant["canaryanswered"] = OWN | {"leader_a", "curator"}
    write(phases.bare_staff, "The canarycolleague sings.", audience="curators", reply_to=to_curators)
    meant["canarycolleague"] = OWN | {"leader_a", "curator"}
    taken = note("canarytaken", OWN | {"leader_a"}, audience="curators", entry=entry_of(slug="workforce"))
    for curator, word in ((phases.curator, "canaryauthor"), (phases.bare_staff, "canaryother")):
        write(curator, f"The {word} sings.", audience="curators", reply_to=taken)
    meant |= {"canaryauthor": OWN | {"leader_a", "curator"}, "canaryother": OWN | {"leader_a"}}
    taken.edit(phases.member_a, body=taken.body, audience="government", version=1)
    return meant


def crawl(world, who: str) -> str:
    client = Client()
    if who != "visitor":
        client.force_login(getattr(world, who))
    names = known_names() - set(ACCOUNT) - set(SIGN_IN) - ONLY_POSTED - {"sign-out", "demo:sign-in"}
    urls = [address(name, world.open.year) for name in sorted(names)]
    for phase in (*PHASES, "drafting"):
        year = getattr(world, phase).year
        for slug in SLUGS:
            urls += [f"/{year}/priorities/{slug}/"]
        urls += [f"/{year}/priorities/ballot/reasons/", f"/search/?year={year}&q=sings"]
        urls += [f"/{year}/priorities/data/notes/{pk}/" for pk in Note.objects.values_list("pk", flat=True)[:4]]
    urls += [
        "/search/?page=2",
        "/search/?show=new",
        "/governments/port-merrow-county/",
        "/governments/halloran-county/",
    ]
    found = [content(client.get(url)) for url in urls]
    # nothing repeats a question so that a word that is asked for is no finding
    found += [client.get(f"/search/?q=canar&page={number}", **FRAGMENT).content.decode() for number in (1, 2)]
    if who == "curator":
        found += [client.get(url).content.decode() for url in admin_pages()]
    return "\n".join(found)


@pytest.mark.parametrize("who", sorted(EVERYONE - {"delegate_a"}))
def test_everybody_finds_what_is_meant_for_them_and_nothing_else(canaries, who):
    seen = crawl(canaries, who)
    found = {word for word in canaries.meant if word in seen}
    assert found == {word for word, may in canaries.meant.items() if who in may}


def test_no_mail_holds_a_word_of_a_note_and_none_tells_of_a_sealed_reason(canaries):
    mails = list(Mail.objects.all())
    assert len(mails) >= 6
    assert not any("canary" in f"{mail.subject}{mail.text}{mail.html}" for mail in mails)
    sealed = Note.objects.filter(kind="reason", entry__annual_list__edition=canaries.open)
    links = {f"#note-{note.pk}\n" for note in sealed}
    assert not any(link in mail.text for link in links for mail in mails)


def test_a_narrower_audience_holds_from_the_next_request_on(canaries, sign_in):
    note = Note.objects.get(body__contains="canarypublishedquestionpublic")
    visitor = sign_in(None)
    url = "/2028/priorities/governance/"
    assert "canarypublishedquestionpublic" in visitor.get(url).content.decode()
    note.edit(canaries.member_a, body=note.body, audience="members", version=1)
    for path in (url, "/search/", "/search/?q=canarypub"):
        assert "canarypublishedquestionpublic" not in visitor.get(path).content.decode()
