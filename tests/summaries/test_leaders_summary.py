"""What the summary shows beside its lists: terms, texts for leaders, and what moved."""

from __future__ import annotations

from django.test import Client

from mixportal.announcements.mails import announce_results
from mixportal.editions.models import Edition, Kind, Lineage
from mixportal.mail.models import Mail
from mixportal.results.models import Tally
from mixportal.results.publishing import publish
from mixportal.summaries.pdf import summary_html
from priorities.models import Priority
from tests.reading import page, text
from tests.summaries.ladder import ladder
from tests.worlds import PRIORITIES, cast_at_once, closed, make_edition, open_edition, seat_governments


def two_years(members: list, *, data_continues: bool = True, first_is: str = "published") -> Edition:
    """In 2028 all twelve governments rank Data last, and in 2029 eleven of them rank it first."""
    last = [title for title in PRIORITIES if title != "Data"]
    for year, order in ((2028, [*last, "Data"]), (2029, ["Data", *last])):
        edition = open_edition(make_edition(year))
        orders = {member: tuple(order) for member in members}
        orders[members[0]] = (*last, "Data")
        cast_at_once(edition, Kind.PRIORITIES, orders)
        closed(edition)
    first, second = Edition.objects.order_by("year").filter(year__in=(2028, 2029))
    earlier = {entry.slug: entry for entry in first.list_of(Kind.PRIORITIES).entries.in_order()}
    for entry in second.list_of(Kind.PRIORITIES).entries.in_order():
        if entry.slug == "data" and not data_continues:
            Lineage.objects.create(later=entry, earlier=earlier[entry.slug], type="merged")
        else:
            earlier[entry.slug].line.join(entry.line, reason="The same.")
    if first_is == "published":
        publish(first)
    else:
        for annual_list in first.lists.all():  # as the first member to look at its results leaves it
            Tally.objects.get_or_compute(annual_list)
    publish(second)
    return second


def test_it_says_what_moved_since_the_last_ranked_list_by_those_who_ranked_both(world):
    edition = two_years(seat_governments(12))
    said = text(page(Client().get(f"/{edition.year}/summary/")))
    assert "What changed since 2028" in said
    assert "12 governments ranked both lists." in said
    assert "Data rose: more than 90 % of these governments put it higher than before." in said
    assert "Town" not in said


def test_leaders_are_told_which_challenges_are_too_close_to_call(world):
    members = seat_governments(12)
    one = ("IT Governance", "Shadow IT", "Expanding Portfolios")
    two = ("Shadow IT", "IT Governance", "Expanding Portfolios")
    cast_at_once(world.edition, Kind.CHALLENGES, {member: one if at < 7 else two for at, member in enumerate(members)})
    closed(world.edition)
    publish(Edition.objects.get(pk=world.edition.pk))
    edition = Edition.objects.get(pk=world.edition.pk)
    announce_results(edition)
    said = "Among the challenges, 1st and 2nd are too close to call."
    for name in ("summary", "slides", "embed"):
        assert said in text(page(Client().get(f"/2030/{name}/"))), name
    assert said in " ".join(summary_html(edition).split())
    mail = Mail.objects.filter(kind="results")[0]
    assert said in mail.text
    assert said in " ".join(mail.html.split())


def test_no_move_is_drawn_where_fewer_than_ten_ranked_both(world):
    edition = two_years(seat_governments(9))
    assert "rose" not in text(page(Client().get(f"/{edition.year}/summary/")))


def test_what_was_merged_or_split_is_not_set_side_by_side_and_moves_nowhere(world):
    edition = two_years(seat_governments(12), data_continues=False)
    said = text(page(Client().get(f"/{edition.year}/summary/")))
    assert "Merged or split: Data." in said
    assert "Data rose" not in said
    data = next(row for row in ladder(2029) if row.title == "Data")
    assert data.change == "merged or split since 2028"


def test_nothing_moves_against_a_list_that_is_closed_and_not_yet_published(world):
    edition = two_years(seat_governments(12), first_is="closed")
    said = text(page(Client().get(f"/{edition.year}/summary/")))
    assert "2029" in said
    assert "What changed" not in said
    assert {row.change for row in ladder(2029)} == {""}


def test_it_says_what_mix_is_what_each_involves_and_explains_the_words_it_uses(phases):
    Priority.objects.filter(annual_list__edition=phases.drafting, slug="data").update(
        for_leaders="Backups in a data center."
    )
    publish(phases.drafting)
    said = text(page(Client().get("/2031/summary/")))
    assert "The Metropolitan Information Exchange (MIX) is a network of at most 64 cities and counties" in said
    assert "What it involves: Backups in a data center." in said
    assert "Backup : A second copy of what computers hold, kept apart." in said
    assert "Ransomware" not in said


def test_leaders_are_led_to_their_own_governments_brief_and_visitors_to_none(phases, sign_in):
    brief = "/governments/port-merrow-county/2028/"
    assert brief in sign_in(phases.leader_a).get("/2028/summary/").content.decode()
    assert brief in sign_in(phases.leader_a).get("/").content.decode()
    assert "/governments/port" not in Client().get("/2028/summary/").content.decode()


def test_slides_are_the_published_summary_one_section_a_slide(phases):
    root = page(Client().get("/2028/slides/"))
    slides = [each for each in root.iter("section") if each.get("class") == "slide"]
    assert len(slides) > 8
    assert "in plain words" in text(root)
    assert Client().get("/2029/slides/").status_code == 404
