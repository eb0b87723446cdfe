"""Curators accept, merge or decline proposals, and the people who proposed or support them get mail."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from mixportal.editions.models import Edition, Kind
from mixportal.mail.models import Mail
from mixportal.proposals.models import Proposal
from tests.ballots.test_concurrency import together
from tests.curating import filled, notices, problems
from tests.proposals.proposing import TEXTS, URL, propose, seen, support
from tests.reading import links, page, said, text, with_testid
from tests.worlds import make_edition, open_edition, published, seat_governments

ADMIN = "/admin/proposals/proposal/"


@pytest.fixture
def draft(world):
    return make_edition(2031)


def test_an_accepted_proposal_is_the_last_entry_of_the_list_and_names_who_proposed_it(world, draft, sign_in):
    proposal = propose(draft, world.member_a, description="Pages that everyone can use.")
    proposal.support(world.member_b)
    entry = proposal.accept(world.curator)
    assert list(draft.list_of(Kind.PRIORITIES).entries.in_order())[-1] == entry
    assert (entry.title, entry.description) == ("Digital Accessibility", "Pages that everyone can use.")
    shown = sign_in(world.member_b).get("/2031/priorities/digital-accessibility/")
    assert said(shown, "proposed-by") == "Proposed by Port Merrow County , supported by 1 other government ."
    assert said(sign_in(world.member_a).get(URL), "fate") == "on the list It became Digital Accessibility ."


def test_who_proposed_an_entry_is_for_insiders_even_once_it_is_published(world, draft, sign_in):
    propose(draft, world.member_a).accept(world.curator)
    published(open_edition(draft))
    url = "/2031/priorities/digital-accessibility/"
    assert said(sign_in(world.member_b).get(url), "proposed-by")
    for who in (None, world.leader_a, world.former):
        assert not said(sign_in(who).get(url), "proposed-by")


def test_a_merged_proposal_is_credited_with_the_entry_and_all_that_went_into_it(world, draft, sign_in):
    first, second = propose(draft, world.member_a, "Data Literacy"), propose(draft, world.member_b, "Data Governance")
    town, other = seat_governments(2)
    first.support(town)
    second.support(other)
    second.support(town)
    first.merge(second, world.curator)
    assert "It is part of Data Governance , proposed by Halloran County" in seen(sign_in(town))
    second.merge(draft.list_of(Kind.PRIORITIES).entries.get(slug="data"), world.curator)
    told = said(sign_in(town).get("/2031/priorities/data/"), "proposed-by")
    assert told == (
        "It takes in what Port Merrow County and Halloran County proposed , supported by 2 other governments ."
    )


def test_a_merge_into_a_proposal_follows_it_into_a_third(world, draft):
    first, second, third = (propose(draft, world.member_a, title) for title in ("One", "Two", "Three"))
    first.merge(second, world.curator)
    second.merge(third, world.curator)
    first.refresh_from_db()
    assert first.into == third
    with pytest.raises(ValidationError, match="decided already"):
        second.merge(third, world.curator)
    with pytest.raises(ValidationError, match="merged into itself"):
        third.merge(third, world.curator)
    with pytest.raises(ValidationError, match="Ask the curators"):
        third.withdraw()
    fourth = propose(draft, world.member_a, "Four")
    third.accept(world.curator)
    fourth.merge(third, world.curator)
    assert fourth.entry == third.entry


def test_nothing_is_merged_into_another_year_or_what_is_declined(world, draft):
    proposal, declined = propose(draft, world.member_a), propose(draft, world.member_a, "No")
    declined.decline("Too small.", world.curator)
    with pytest.raises(ValidationError, match="declined"):
        proposal.merge(declined, world.curator)
    for other in (make_edition(2032).list_of(Kind.PRIORITIES), draft.list_of(Kind.CHALLENGES)):
        with pytest.raises(ValidationError, match="own list"):
            proposal.merge(other.entries.first(), world.curator)
    proposal.refresh_from_db()
    assert proposal.is_waiting


def test_a_declined_proposal_says_why(world, draft, sign_in):
    proposal = propose(draft, world.member_a)
    with pytest.raises(ValidationError, match="Say why"):
        proposal.decline("  ", world.curator)
    proposal.decline("A practice rather than a priority.", world.curator)
    assert said(sign_in(world.member_b).get(URL), "fate") == "declined A practice rather than a priority."


@pytest.mark.parametrize("slug", ["data", "open-data"])
def test_a_title_that_is_on_the_list_is_merged_and_not_accepted(world, draft, slug):
    draft.list_of(Kind.PRIORITIES).entries.filter(slug="data").update(slug=slug)
    proposal = propose(draft, world.member_a, "data")
    with pytest.raises(ValidationError, match="already on the list"):
        proposal.accept(world.curator)
    assert draft.list_of(Kind.PRIORITIES).entries.in_order().count() == 8


def test_what_is_decided_is_neither_supported_reworded_nor_withdrawn(world, draft, sign_in):
    proposal = propose(draft, world.member_a)
    stale = Proposal.objects.get()
    proposal.accept(world.curator)
    for late in (
        lambda: stale.support(world.member_b),
        stale.withdraw,
        lambda: stale.reword(title="x", description="y"),
        lambda: stale.decline("no", world.curator),
    ):
        with pytest.raises(ValidationError, match="decided already"):
            late()
    answer = support(sign_in(world.member_b), proposal, fragment=True)
    assert answer.status_code == 409
    assert "Cora Curator has decided already" in said(answer, "errors")
    plain = support(sign_in(world.member_b), proposal)
    assert plain.status_code == 409
    assert "Cora Curator has decided already" in said(plain, "errors")
    reworded = sign_in(world.member_a).post(f"{URL}priorities/{proposal.pk}/", TEXTS | {"action": "save"})
    assert reworded.status_code == 409
    assert "There are dates now." in reworded.content.decode()


def test_an_accepted_entry_that_leaves_the_list_leaves_its_proposal_behind(world, draft, sign_in):
    proposal = propose(draft, world.member_a)
    proposal.accept(world.curator).delete()
    client = sign_in(world.member_a)
    assert said(client.get(URL), "fate") == "accepted It was accepted; the entry has left the list since."
    assert "on the list" not in text(with_testid(page(client.get("/2031/room/")), "board-priorities"))


# mail


def test_who_proposed_is_told_and_who_supported_where_it_lives_on(world, draft, settings):
    settings.PORTAL_URL = "https://portal.example"
    accepted, declined = propose(draft, world.member_a, "Law & Order <b>"), propose(draft, world.member_a, "No")
    for proposal in (accepted, declined):
        proposal.support(world.member_b, "Yes.")
    accepted.accept(world.curator)
    declined.decline("Too small & early.", world.curator)
    told = {(mail.to, mail.subject) for mail in Mail.objects.all()}
    port = {"rosa@port.example", "ines@port.example"}
    assert told == {
        *((to, "On the list: Law & Order <b>") for to in port | {"ben@halloran.example"}),
        *((to, "Not on the list: No") for to in port),
    }
    mail = Mail.objects.filter(subject__startswith="Not").first()
    assert "Why: Too small & early." in mail.text
    assert f"https://portal.example{URL}#priorities-{declined.pk}" in mail.text
    assert "<b>" not in Mail.objects.filter(subject__startswith="On").first().html.split("<h1>")[1].split("</h1>")[0]


def test_of_merged_proposals_every_proposer_is_told_of_the_last_decision(world, draft):
    first, second = propose(draft, world.member_a, "One"), propose(draft, world.member_b, "Two")
    first.merge(second, world.curator)
    Mail.objects.all().delete()
    second.decline("Both are small.", world.curator)
    assert {mail.to for mail in Mail.objects.all()} == {
        "rosa@port.example",
        "ines@port.example",
        "ben@halloran.example",
    }


# many at once


@pytest.mark.django_db(transaction=True)
def test_twenty_supports_at_once_count_once_each_and_of_two_decisions_one_stands(world):
    draft = make_edition(2031)
    proposal = propose(draft, world.member_a)
    towns = seat_governments(10)
    together(*[lambda town=town: Proposal.objects.get().support(town) for town in towns * 2])
    assert proposal.supports.count() == 10

    def decide(verb):
        try:
            verb(Proposal.objects.get())
        except ValidationError as refusal:
            return refusal.messages[0]

    answers = together(
        lambda: decide(lambda each: each.accept(world.curator)),
        lambda: decide(lambda each: each.decline("No.", world.curator)),
        lambda: decide(lambda each: each.accept(world.curator)),
    )
    assert answers.count(None) == 1
    assert all(answer is None or "Cora Curator has decided already" in answer for answer in answers)
    proposal.refresh_from_db()
    assert draft.list_of(Kind.PRIORITIES).entries.in_order().count() == 8 + (proposal.outcome == "accepted")
    assert len({mail.subject for mail in Mail.objects.all()}) == 1
    assert Edition.objects.get(year=2031).is_drafting


# in the admin


def test_a_curator_decides_in_the_admin_and_what_is_wrong_is_said(world, draft, sign_in):
    proposal, other = propose(draft, world.member_a), propose(draft, world.member_b, "Other")
    client = sign_in(world.curator)
    url = f"/admin/proposals/proposal/{proposal.pk}/change/"
    assert url in links(page(client.get(URL)))
    assert url not in links(page(sign_in(world.member_a).get(URL)))
    assert "Supported by" in seen(client, url)
    for wrong in ({"decision": "merge"}, {"decision": "decline"}, {"decision": "x"}, {"merge_into": "entry:0"}):
        assert client.post(url, wrong).status_code == 200
    client.post(url, {"decision": ""})
    proposal.refresh_from_db()
    assert proposal.is_waiting
    assert client.post(url, {"decision": "merge", "merge_into": f"proposal:{other.pk}"}).status_code == 302
    proposal.refresh_from_db()
    assert (proposal.outcome, proposal.into, proposal.decided_by) == ("merged", other, world.curator)
    assert client.post(url, {"decision": "accept"})["Location"] == url
    assert sign_in(world.bare_staff).post(url, {"decision": "accept"}).status_code == 403
    assert "Merged" in seen(sign_in(world.curator), "/admin/proposals/proposal/")


def test_the_second_of_two_curators_reads_who_decided_and_keeps_the_reason(world, draft, sign_in):
    accepted, opened = propose(draft, world.member_a), propose(draft, world.member_b, "Other")
    client = sign_in(world.curator)
    form = {"decision": "decline", "reason": "A practice rather than a priority."}
    accepted.accept(world.curator)
    told = notices(client.post(f"{ADMIN}{accepted.pk}/change/", form, follow=True))
    assert "Nothing was decided. Cora Curator has decided already: this proposal is on the list." in told
    assert "You had typed this reason: “A practice rather than a priority.”" in told
    open_edition(draft)
    told = notices(client.post(f"{ADMIN}{opened.pk}/change/", form, follow=True))
    assert "Nothing was decided. The list is not drafted any more" in told
    assert "A practice rather than a priority." in told


def test_a_proposal_that_was_reworded_meanwhile_is_read_again_before_it_is_decided(world, draft, sign_in):
    proposal = propose(draft, world.member_a)
    client, url = sign_in(world.curator), f"{ADMIN}{proposal.pk}/change/"
    form = filled(client.get(url), "proposal_form") | {"decision": "decline", "reason": "Too vague."}
    proposal.reword(title="Digital Accessibility", description="Forms that a screen reader can read.")
    answer = client.post(url, form)
    assert "Another person changed this since you opened it. Nothing was saved." in problems(answer)
    assert "Forms that a screen reader can read." in text(page(answer))
    again = filled(answer, "proposal_form")
    assert (again["decision"], again["reason"]) == ("decline", "Too vague.")
    assert client.post(url, again).status_code == 302
    proposal.refresh_from_db()
    assert proposal.outcome == "declined"


@pytest.mark.parametrize(
    ("posted", "words"),
    [
        ({}, "“Digital Accessibility” still waits. Nothing was decided."),
        (
            {"decision": "accept"},
            "“Digital Accessibility” is accepted. It is the last of the priorities of 2031.",
        ),
        ({"decision": "merge"}, "“Digital Accessibility” is merged into “Data”. The proposers are told."),
        ({"decision": "decline", "reason": "No."}, "“Digital Accessibility” is declined."),
    ],
)
def test_the_message_names_what_was_decided(world, draft, sign_in, posted, words):
    proposal = propose(draft, world.member_a)
    into = {"merge_into": f"entry:{draft.list_of(Kind.PRIORITIES).entries.get(slug='data').pk}"}
    answer = sign_in(world.curator).post(f"{ADMIN}{proposal.pk}/change/", into | posted, follow=True)
    assert words in notices(answer)
    assert "successfully" not in notices(answer)


def test_the_list_in_the_admin_is_filtered_by_what_became_of_each(world, draft, sign_in):
    client = sign_in(world.curator)
    waiting, declined, withdrawn = (propose(draft, world.member_a, title) for title in ("One", "Two", "Three"))
    declined.decline("No.", world.curator)
    withdrawn.withdraw()
    for proposal, state in ((waiting, "waiting"), (declined, "declined"), (withdrawn, "withdrawn")):
        address = f"{ADMIN}?state={state}"
        assert f"?state={state}" in links(page(client.get(ADMIN)))
        assert [each for each in links(page(client.get(address))) if "/change/" in each][-1].startswith(
            f"{ADMIN}{proposal.pk}/"
        )


def test_a_refusal_of_the_model_is_a_message_in_the_admin(world, draft, sign_in):
    proposal = propose(draft, world.member_a, "Data")
    client = sign_in(world.curator)
    answer = client.post(f"/admin/proposals/proposal/{proposal.pk}/change/", {"decision": "accept"}, follow=True)
    assert "Nothing was decided. “Data” is already on the list" in text(page(answer))


def test_nobody_adds_or_deletes_a_proposal_in_the_admin(world, draft, sign_in):
    proposal = propose(draft, world.member_a)
    client = sign_in(world.curator)
    assert client.get("/admin/proposals/proposal/add/").status_code == 403
    assert client.post(f"/admin/proposals/proposal/{proposal.pk}/delete/", {"post": "yes"}).status_code == 403
    assert sign_in(world.bare_staff).get("/admin/proposals/proposal/").status_code == 403
