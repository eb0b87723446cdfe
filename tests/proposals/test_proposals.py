"""Members propose entries while a list is drafted, and support each other's."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from members.models import User
from mixportal.editions.models import Kind
from mixportal.proposals.models import NotDraftingError, Proposal, Support
from tests.proposals.proposing import TEXTS, URL, propose, seen, support
from tests.reading import links, page, said, with_testid
from tests.test_templates import check_page
from tests.worlds import make_edition, open_edition, seat_governments


@pytest.fixture
def draft(world):
    return make_edition(2031)


# proposing


def test_a_member_proposes_an_entry_and_everybody_inside_sees_whose_it_is(world, draft, sign_in):
    answer = sign_in(world.member_a).post(URL, TEXTS | {"kind": "priorities"})
    proposal = Proposal.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"{URL}#priorities-{proposal.pk}")
    assert (proposal.government, proposal.proposed_by, proposal.edition) == (world.port, world.member_a, draft)
    for who in (world.member_b, world.delegate_a, world.curator):
        told = seen(sign_in(who))
        assert "Digital Accessibility" in told
        assert "Proposed by Port Merrow County" in told
        assert "1 proposal by 1 government so far" in told


def test_a_proposed_challenge_stands_among_the_challenges(world, draft, sign_in):
    sign_in(world.delegate_a).post(URL, TEXTS | {"kind": "challenges"})
    assert Proposal.objects.get().annual_list == draft.list_of(Kind.CHALLENGES)


def test_signs_that_turn_the_direction_of_a_text_are_left_out(world, draft, sign_in):
    turned = TEXTS | {"kind": "priorities", "title": "\u202eevil\x07", "description": "One\u202e\r\ntwo"}
    sign_in(world.delegate_a).post(URL, turned)
    proposal = Proposal.objects.get()
    assert (proposal.title, proposal.description) == ("evil", "One\ntwo")


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": "  \t "},
        {"title": "x" * 121},
        {"title": "A\x00B"},
        {"description": ""},
        {"description": "x" * 2_001},
        {"kind": ""},
        {"kind": "dreams"},
        {"kind": "__class__"},
    ],
)
def test_a_form_that_will_not_do_comes_back_with_all_that_was_typed(world, draft, sign_in, wrong):
    answer = sign_in(world.member_a).post(URL, TEXTS | {"kind": "priorities"} | wrong)
    assert answer.status_code == 422
    assert "1 thing to put right" in said(answer, "errors")
    assert "There are dates now." in answer.content.decode()
    assert check_page(URL, answer.content.decode().replace("\x00", "")) == []
    assert not Proposal.objects.exists()


def test_a_title_that_is_proposed_or_on_the_list_already_is_refused_with_a_link_to_it(world, draft, sign_in):
    waiting, withdrawn = propose(draft, world.member_a), propose(draft, world.member_a, "Drones")
    withdrawn.withdraw()
    client = sign_in(world.member_b)
    for title, link in (
        ("digital  ACCESSIBILITY", waiting.get_absolute_url()),
        ("data", "/2031/priorities/data/"),
    ):
        answer = client.post(URL, TEXTS | {"kind": "priorities", "title": title})
        assert answer.status_code == 422
        assert "If you mean something else, give yours another title." in said(answer, "errors")
        assert links(with_testid(page(answer), "errors")) == [link]
        assert TEXTS["description"] in answer.content.decode()
    assert Proposal.objects.count() == 2
    assert client.post(URL, TEXTS | {"kind": "challenges"}).status_code == 302
    assert client.post(URL, TEXTS | {"kind": "priorities", "title": "Drones"}).status_code == 302


def test_a_curator_without_a_government_reads_and_does_not_propose(world, draft, sign_in):
    client = sign_in(world.curator)
    answer = client.get(URL)
    assert 'name="title"' not in answer.content.decode()
    assert client.post(URL, TEXTS | {"kind": "priorities"}).status_code == 403


@pytest.mark.parametrize("who", ["leader_a", "former"])
def test_for_others_there_is_no_such_page(world, draft, sign_in, who):
    proposal = propose(draft, world.member_b)
    client = sign_in(getattr(world, who))
    for url in (URL, "/2031/room/", f"{URL}priorities/{proposal.pk}/"):
        assert client.get(url).status_code == 404
    assert support(client, proposal).status_code == 404
    assert "Digital Accessibility" not in seen(client, "/") + seen(client, "/2030/" if who == "leader_a" else "/")


def test_texts_of_people_are_text(world, draft, sign_in):
    propose(draft, world.member_a, "<b>Bold</b>", description='<img src=x onerror="x"> data-hx-get')
    body = sign_in(world.member_b).get(URL).content.decode()
    assert "<b>Bold</b>" not in body
    assert "<img" not in body


def test_a_government_rewords_its_own_proposal_and_the_page_says_so(world, draft, sign_in):
    proposal = propose(draft, world.member_a)
    client = sign_in(world.delegate_a)
    url = f"{URL}priorities/{proposal.pk}/"
    assert 'value="Digital Accessibility"' in client.get(url).content.decode()
    assert client.post(url, TEXTS | {"title": "Access for All", "action": "save"}).status_code == 302
    assert "reworded on" in seen(client)
    assert client.post(url, TEXTS | {"title": "", "action": "save"}).status_code == 422
    assert client.post(url, TEXTS | {"action": "explode"}).status_code == 422
    proposal.refresh_from_db()
    assert proposal.title == "Access for All"


def test_a_withdrawn_proposal_is_gone_for_everybody(world, draft, sign_in):
    proposal = propose(draft, world.member_a)
    client = sign_in(world.member_a)
    assert client.post(f"{URL}priorities/{proposal.pk}/", {"action": "withdraw"}).status_code == 302
    assert "Digital Accessibility" not in seen(client)
    assert client.get(f"{URL}priorities/{proposal.pk}/")["Location"] == URL
    assert sign_in(world.member_b).get(f"{URL}priorities/{proposal.pk}/").status_code == 404
    assert support(sign_in(world.member_b), proposal).status_code == 404


def test_nobody_changes_what_another_government_proposed(world, draft, sign_in):
    proposal = propose(draft, world.member_a)
    client = sign_in(world.member_b)
    url = f"{URL}priorities/{proposal.pk}/"
    assert client.get(url).status_code == 403
    assert client.post(url, {"action": "withdraw"}).status_code == 403
    assert sign_in(world.curator).get(url).status_code == 404
    proposal.refresh_from_db()
    assert proposal.is_waiting


@pytest.mark.parametrize("where", ["priorities/99", "dreams/1", "priorities/99999999999999999999999", "challenges/1"])
def test_what_is_not_there_is_not_found(world, draft, sign_in, where):
    propose(draft, world.member_a)
    client = sign_in(world.member_a)
    assert client.get(f"{URL}{where}/").status_code == 404
    assert client.post(f"{URL}{where}/support/", {"action": "support"}).status_code == 404


# supporting


def test_one_click_supports_and_another_takes_it_back(world, draft, sign_in):
    proposal = propose(draft, world.member_a)
    client = sign_in(world.member_b)
    assert support(client, proposal)["Location"] == f"{URL}#priorities-{proposal.pk}"
    assert "1 government supports it, yours among them" in seen(client)
    assert support(client, proposal, "take-back").status_code == 302
    assert "0 governments support it" in seen(client)
    events = Support.pgh_event_model.objects
    assert list(events.order_by("pgh_id").values_list("pgh_label", flat=True)) == ["insert", "delete"]


def test_the_answer_to_a_click_is_that_row_alone_and_a_sentence(world, draft, sign_in):
    proposal = propose(draft, world.member_a)
    answer = support(sign_in(world.member_b), proposal, fragment=True)
    body = answer.content.decode()
    assert answer.status_code == 200
    assert f'id="support-priorities-{proposal.pk}"' in body
    assert "<html" not in body
    assert 'id="id_title"' not in body  # where somebody may be typing
    assert "You support “Digital Accessibility”, as 1 government does." in body


def test_a_government_counts_once_and_a_reason_given_later_joins_its_support(world, draft, sign_in):
    world.member_b.government.people.create(email="d@b.example", name="Di", role="delegate")
    delegate = User.objects.get(email="d@b.example")
    proposal = propose(draft, world.member_a)
    support(sign_in(world.member_b), proposal)
    support(sign_in(delegate), proposal, reason="Vendors say “mostly”.")
    support(sign_in(world.member_b), proposal)
    stored = Support.objects.get()
    assert (stored.government, stored.reason) == (world.halloran, "Vendors say “mostly”.")
    assert "Halloran County : Vendors say “mostly”." in seen(sign_in(world.curator))


def test_nobody_supports_the_own_proposal(world, draft, sign_in):
    proposal = propose(draft, world.member_a)
    client = sign_in(world.delegate_a)
    assert "Support it" not in seen(client)
    answer = support(client, proposal, fragment=True)
    assert answer.status_code == 403
    assert not Support.objects.exists()


def test_a_reason_too_long_comes_back_as_it_was_typed(world, draft, sign_in):
    proposal = propose(draft, world.member_a)
    answer = support(sign_in(world.member_b), proposal, fragment=True, reason="y" * 301)
    assert answer.status_code == 422
    assert "y" * 301 in answer.content.decode()
    assert support(sign_in(world.member_b), proposal, "adore").status_code == 422
    assert support(sign_in(world.curator), proposal).status_code == 404


# the rules in the database


def test_once_the_list_opens_the_proposals_stand_and_are_an_archive(world, draft, sign_in):
    waiting, accepted = propose(draft, world.member_a), propose(draft, world.member_a, "Another")
    accepted.accept(world.curator)
    waiting.support(world.member_b)
    opened = open_edition(draft)
    client = sign_in(world.member_b)
    told = seen(client)
    assert "What was proposed for 2031" in told
    assert "not taken up" in told
    assert 'name="title"' not in client.get(URL).content.decode()
    assert support(client, waiting, "take-back", fragment=True).status_code == 409
    late = client.post(URL, TEXTS | {"kind": "priorities"})
    assert late.status_code == 409
    assert "There are dates now." in said(late, "closed")
    for verb in (
        lambda: propose(opened, world.member_a, "Late"),
        lambda: waiting.accept(world.curator),
        waiting.withdraw,
        lambda: waiting.support(world.member_b),
    ):
        with pytest.raises(NotDraftingError):
            verb()
    assert sign_in(world.leader_a).get(URL).status_code == 404


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE proposals_proposal SET title = 'x'",
        "UPDATE proposals_proposal SET withdrawn_at = now()",
        "DELETE FROM proposals_support",
        "UPDATE proposals_support SET reason = 'x'",
    ],
)
def test_no_statement_changes_a_proposal_after_the_opening(world, draft, statement):
    propose(draft, world.member_a).support(world.member_b)
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("DELETE FROM", "SELECT 1 FROM"))  # while drafting it does no harm
        open_edition(draft)
        with pytest.raises(DatabaseError, match="no longer a draft"), transaction.atomic():
            cursor.execute(statement)


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": "accepted"},
        {"outcome": "adored"},
        {"declined_because": "why"},
        {"outcome": "declined", "decided_at": "2026-01-01T00:00Z", "decided_by": "curator"},
        {"government": "halloran"},
    ],
)
def test_no_proposal_is_half_decided_or_changes_hands(world, draft, change):
    propose(draft, world.member_a)
    values = {name: getattr(world, value, value) for name, value in change.items()}
    with pytest.raises(DatabaseError), transaction.atomic():
        Proposal.objects.update(**values)


def test_no_support_is_of_the_proposing_government_or_of_what_is_decided(world, draft):
    proposal = propose(draft, world.member_a)
    with pytest.raises(DatabaseError, match="own proposal"), transaction.atomic():
        Support.objects.create(proposal=proposal, government=world.port, supported_by=world.member_a)
    proposal.decline("No.", world.curator)
    with pytest.raises(DatabaseError, match="no longer be supported"), transaction.atomic():
        Support.objects.create(proposal=proposal, government=world.halloran, supported_by=world.member_b)


def test_the_page_asks_as_often_for_thirty_proposals_as_for_three(world, draft, sign_in):
    towns = seat_governments(10)
    client, counts = sign_in(world.member_a), []
    client.get(URL)  # a first request notes that somebody was here
    for batch in ("a", "b"):
        for kind in Kind:
            into, other = (propose(draft, world.member_a, f"{title} {batch}", kind=kind) for title in ("One", "Two"))
            into.support(world.member_b, "Because.")
            other.merge(into, world.curator)
            for number in range(1 if batch == "a" else 13):
                propose(draft, towns[number % 10], f"Title {batch} {number}", kind=kind).support(world.member_b)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(URL).status_code == 200
        counts.append(len(queries))
    assert counts == [6, 6]


# the way there


def test_home_and_the_edition_lead_to_the_proposals_while_the_list_is_drafted(world, draft, sign_in):
    for who in (world.member_a, world.curator):
        for url in ("/", "/2031/"):
            assert "No one has proposed an entry for 2031 yet." in said(sign_in(who).get(url), "proposing")
    propose(draft, world.member_a)
    assert "1 proposal so far for the list of 2031." in said(sign_in(world.member_b).get("/2031/"), "proposing")
    open_edition(draft)
    assert said(sign_in(world.member_b).get("/2031/"), "proposing") == "Proposals What became of 1 proposal"
    assert with_testid(page(sign_in(world.leader_a).get("/2031/")), "proposing") is None
