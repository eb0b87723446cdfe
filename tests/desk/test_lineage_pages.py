"""The desk's page that links a list to earlier years."""

from __future__ import annotations

import pytest

from mixportal.editions.models import Edition, Entry, Kind, Lineage
from mixportal.trends.models import OutsideItem, OutsideList, OutsideSeries
from tests.curating import filled, problems
from tests.desk.test_list_pages import desk, entry
from tests.reading import page, text
from tests.worlds import make_edition

LIST = "Priorities\n- Data – What Data means now.\n- Cloud – Other people’s computers.\n"


def kept(edition) -> set[tuple[str, str, int, str]]:
    """Return how each entry comes from earlier ones: a link's type, or "same" for its line."""
    links = Lineage.objects.filter(later__annual_list__edition=edition).select_related("later", "earlier")
    found = {(link.later.slug, link.earlier.slug, link.earlier.edition.year, link.type) for link in links}
    for each in edition.list_of(Kind.PRIORITIES).entries.all():
        for earlier in each.earlier_on_line()[:1]:
            found.add((each.slug, earlier.slug, earlier.edition.year, "same"))
    return found


def test_suggestions_are_shown_and_none_counts_until_it_is_chosen(curator, world, draft):
    draft.list_of(Kind.PRIORITIES).entries.filter(slug="citizen-engagement").update(title="Resident Engagement")
    address = desk(draft, "priorities/lineage/")
    said = text(page(curator.get(address)))
    assert "renamed from Citizen Engagement, 2030" in said
    assert "Take every suggestion" in said
    assert kept(draft) == set()
    pair = [entry(each, "citizen-engagement").pk for each in (draft, world.edition)]
    curator.post(address, {f"guess-{pair[0]}-{pair[1]}": "on", "action": "save"})
    assert kept(draft) == {("citizen-engagement", "citizen-engagement", 2030, "same")}
    curator.post(address, {"action": "all"})
    assert len(kept(draft)) == 8
    assert "Not on this list any more" not in text(page(curator.get(address)))


def test_the_page_says_what_is_continued_renamed_and_returned(curator, world):
    make_edition(2029)
    curator.post(desk(world.edition, "priorities/lineage/"), joining(world.edition, "data", 2029))
    draft = world.edition.begin_next()
    entries = draft.list_of(Kind.PRIORITIES).entries
    entries.filter(slug="workforce").update(title="People")
    entries.get(slug="governance").delete()
    later = Edition.objects.create(year=2032)
    later.take_over_lists()
    later.list_of(Kind.PRIORITIES).add_entries(
        [Entry(title="Governance", slug="governance", description="d", position=99,
               line=entry(world.edition, "governance").line)]
    )  # fmt: skip
    said = text(page(curator.get(desk(draft, "priorities/lineage/"))))
    assert "Data continues Data, 2030" in said
    assert "People renamed from Workforce, 2030" in said
    assert "Not on this list any more: Governance." in said
    assert "Governance returns from Governance, 2030" in text(page(curator.get(desk(later, "priorities/lineage/"))))
    assert "Data continues Data, 2029" in text(page(curator.get(desk(world.edition, "priorities/lineage/"))))


def test_a_link_is_chosen_by_hand_changed_and_taken_away(curator, world, draft):
    address = desk(draft, "priorities/lineage/")
    data, earlier = entry(draft, "data"), entry(world.edition, "governance")
    curator.post(address, {f"earlier-{data.pk}": earlier.pk, f"type-{data.pk}": "merged"})
    assert kept(draft) == {("data", "governance", 2030, "merged")}
    link = Lineage.objects.get()
    curator.post(address, {f"link-{link.pk}": "split"})
    assert kept(draft) == {("data", "governance", 2030, "split")}
    curator.post(address, {f"link-{link.pk}": "merged", "reason": "Neither stands alone."})
    assert "Reason: Neither stands alone." in text(page(curator.get("/admin/record/")))
    curator.post(address, {f"link-{link.pk}": "none"})
    assert kept(draft) == set()


def joining(edition, slug, year, reason="They mean the same.") -> dict[str, object]:
    """Return the form data that puts an entry on the line of the earlier entry with that title."""
    later, earlier = entry(edition, slug), entry(Edition.objects.get(year=year), slug)
    return {f"earlier-{later.pk}": earlier.pk, f"type-{later.pk}": "same", "reason": reason}


@pytest.mark.parametrize("phase", ["drafting", "open", "published"])
def test_lines_are_joined_and_separated_in_every_phase_with_a_reason(phases, sign_in, phase):
    curator = sign_in(phases.curator)
    edition, old = getattr(phases, phase), phases.unranked
    address = desk(edition, "priorities/lineage/")
    outside = [
        OutsideItem.objects.create(
            outside_list=OutsideList.objects.create(series=series, year=year),
            title="Data",
            line=entry(edition, "data").line,
        )
        for series in [OutsideSeries.objects.create(body="A body", short_name="a body’s", slug="a-body")]
        for year in (edition.year - 1, edition.year)
    ]
    for reason in ("", " "):
        answer = curator.post(address, joining(edition, "data", 2027, reason))
        assert answer.status_code == 422
        assert "Say why" in text(page(answer))
    curator.post(address, joining(edition, "data", 2027))
    assert kept(edition) == {("data", "data", 2027, "same")}
    assert {item.line for item in OutsideItem.objects.all()} == {entry(old, "data").line}
    data = entry(edition, "data")
    assert data.events.order_by("pgh_id").last().pgh_context["reason"] == "They mean the same."
    assert curator.post(address, {f"line-{data.pk}": "separate"}).status_code == 422
    curator.post(address, {f"line-{data.pk}": "separate", "reason": "Another thing now."})
    assert kept(edition) == set()
    lines = [entry(old, "data").line, entry(edition, "data").line]
    assert [OutsideItem.objects.get(pk=item.pk).line for item in outside] == lines
    event = OutsideItem.pgh_event_model.objects.order_by("pgh_id").last()
    assert (event.pgh_label, event.pgh_context["reason"]) == ("update", "Another thing now.")


def test_two_lines_that_one_list_has_both_of_are_two_things(curator, world, draft):
    address = desk(draft, "priorities/lineage/")
    curator.post(address, joining(draft, "data", 2030))
    workforce, data = entry(draft, "workforce"), entry(world.edition, "data")
    posted = {f"earlier-{workforce.pk}": data.pk, f"type-{workforce.pk}": "same", "reason": "Alike."}
    answer = curator.post(address, posted)
    assert answer.status_code == 422
    assert "they cannot be joined" in text(page(answer))
    assert kept(draft) == {("data", "data", 2030, "same")}
    again = {f"earlier-{entry(draft, 'data').pk}": data.pk, f"type-{entry(draft, 'data').pk}": "merged"}
    assert "neither is a part" in text(page(curator.post(address, again)))


def test_what_turns_out_to_be_one_thing_has_not_been_merged_from_itself(curator, world, draft):
    Lineage.objects.create(later=entry(draft, "data"), earlier=entry(world.edition, "data"), type="split")
    curator.post(desk(draft, "priorities/lineage/"), joining(draft, "data", 2030))
    assert kept(draft) == {("data", "data", 2030, "same")}


def test_a_suggestion_of_a_line_that_is_taken_is_a_part_of_it(curator, world, draft):
    curator.post(desk(draft, "priorities/lineage/"), joining(draft, "data", 2030))
    draft.list_of(Kind.PRIORITIES).entries.filter(slug="governance").update(title="Data Management")
    curator.post(desk(draft, "priorities/lineage/"), {"action": "all"})
    assert {each for each in kept(draft) if each[0] in ("data", "governance")} == {
        ("data", "data", 2030, "same"),
        ("governance", "data", 2030, "split"),
    }


def test_a_link_that_is_no_choice_is_422_and_nothing_is_kept(curator, world, draft):
    data, earlier = (entry(each, "data").pk for each in (draft, world.edition))
    for key, kind in (("x", "merged"), (data, "merged"), (earlier, "cats"), ("\x00", "split")):
        posted = {f"earlier-{data}": key, f"type-{data}": kind, "action": "all"}
        assert curator.post(desk(draft, "priorities/lineage/"), posted).status_code == 422, (key, kind)
    assert kept(draft) == set()


def test_half_a_choice_is_refused_at_its_row_and_what_was_filled_in_stays(curator, world, draft):
    address = desk(draft, "priorities/lineage/")
    data, earlier = entry(draft, "data"), entry(world.edition, "workforce")
    guess = f"guess-{entry(draft, 'governance').pk}-{entry(world.edition, 'governance').pk}"
    for half in ({f"earlier-{data.pk}": str(earlier.pk)}, {f"type-{data.pk}": "split"}):
        answer = curator.post(address, {guess: "on", "reason": "Parted.", **half})
        assert answer.status_code == 422
        assert problems(answer) == "Choose both how it is connected and the earlier entry."
        shown = filled(answer, "lineage_form")
        assert guess in shown
        assert shown | {"reason": "Parted.", **half} == shown
        assert kept(draft) == set()
    assert curator.post(address, shown | {f"earlier-{data.pk}": earlier.pk}).status_code == 302
    assert ("data", "workforce", 2030, "split") in kept(draft)


def test_the_merges_and_splits_of_a_list_that_stands_are_read_only(curator, world):
    make_edition(2029)
    Lineage.objects.create(
        later=entry(world.edition, "data"), earlier=entry(Edition.objects.get(year=2029), "data"), type="split"
    )
    address = desk(world.edition, "priorities/lineage/")
    said = text(page(curator.get(address)))
    assert "split from Data, 2029" in said
    assert "Take every suggestion" not in said
    data, workforce = entry(world.edition, "data"), entry(Edition.objects.get(year=2029), "workforce")
    for posted in (
        {"action": "all"},
        {f"link-{Lineage.objects.get().pk}": "none"},
        {f"earlier-{data.pk}": workforce.pk, f"type-{data.pk}": "merged"},
    ):
        assert curator.post(address, posted).status_code == 422
    assert kept(world.edition) == {("data", "data", 2029, "split")}
