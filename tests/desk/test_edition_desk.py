"""The desk shows an edition in each phase and offers its verbs to curators."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from members.models import User
from mixportal.desk.edition_verbs import VERBS, verbs_for
from mixportal.desk.pages import phase_steps
from mixportal.desk.views.preview import publication_of
from mixportal.editions.models import Edition, Erratum, Kind, database_now
from mixportal.mail.models import Mail
from mixportal.results.turnout import turnout_of
from priorities.models import Priority
from tests.comparison.conftest import join_lines
from tests.curating import EDITIONS, do, filled, notices, problems
from tests.reading import links, page, said, text
from tests.worlds import PRIORITIES, TITLES, cast_at_once, make_edition, rank, seat_governments

PHASES = ("unranked", "published", "closed", "open", "drafting")


def desk(edition, rest: str = "") -> str:
    return f"{EDITIONS}{edition.pk}/desk/{rest}"


def local(moment) -> str:
    return moment.astimezone(ZoneInfo("America/New_York")).strftime("%Y-%m-%dT%H:%M")


def words(answer) -> str:
    assert answer.status_code == 200
    return text(page(answer))


# What it shows


def test_the_desk_offers_in_each_phase_the_verbs_of_that_phase(phases, sign_in):
    offered = {
        "drafting": ["window", "open", "publish"],
        "open": ["move", "close"],
        "closed": ["publish", "again"],
        "published": ["erratum", "again"],
        "unranked": ["erratum"],
    }
    curator = sign_in(phases.curator)
    for phase, keys in offered.items():
        edition = getattr(phases, phase)
        assert [verb.key for verb in verbs_for(edition, phases.curator)] == keys
        shown = links(page(curator.get(desk(edition))))
        assert list(dict.fromkeys(href.split("/")[-2] for href in shown if "/desk/do/" in href)) == keys


def test_a_draft_without_entries_offers_nothing_that_it_cannot_do_yet(world, curator):
    draft = Edition.objects.create(year=2031)
    root = page(curator.get(desk(draft)))
    disabled = [text(each) for each in root.iter("button") if each.get("disabled") is not None]
    assert disabled == ["Set the window…", "Open the ballots now…"]
    assert desk(draft, "do/publish/") not in links(root)


def test_publishing_a_draft_says_that_nothing_is_ranked(phases, sign_in):
    curator = sign_in(phases.curator)
    assert "Publish without ballots" in words(curator.get(desk(phases.drafting)))
    assert "No government has ranked this list" in words(curator.get(desk(phases.drafting, "do/publish/")))
    assert "No government has ranked this list" not in words(curator.get(desk(phases.closed, "do/publish/")))


@pytest.mark.parametrize("verb", ["open", "window"])
def test_opening_an_edition_asks_about_earlier_ones_that_are_still_drafts(world, curator, verb):
    draft, later = make_edition(2031), make_edition(2032)
    assert not said(curator.get(desk(draft, f"do/{verb}/")), "earlier-drafts")
    asked = said(curator.get(desk(later, f"do/{verb}/")), "earlier-drafts")
    assert asked == "2031 is still a draft. Do you mean to open 2032 first?"


def test_the_years_line_says_what_is_past_present_and_coming(phases):
    states = {phase: [state for _, state, _ in phase_steps(getattr(phases, phase))] for phase in PHASES}
    assert states == {
        "drafting": ["present", "coming", "coming", "coming"],
        "open": ["past", "present", "coming", "coming"],
        "closed": ["past", "past", "present", "coming"],
        "published": ["past", "past", "past", "present"],
        "unranked": ["past", "present"],
    }


def test_turnout_is_by_name_and_never_says_how_anybody_ranked(world, curator):
    rank(world.edition, world.member_a, "Data", "Workforce")
    rank(world.edition, world.member_b, "Data", action="save")
    said = words(curator.get(desk(world.edition)))
    assert "1 of 2 governments has cast a ballot of priorities. 0 of 2" in said
    assert "Halloran County Ben Nakamura not yet not yet" in said
    assert "Port Merrow County Rosa Delgado cast not yet" in said
    before = curator.get(desk(world.edition))
    rank(world.edition, world.member_a, "Cybersecurity", "Governance")
    after = curator.get(desk(world.edition))
    assert text(page(after)) == text(page(before))


def test_the_desk_names_who_began_to_vote_during_the_voting(world, curator):
    User.objects.create_user("nora@new.example", name="Nora New", role="delegate", government=world.port)
    assert "Port Merrow County: Nora New, delegate, since" in words(curator.get(desk(world.edition)))


def test_after_the_close_turnout_is_of_those_seated_then(phases, sign_in):
    turnout_of(phases.closed)  # counts the ballots: one test is one moment to the history
    seat_governments(5)
    turnout = turnout_of(phases.closed)
    assert (len(turnout.seats), len(turnout.waiting)) == (2, 0)
    assert turnout_of(phases.drafting) is None
    assert "2 of 2 governments" in words(sign_in(phases.curator).get(desk(phases.closed)))


def test_a_curator_comes_to_the_desk_from_the_list_the_index_home_and_the_edition(phases, sign_in):
    curator = sign_in(phases.curator)
    for address in (EDITIONS, "/admin/", "/", "/2031/", f"{EDITIONS}{phases.drafting.pk}/change/"):
        assert desk(phases.drafting) in links(page(curator.get(address))), address
    assert desk(phases.drafting) not in links(page(sign_in(phases.member_a).get("/2031/")))
    shown = links(page(curator.get(desk(phases.drafting))))
    back = [f"{EDITIONS}{phases.drafting.pk}/change/", f"{EDITIONS}{phases.drafting.pk}/history/", "/2031/"]
    assert [href for href in back if href not in shown] == []


def test_the_desk_says_how_the_texts_for_leaders_read(phases, sign_in):
    Priority.objects.filter(annual_list__edition=phases.drafting, slug="data").update(
        in_plain_words="The SCADA of it. " + "We " + "go on " * 20 + "for long.", for_leaders=""
    )
    client = sign_in(phases.curator)
    told = said(client.get(desk(phases.drafting)), "readability")
    assert told.startswith("1 of 11 texts for leaders could be plainer: Data , in plain words (")
    assert "not spelled out: SCADA, 1 long sentence" in told
    Priority.objects.filter(annual_list__edition=phases.drafting, slug="data").update(in_plain_words="We keep records.")
    assert said(client.get(desk(phases.drafting)), "readability") == "All 11 texts for leaders read easily."


def test_the_desk_leads_to_proposals_and_while_open_to_entering_a_ballot(phases, sign_in):
    curator = sign_in(phases.curator)
    for edition in (phases.open, phases.drafting):
        found = links(page(curator.get(desk(edition))))
        proposed = [href for href in found if href.startswith("/admin/proposals/proposal/?")]
        assert len(proposed) == 2
        assert {curator.get(href).status_code for href in proposed} == {200}
        assert (f"/admin/ballots/{edition.year}/" in found) is edition.is_open


# Its verbs


def test_each_verb_asks_first_and_a_look_changes_nothing(phases, sign_in):
    curator = sign_in(phases.curator)
    for phase in PHASES:
        edition = getattr(phases, phase)
        for verb in verbs_for(edition, phases.curator):
            said = words(curator.get(desk(edition, f"do/{verb.key}/")))
            assert verb.question in said
            publication = publication_of(edition, turnout_of(edition)) if verb.key == "publish" else None
            context = {"verb": verb.key, "edition": edition, "publication": publication}
            assert " ".join(render_to_string("desk/_consequence.html", context).split()) in said
        assert Edition.objects.get(pk=edition.pk).phase is edition.phase


def test_the_way_from_a_draft_to_a_published_edition_by_the_desk_alone(world, curator):
    world.edition.close_now()
    edition = make_edition(2031, mail_previewed_at=None)
    now = database_now()
    window = {"opens_at": local(now + timedelta(days=1)), "closes_at": local(now + timedelta(days=2))}
    refused = do(curator, edition, "window", **window)
    assert refused.status_code == 422
    assert "No curator has read the mail" in problems(refused)
    assert "The ballots of 2031 are open" in words(curator.get(desk(edition, "mail/")))
    assert notices(curator.post(desk(edition, "mail/"), follow=True)) == "The mail is marked as read."
    assert notices(do(curator, edition, "window", **window)) == "2031: window set."
    assert notices(do(curator, edition, "unset")) == "2031: window taken back."
    assert notices(do(curator, edition, "open", closes_at=window["closes_at"])) == "2031: ballots opened."
    rank(Edition.objects.get(year=2031), world.member_a, "Data")
    later = local(now + timedelta(days=9))
    assert notices(do(curator, edition, "move", closes_at=later, reason="A storm.")) == "2031: close moved."
    assert "1 of 2 governments has cast a ballot of priorities" in words(curator.get(desk(edition, "do/close/")))
    assert notices(do(curator, edition, "close")) == "2031: ballots closed."
    assert notices(do(curator, edition, "publish")) == "2031: published."
    assert Edition.objects.get(year=2031).is_published
    assert "A storm." in curator.get(f"{EDITIONS}{edition.pk}/history/").content.decode()


def test_adding_an_edition_leads_to_its_desk_which_offers_the_list_before(world, curator):
    form = filled(curator.get(f"{EDITIONS}add/"), "edition_form")
    assert (form["year"], form["time_zone"]) == ("2031", "America/New_York")
    answer = curator.post(f"{EDITIONS}add/", form, follow=True)
    new = Edition.objects.get(year=2031)
    assert answer.redirect_chain[-1][0] == desk(new)
    assert desk(new, "do/take-over/") in links(page(answer))
    asked = words(curator.get(desk(new, "do/take-over/")))
    assert "The priorities of 2030 are copied here, with their texts. The challenges of 2030" in asked
    do(curator, new, "take-over")
    for kind, titles in TITLES.items():
        entries = new.list_of(kind).entries.in_order()
        assert [entry.title for entry in entries] == list(titles)
        assert {entry.line_id for entry in entries} == set(
            world.edition.list_of(kind).entries.values_list("line", flat=True)
        )
    assert desk(new, "do/take-over/") not in links(page(curator.get(desk(new))))
    assert do(curator, new, "take-over").status_code == 422


def test_a_draft_with_one_list_takes_over_the_other_from_the_newest_year_that_has_one(phases, curator):
    new = Edition.objects.create(year=2033)
    new.list_of(Kind.PRIORITIES).copy_entries_of(phases.drafting.list_of(Kind.PRIORITIES))
    phases.drafting.list_of(Kind.CHALLENGES).entries.all().delete()
    assert [str(each) for each in new.lists_to_take_over()] == ["Challenges of 2030"]
    do(curator, new, "take-over")
    assert new.list_of(Kind.CHALLENGES).entries.count() == 3


def test_beginning_next_years_edition_leads_to_its_desk_and_is_offered_once(world, curator):
    assert "next" in [verb.key for verb in verbs_for(world.edition, world.curator)]
    answer = do(curator, world.edition, "next")
    assert "next" not in [verb.key for verb in verbs_for(world.edition, world.curator)]
    assert answer.redirect_chain[-1][0] == desk(Edition.objects.get(year=2031))


def test_publishing_a_list_that_continues_nothing_asks_first(phases, sign_in):
    curator = sign_in(phases.curator)
    closed = phases.closed
    asked = curator.get(desk(closed, "do/publish/"))
    assert "None of the 8 priorities is linked to an earlier year" in words(asked)
    assert desk(closed, "priorities/lineage/") in asked.content.decode()
    for kind, titles in TITLES.items():
        join_lines(phases.published, closed, titles[0], kind=kind)
    assert "linked to an earlier year" not in words(curator.get(desk(closed, "do/publish/")))


def test_members_read_why_the_close_moved_on_their_ballot(world, sign_in):
    world.edition.move_close(world.edition.closes_at + timedelta(days=1), reason="A storm.")
    said = "The close was moved to a later time: A storm."
    for address in ("/2030/", "/2030/priorities/ballot/"):
        assert said in words(sign_in(world.member_a).get(address))
    world.edition.close_now()
    assert said not in words(sign_in(world.member_a).get("/2030/"))


def test_a_verb_out_of_its_phase_is_refused_in_words_and_changes_nothing(phases, sign_in):
    curator = sign_in(phases.curator)
    typed = {
        "opens_at": local(database_now() + timedelta(days=1)),
        "closes_at": local(database_now() + timedelta(days=20)),
        "reason": "Because.",
        "body": "It is 12.",
    }
    stored = {
        edition.pk: (edition.opens_at, edition.closes_at, edition.published_at) for edition in Edition.objects.all()
    }
    tried = 0
    for phase in PHASES:
        edition = getattr(phases, phase)
        for verb in VERBS:
            if edition.phase in verb.phases or verb.key == "next" or (phase == "unranked" and verb.key == "again"):
                continue
            answer = do(curator, edition, verb.key, **typed)
            assert answer.status_code == 422, (phase, verb.key)
            assert problems(answer)
            tried += 1
    assert tried > 20
    assert stored == {
        edition.pk: (edition.opens_at, edition.closes_at, edition.published_at) for edition in Edition.objects.all()
    }


@pytest.mark.parametrize("typed", [{}, {"closes_at": "soon"}, {"closes_at": "\x00", "reason": "\x00"}])
def test_what_cannot_be_read_is_422_and_keeps_what_was_typed(world, curator, typed):
    answer = do(curator, world.edition, "move", **typed)
    assert answer.status_code == 422
    assert problems(answer)
    assert Edition.objects.get(year=2030).closes_at == world.edition.closes_at


def test_a_close_in_a_mistyped_year_is_refused_with_the_latest_one(world, curator):
    opens_at, closes_at = world.edition.opens_at, world.edition.closes_at
    latest = opens_at.astimezone(world.edition.zone) + timedelta(days=366)
    typed = local(closes_at.replace(year=2126))
    answer = do(curator, world.edition, "move", closes_at=typed, reason="A storm.")
    assert answer.status_code == 422
    assert "2126" in problems(answer)
    assert f"{latest:%B} {latest.day}, {latest.year}." in problems(answer)
    assert not Mail.objects.exists()
    year = opens_at.astimezone(world.edition.zone).replace(second=0, microsecond=0) + timedelta(days=365)
    assert notices(do(curator, world.edition, "move", closes_at=local(year), reason="A storm.")) == "2030: close moved."


def test_an_earlier_close_without_a_reason_names_both_at_once(world, curator):
    earlier = local(world.edition.closes_at - timedelta(days=1))
    answer = do(curator, world.edition, "move", closes_at=earlier, reason="")
    assert answer.status_code == 422
    assert "Give a later close" in problems(answer)
    assert "This field is required" in problems(answer)


def test_errata_stand_on_the_edition_and_its_summary(phases, sign_in):
    curator = sign_in(phases.curator)
    answer = do(curator, phases.published, "erratum", about="Data", body="It is 12, not 21.")
    assert notices(answer) == "2028: erratum added."
    assert Erratum.objects.get().added_by == phases.curator
    for address in ("/2028/", "/2028/summary/"):
        assert "on Data: It is 12, not 21." in words(sign_in(None).get(address))
    assert "It is 12" not in words(sign_in(None).get("/2027/"))


# Who may


def addresses(edition, key: int) -> list[str]:
    return [
        desk(edition, rest)
        for rest in (
            "", "mail/", "list/", "priorities/order/", "priorities/lineage/", "priorities/merge/",
            f"priorities/{key}/split/", f"priorities/{key}/correct/", *(f"do/{verb.key}/" for verb in VERBS),
        )
    ]  # fmt: skip


def test_nobody_but_curators_sees_the_desk(phases, sign_in):
    everything = addresses(phases.drafting, phases.drafting.list_of(Kind.PRIORITIES).entries.first().pk)
    for who in (None, phases.member_a, phases.leader_a, phases.former, phases.gone_curator):
        client = sign_in(who)
        for address in everything:
            assert client.get(address).status_code == 302, address
            assert client.post(address).status_code == 302, address
    bare = sign_in(phases.bare_staff)
    assert {bare.get(address).status_code for address in everything} == {403}
    assert Edition.objects.get(year=2031).phase == "drafting"


def test_who_may_only_view_editions_sees_the_desk_and_presses_nothing(phases, sign_in):
    group = Group.objects.create(name="Viewers")
    group.permissions.set(Permission.objects.filter(codename="view_edition"))
    phases.bare_staff.groups.add(group)
    viewer = sign_in(phases.bare_staff)
    assert "/desk/do/" not in viewer.get(desk(phases.open)).content.decode()
    for rest in ("do/close/", "mail/", "list/"):
        assert viewer.post(desk(phases.open, rest)).status_code == 403
    assert Edition.objects.get(year=2030).is_open


def test_who_may_not_change_entries_changes_none_by_the_desk(phases, sign_in):
    group = Group.objects.create(name="Editions alone")
    group.permissions.set(Permission.objects.filter(codename__in=["view_edition", "change_edition"]))
    phases.bare_staff.groups.add(group)
    half = sign_in(phases.bare_staff)
    assert half.get(desk(phases.drafting, "mail/")).status_code == 200
    for rest in ("list/", "priorities/order/", "challenges/lineage/", "challenges/merge/"):
        assert half.get(desk(phases.drafting, rest)).status_code == 403


@pytest.mark.parametrize(
    "rest", ["do/nothing/", "cats/order/", "priorities/999999/split/", "priorities/999999/correct/"]
)
def test_an_unknown_page_of_the_desk_is_not_found(world, curator, rest):
    assert curator.get(desk(world.edition, rest)).status_code == 404


def test_the_desk_of_an_edition_that_was_undone_leads_to_the_editions(curator):
    answer = curator.get(f"{EDITIONS}999999/desk/", follow=True)
    assert answer.redirect_chain == [(EDITIONS, 302)]
    assert notices(answer) == "That edition is not here. Perhaps it was undone."


# How often it asks


def test_the_pages_of_the_desk_ask_at_most_twelve_times_however_much_there_is(phases, sign_in):
    curator = sign_in(phases.curator)

    def ask() -> dict[str, int]:
        counts = {}
        for phase in PHASES:
            edition = getattr(phases, phase)
            pages = ["", "do/close/", "priorities/lineage/", "priorities/order/", "priorities/merge/", "mail/", "list/"]
            for rest in pages:
                curator.get(desk(edition, rest))
                with CaptureQueriesContext(connection) as queries:
                    assert curator.get(desk(edition, rest)).status_code == 200
                counts[f"{phase} {rest}"] = len(queries)
        return counts

    before = ask()
    members = seat_governments(20)
    cast_at_once(phases.open, Kind.PRIORITIES, dict.fromkeys(members, PRIORITIES))
    cast_at_once(phases.open, Kind.CHALLENGES, dict.fromkeys(members[:9], ("Shadow IT",)))
    for year in range(2000, 2008):
        make_edition(year)
    assert ask() == before
    assert max(before.values()) <= 12
