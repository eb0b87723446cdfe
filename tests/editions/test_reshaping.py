"""Merging and splitting entries of a draft without losing what people wrote."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from mixportal.desk.views.lists import merge_entries
from mixportal.editions.models import Edition, Entry, Kind, Lineage, ListChangedError
from mixportal.notes.models import Note
from mixportal.proposals.models import Proposal
from mixportal.trends.models import OutsideItem, OutsideList, OutsideSeries
from priorities.models import Investment, Priority
from tests.curating import order
from tests.worlds import make_edition


@pytest.fixture
def draft(world):
    """Return the draft made from 2030, whose entries are on the same lines."""
    return world.edition.begin_next()


def entry(edition, slug) -> Entry:
    return edition.list_of(Kind.PRIORITIES).entries.select_related("line").get(slug=slug)


def links(edition) -> set[tuple[str, str, str]]:
    found = Lineage.objects.filter(later__annual_list__edition=edition).select_related("later", "earlier")
    return {(link.later.slug, link.earlier.slug, link.type) for link in found}


def test_a_merged_entry_keeps_both_texts_and_both_lineages(world, draft):
    merge_entries(entry(draft, "data"), entry(draft, "governance"))
    kept = entry(draft, "data")
    assert kept.description == "What Data means to a CIO.\n\nWhat Governance means to a CIO."
    assert kept.in_plain_words == "Data in plain words. And more.\n\nGovernance in plain words. And more."
    assert kept.line == entry(world.edition, "data").line
    assert links(draft) == {("data", "governance", "merged")}
    assert "Governance" not in order(draft)


def test_texts_of_merged_entries_are_joined_as_sentences(draft):
    texts = ("small cells", "Antennas on poles (“towers.”)", "eyes in the sky", "small cells", "")
    keep, *others = list(draft.list_of(Kind.PRIORITIES).entries.in_order())[: len(texts)]
    for each, words in zip((keep, *others), texts, strict=True):
        Entry.objects.filter(pk=each.pk).update(description=words)
    for other in others:
        merge_entries(Entry.objects.get(pk=keep.pk), Entry.objects.get(pk=other.pk))
    kept = Entry.objects.get(pk=keep.pk)
    assert kept.description == "Small cells.\n\nAntennas on poles (“towers.”)\n\nEyes in the sky."
    Entry.objects.filter(pk=keep.pk).update(short="", in_plain_words="")
    assert Entry.objects.get(pk=keep.pk).one_line == "Small cells"


def test_later_lineage_of_a_merged_entry_moves_to_the_entry_that_stays(world, draft):
    future = make_edition(2035)
    for later, earlier in (("workforce", "governance"), ("social-media", "data"), ("social-media", "governance")):
        Lineage.objects.create(later=entry(future, later), earlier=entry(draft, earlier), type="split")
    entry(draft, "data").line.join(entry(future, "data").line, reason="the same")
    Lineage.objects.create(later=entry(future, "data"), earlier=entry(draft, "governance"), type="merged")
    merge_entries(entry(draft, "data"), entry(draft, "governance"))
    assert links(future) == {("workforce", "data", "split"), ("social-media", "data", "split")}


def test_a_part_that_was_split_off_is_merged_back(draft):
    texts = {"description": "d", "in_plain_words": "", "for_leaders": "", "short": ""}
    data = entry(draft, "data")
    part = data.split(first={"title": "Data", **texts}, second={"title": "Data Quality", **texts})
    merge_entries(data, part)
    assert links(draft) == set()
    assert "Data Quality" not in order(draft)


def test_a_text_that_both_have_is_kept_once(draft):
    Priority.objects.filter(annual_list__edition=draft, slug="governance").update(
        description="What Data means to a CIO."
    )
    merge_entries(entry(draft, "data"), entry(draft, "governance"))
    assert entry(draft, "data").description == "What Data means to a CIO."


def test_notes_proposals_and_outside_items_move_to_the_entry_that_stays(world, draft):
    keep, other = entry(draft, "data"), entry(draft, "governance")
    note = write(other, world.member_a)
    answer = write(other, world.member_b, reply_to=note)
    proposal = Proposal.propose(
        annual_list=draft.list_of(Kind.PRIORITIES), user=world.member_a, title="IT Boards", description="d"
    )
    proposal.merge(other, world.curator)
    invest(other, world.member_a)
    series = OutsideSeries.objects.create(body="A body", short_name="a body’s", slug="a-body")
    outside = OutsideList.objects.create(series=series, year=2031)
    new = keep.annual_list.add_entries([Entry(title="New", slug="new", description="d", position=99)])[0]
    items = [
        OutsideItem.objects.create(outside_list=outside, title=each.title, line=each.line) for each in (other, new)
    ]
    merge_entries(keep, other)
    merge_entries(keep, new)
    assert set(keep.notes.all()) == {note, answer}
    assert list(keep.proposals.all()) == [proposal]
    assert Investment.objects.get().priority_id == keep.pk
    for item in items:
        item.refresh_from_db()
    assert [item.line for item in items] == [entry(world.edition, "governance").line, keep.line]


def write(on, user, **more) -> Note:
    return Note.objects.create(
        entry=on, about=on.title, government=user.government, author=user, kind="note", body="Mind this.", **more
    )


def invest(on, user) -> Investment:
    facts = {"status": "planned", "cost": "", "staff": None, "from_year": None, "to_year": None, "summary": "s"}
    return Investment.record(
        priority=Priority.objects.get(pk=on.pk),
        government=user.government,
        user=user,
        facts=facts | {"audience": "members"},
        version=0,
    )


def test_two_investments_of_one_government_prevent_a_merge(world, draft):
    keep, other = entry(draft, "data"), entry(draft, "governance")
    write(other, world.member_a)
    for each in (keep, other):
        invest(each, world.member_a)
    with pytest.raises(ValidationError, match=r"Nothing was merged: Port Merrow County has an investment in both"):
        merge_entries(keep, other)
    assert other.notes.count() == 1, "nothing has moved"
    Investment.withdraw(
        priority=Priority.objects.get(pk=other.pk), government=world.port, user=world.member_a, version=1
    )
    merge_entries(keep, entry(draft, "governance"))
    assert Investment.objects.get().withdrawn_at is None


def test_only_two_entries_of_one_draft_are_merged(world, draft):
    data = entry(draft, "data")
    for other in (data, entry(make_edition(2032), "data")):
        with pytest.raises(ValidationError, match="of one list"):
            merge_entries(data, other)
    with pytest.raises(ValidationError, match="its entries cannot change"):
        merge_entries(entry(world.edition, "data"), entry(world.edition, "governance"))


def test_a_split_entry_makes_two_neighbors_and_the_second_comes_from_the_first(world, draft):
    texts = {"description": "d", "in_plain_words": "", "for_leaders": "", "short": ""}
    new = entry(draft, "data").split(first={"title": "Open Data", **texts}, second={"title": "Data Quality", **texts})
    assert new.slug == "data-quality"
    assert order(draft)[2:4] == ["Open Data", "Data Quality"]
    assert links(draft) == {("data-quality", "data", "split")}
    assert entry(draft, "data").title == "Open Data"
    assert entry(draft, "data").line == entry(world.edition, "data").line != new.line


def test_a_split_into_a_taken_slug_or_of_a_frozen_list_is_refused(world, draft):
    texts = {"description": "d", "in_plain_words": "", "for_leaders": "", "short": ""}
    both = {"first": {"title": "Data", **texts}, "second": {"title": "Workforce", **texts}}
    with pytest.raises(ValidationError, match="an entry with this name"):
        entry(draft, "data").split(**both)
    both = {name: {"title": "Open Data", **texts} for name in ("first", "second")}
    with pytest.raises(ValidationError, match="an entry with this title"):
        entry(draft, "data").split(**both)
    assert order(draft)[2:4] == ["Data", "Governance"], "nothing was moved"
    with pytest.raises(ValidationError, match="its entries cannot change"):
        entry(world.edition, "data").split(**both)


def test_a_list_is_put_in_order_whole_or_not_at_all(world, draft):
    drafted = draft.list_of(Kind.PRIORITIES)
    keys = list(drafted.entries.in_order().values_list("pk", flat=True))
    drafted.arrange(keys[::-1])
    assert order(draft)[0] == "Citizen Engagement"
    for wrong in (keys[1:], [*keys, keys[0]], [*keys[1:], 0]):
        with pytest.raises(ListChangedError):
            drafted.arrange(wrong)
    opened = Edition.objects.get(year=2030).list_of(Kind.PRIORITIES)
    with pytest.raises(ValidationError, match="its entries cannot change"):
        opened.arrange(list(opened.entries.in_order().values_list("pk", flat=True))[::-1])
