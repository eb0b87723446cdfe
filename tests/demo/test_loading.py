"""What the demonstration holds once it is loaded."""

from datetime import timedelta

import pytest

from challenges.models import HindranceResponse
from members.models import Government, Office, User
from mixportal.ballots.models import Ballot, Placement
from mixportal.demo import loading
from mixportal.demo.ballots import SAVED_BY_A
from mixportal.demo.world import A, B, build_world
from mixportal.editions.models import AnnualList, Edition, Entry, Kind, Lineage, Phase, slug_for
from mixportal.notes.models import Note
from mixportal.proposals.models import Proposal
from mixportal.results.models import Tally
from priorities.models import Investment, Priority

pytestmark = pytest.mark.usefixtures("demonstration_database", "db")

WORLD = build_world()


def priorities(year):
    return AnnualList.objects.for_year(year, Kind.PRIORITIES)


def figures(year):
    return priorities(year).tallies.get().figures


def ballots_of(year, slug):
    ballots = Ballot.objects.filter(annual_list__edition__year=year, government__slug=slug)
    return list(ballots.with_placements())


def test_every_phase_but_closed_is_there_to_be_seen():
    phases = {edition.year: edition.phase for edition in Edition.objects.all()}

    assert phases == {
        2018: Phase.PUBLISHED,
        2024: Phase.PUBLISHED,
        2025: Phase.PUBLISHED,
        2026: Phase.OPEN,
        2027: Phase.DRAFTING,
    }


def test_the_list_of_2018_is_the_real_one_and_was_never_ranked():
    edition = Edition.objects.get(year=2018)

    assert [edition.list_of(kind).entries.count() for kind in Kind] == [13, 5]
    assert not edition.was_ranked
    assert not Ballot.objects.filter(annual_list__edition=edition).exists()


def test_the_64_seats_are_held_by_the_invented_governments_alone():
    assert Government.objects.seated().count() == 64
    assert set(Government.objects.seated().values_list("slug", flat=True)) == {each.slug for each in WORLD.governments}


def test_the_six_governments_that_the_article_names_hold_no_seat_and_no_claims_are_made_of_them():
    real = Government.objects.filter(seat__isnull=True)

    assert set(real.values_list("name", flat=True)) == {
        "Los Angeles County",
        "Minneapolis",
        "Scottsdale",
        "Wake County",
        "Henderson",
        "Pitt County",
    }
    assert not real.exclude(population=None, it_staff=None, annual_it_budget=None, website="").exists()


def test_henderson_is_a_city_and_a_note_says_what_the_article_calls_it():
    assert Government.objects.get(name="Henderson").kind == "city"
    assert "Henderson County" in Office.objects.get(government__name="Henderson").note


def test_every_entry_has_plain_words_for_leaders_and_what_it_involves_or_they_can_do():
    for entry in Entry.objects.all():
        assert entry.in_plain_words, entry
        assert entry.for_leaders, entry


@pytest.mark.parametrize("year", [2024, 2025, 2026, 2027])
def test_every_list_after_the_first_goes_on_with_lines_of_one_before_it(year):
    for kind in Kind:
        entries = AnnualList.objects.for_year(year, kind).entries.with_list()
        assert any(entry.earlier_on_line().exists() for entry in entries), kind


def test_what_merged_or_split_came_from_an_earlier_year():
    links = Lineage.objects.select_related("later__annual_list__edition", "earlier__annual_list__edition")

    assert {link.type for link in links} == {"merged", "split"}
    for link in links:
        assert link.earlier.edition.year < link.later.edition.year, link


@pytest.mark.parametrize("year", [2024, 2025])
def test_about_52_of_64_have_cast_and_the_tally_says_so(year):
    for kind in Kind:
        annual_list = AnnualList.objects.for_year(year, kind)
        stored = annual_list.tallies.get()

        assert 49 <= stored.cast <= 55
        assert stored.seats == 64
        assert stored.cast == annual_list.ballots.cast().count()


@pytest.mark.parametrize("year", [2024, 2025])
def test_agreement_is_like_that_of_a_real_survey(year):
    result = figures(year)

    assert 0.25 < result["kendall_w"] < 0.42
    assert 0.6 < result["same_order_share"] < 0.7


@pytest.mark.parametrize("year", [2024, 2025])
def test_cybersecurity_leads_clearly_and_near_ties_follow(year):
    result = figures(year)
    slugs = [[result["alternatives"][index] for index in band] for band in result["bands"]]

    assert slugs[0] == ["cybersecurity"]
    assert result["condorcet_winner"] == "cybersecurity"
    assert {"workforce", "technology-infrastructure"} <= set(slugs[1])
    assert len(slugs) >= 4


@pytest.mark.parametrize("year", [2024, 2025])
def test_emergency_communications_divide_counties_from_cities(year):
    result = figures(year)
    assert result["word"][result["alternatives"].index("emergency-communications")] == "divided"

    def average_of(kind):
        """Among those who ranked it: enough to see the two camps."""
        places = Placement.objects.filter(
            entry__annual_list__edition__year=year,
            entry__slug="emergency-communications",
            ballot__government__kind=kind,
        ).values_list("cast_place", flat=True)
        return sum(places) / len(places)

    assert average_of("county") + 3 < average_of("city")


def test_what_was_ranked_lay_within_the_window():
    for ballot in Ballot.objects.cast().select_related("annual_list__edition"):
        assert ballot.edition.opens_at < ballot.cast_at < ballot.edition.closes_at


def test_those_who_cast_may_cast_for_that_government():
    for ballot in Ballot.objects.cast().select_related("cast_by"):
        assert ballot.cast_by.government_id == ballot.government_id
        assert ballot.cast_by.is_voter


def test_a_government_stands_nearer_to_itself_a_year_later_than_to_others():
    def order(year, slug):
        ballot = priorities(year).ballots.with_placements().get(government__slug=slug)
        return {slug: place for slug, place in ballot.counted.items() if slug != "it-system-modernization"}

    def agreement(one, other):
        both = [slug for slug in one if slug in other]
        pairs = [(one[a] - one[b]) * (other[a] - other[b]) for a in both for b in both if a < b]
        alike, unlike = sum(pair > 0 for pair in pairs), sum(pair < 0 for pair in pairs)
        return alike / (alike + unlike) if alike + unlike else 0.5

    def cast_in(year):
        return set(priorities(year).ballots.values_list("government__slug", flat=True))

    both_years = sorted(cast_in(2024) & cast_in(2025))
    assert len(both_years) >= 36
    earlier, later = ({slug: order(year, slug) for slug in both_years} for year in (2024, 2025))
    own = [agreement(earlier[slug], later[slug]) for slug in both_years]
    others = [agreement(earlier[a], later[b]) for a in both_years for b in both_years if a != b]
    assert sum(own) / len(own) > sum(others) / len(others) + 0.08


def test_38_of_64_have_cast_in_the_open_edition_and_some_have_only_saved():
    ballots = priorities(2026).ballots.all()

    assert ballots.cast().count() == 38
    assert ballots.filter(cast_at__isnull=True).count() == 6


def test_some_have_edited_what_they_cast_without_casting_again():
    ballots = priorities(2026).ballots.with_placements()

    assert sum(ballot.has_edits_since_cast for ballot in ballots) == 2


def test_the_first_persona_finds_seven_of_thirteen_saved_and_not_cast_and_no_challenges_begun():
    (ballot,) = ballots_of(2026, A)

    assert not ballot.is_cast
    assert ballot.working == {slug_for(title): place for title, place in SAVED_BY_A["priorities"].items()}


def test_the_second_persona_has_cast_both_lists():
    assert [ballot.is_cast for ballot in ballots_of(2026, B)] == [True, True]


@pytest.mark.parametrize("year", [2024, 2025])
def test_both_personas_have_ranked_in_earlier_years(year):
    for slug in (A, B):
        assert [ballot.is_cast for ballot in ballots_of(year, slug)] == [True, True]


def test_nothing_is_counted_before_the_close():
    assert not Tally.objects.filter(annual_list__edition__year__gte=2026).exists()


@pytest.mark.parametrize("year", [2025, 2026])
def test_about_45_governments_say_what_they_do_some_of_it_to_everybody_and_some_to_nobody(year):
    told = Investment.objects.filter(priority__annual_list__edition__year=year)
    assert 40 <= told.values("government").distinct().count() <= 45
    assert set(told.values_list("audience", flat=True)) == {"public", "members", "government"}
    paragraphs = list(told.exclude(summary="").values_list("summary", flat=True))
    assert len(paragraphs) > 20
    assert len(paragraphs) == len(set(paragraphs))


def test_the_first_persona_is_offered_what_it_told_last_year():
    data = Priority.objects.get(annual_list__edition__year=2026, slug="data")
    government = Government.objects.get(slug=A)
    assert not data.investments.filter(government=government).exists()
    assert Investment.from_last_year(data, government).status == "under_way"


@pytest.mark.parametrize(("year", "answers"), [(2024, 41), (2025, 47), (2026, 22)])
def test_governments_have_marked_what_stands_in_the_way(year, answers):
    assert HindranceResponse.objects.filter(edition__year=year).count() == answers
    edition = Edition.objects.get(year=year)
    assert all(entry.hindrances.exists() for entry in edition.list_of(Kind.CHALLENGES).entries.in_order())


def test_nobody_can_sign_in_by_password():
    assert not any(user.has_usable_password() for user in User.objects.all())


def test_the_former_member_has_no_role_and_no_government():
    former = User.objects.get(email=WORLD.former_member.email)

    assert (former.is_active, former.role, former.government) == (True, "none", None)


def test_the_close_moves_while_the_ballots_are_open():
    closes_at = loading.move_close(timedelta(seconds=90))

    assert Edition.objects.get(year=2026).closes_at == closes_at


def test_a_close_that_has_passed_does_not_move():
    Edition.objects.get(year=2026).close_now()

    assert loading.move_close(timedelta(days=1)) is None


def test_the_history_says_that_a_ballot_is_of_the_demonstration():
    events = Ballot.objects.first().events.all()

    assert {event.pgh_context["reason"] for event in events} == {"demonstration"}


def test_the_draft_has_proposals_of_both_kinds_two_of_them_decided_and_notes_to_the_curators():
    proposals = Proposal.objects.filter(annual_list__edition__year=2027).with_support()
    assert {each.annual_list.kind for each in proposals} == set(Kind)
    assert sorted(each.outcome for each in proposals if each.outcome) == ["declined", "merged"]
    assert all(each.supports.count() for each in proposals)
    assert any(support.reason for each in proposals for support in each.supports.all())
    to_curators = Note.objects.filter(audience="curators").select_related("entry__annual_list__edition")
    assert sorted(note.entry.edition.year for note in to_curators) == [2026, 2027]
