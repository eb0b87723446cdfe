"""If a curator cannot do something now, its page says why and shows no form."""

from __future__ import annotations

from members.models import User
from mixportal.desk.edition_verbs import VERBS
from mixportal.editions.models import Edition, Erratum, Kind
from mixportal.results.models import Tally
from tests.curating import problems
from tests.desk.test_list_pages import desk
from tests.reading import page, said, text
from tests.worlds import make_government


def test_what_a_government_or_a_person_cannot_do_has_no_form_either(curator, world):
    away = make_government("Away", None)
    User.objects.filter(pk=world.member_b.pk).update(role="none", government=None)
    for row, verb, why in (
        (f"government/{world.port.pk}", "give-seat", "already holds seat 1."),
        (f"government/{away.pk}", "invite", "Away holds no seat."),
        (f"government/{world.halloran.pk}", "hand-over", "has no member who could hand over."),
        (f"user/{world.former.pk}", "leave", "belongs to no government."),
        (f"user/{world.member_a.pk}", "reactivate", "is active."),
        (f"user/{world.member_a.pk}", "anonymize", "still takes part."),
        (f"user/{world.gone_curator.pk}", "deactivate", "is deactivated already."),
    ):
        answer = curator.get(f"/admin/members/{row}/{verb}/")
        assert why in said(answer, "why-not"), verb
        assert "verb_form" not in answer.content.decode()


def test_a_page_for_what_cannot_be_done_says_why_and_has_no_form(phases, sign_in):
    curator = sign_in(phases.curator)
    published, empty = phases.published, Edition.objects.create(year=2032)
    first = Edition.objects.create(year=2026)
    data, drafted = (each.list_of(Kind.PRIORITIES).entries.first() for each in (published, phases.drafting))
    for edition, rest, why in (
        (phases.open, "do/publish/", "An edition with ballots is published after its close."),
        (empty, "do/publish/", "Both lists are empty"),
        (empty, "do/open/", "First do what is marked as needed: The list of priorities is empty"),
        (phases.drafting, "do/unset/", "No date is set"),
        (phases.drafting, "do/close/", "because the edition is still a draft."),
        (phases.drafting, "do/take-over/", "because no list here is empty."),
        (first, "do/take-over/", "because no earlier list has entries that could be copied."),
        (phases.unranked, "do/again/", "no ballots were counted"),
        (phases.closed, "do/next/", "Next year’s edition has already begun."),
        (phases.open, "priorities/order/", "because the edition is open."),
        (phases.drafting, "do/next/", "because the edition is still a draft."),
        (phases.open, "list/", "because the edition is open."),
        (published, "list/", "because the edition is published."),
        (phases.drafting, f"priorities/{drafted.pk}/correct/", "because the edition is still a draft."),
        (published, f"priorities/{data.pk}/correct/", "because the edition is published."),
        (published, "priorities/merge/", "because the edition is published."),
        (published, f"priorities/{data.pk}/split/", "because the edition is published."),
    ):
        answer = curator.get(desk(edition, rest))
        assert answer.status_code == 200
        assert why in text(page(answer)), rest
        assert "cannot be undone" not in text(page(answer))
        content = next(each for each in page(answer).iter("div") if each.get("id") == "content-main")
        assert not [each for each in content.iter() if each.tag in ("form", "button", "input")], rest


def state() -> tuple[list[tuple[object, ...]], int, int]:
    windows = Edition.objects.order_by("year").values_list("year", "opens_at", "closes_at", "published_at")
    return list(windows), Erratum.objects.count(), Tally.objects.count()


def test_what_the_desk_does_not_offer_in_a_phase_is_refused_if_it_is_posted(phases, sign_in):
    curator = sign_in(phases.curator)
    given = {
        "opens_at": "2035-01-10T09:00",
        "closes_at": "2035-02-10T09:00",
        "reason": "A doubt.",
        "body": "A digit was wrong.",
    }
    for edition in (phases.published, phases.closed, phases.open, phases.drafting):
        for verb in VERBS:
            if edition.phase not in verb.phases:
                before = state()
                answer = curator.post(desk(edition, f"do/{verb.key}/"), given)
                assert (answer.status_code, problems(answer) != "") == (422, True), (edition.phase, verb.key)
                assert state() == before
