"""Merging and splitting entries while drafting: nothing that people wrote is lost."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from mixportal.editions.models import Edition
from mixportal.editions.reshaping import ListChanged
from priorities.models import Priority, PriorityLineage
from tests.conftest import make_edition
from tests.curating import order


@pytest.fixture
def draft(world):
    return make_edition(2031)


def entry(edition, slug) -> Priority:
    return Priority.objects.select_related("edition").get(edition=edition, slug=slug)


def links(edition) -> set[tuple[str, str, str]]:
    found = PriorityLineage.objects.filter(later__edition=edition).select_related("later", "earlier")
    return {(link.later.slug, link.earlier.slug, link.type) for link in found}


def test_a_merged_entry_keeps_both_texts_and_both_lineages(world, draft):
    for slug in ("data", "governance"):
        PriorityLineage.objects.create(later=entry(draft, slug), earlier=entry(world.edition, slug))
    future = make_edition(2035)
    PriorityLineage.objects.create(later=entry(future, "data"), earlier=entry(draft, "governance"))
    entry(draft, "data").absorb(entry(draft, "governance"))
    kept = entry(draft, "data")
    assert kept.description == "What Data means to a CIO.\n\nWhat Governance means to a CIO."
    assert kept.in_plain_words == "Data in plain words. And more.\n\nGovernance in plain words. And more."
    assert links(draft) == {("data", "data", "merged"), ("data", "governance", "merged")}
    assert links(future) == {("data", "data", "continued")}, "what pointed to the other points to the one that stays"
    assert not Priority.objects.filter(edition=draft, slug="governance").exists()


def test_a_link_that_both_have_is_kept_once_and_a_text_that_both_have_too(world, draft):
    for slug in ("data", "governance"):
        PriorityLineage.objects.create(later=entry(draft, slug), earlier=entry(world.edition, "data"))
    Priority.objects.filter(edition=draft, slug="governance").update(description="What Data means to a CIO.")
    entry(draft, "data").absorb(entry(draft, "governance"))
    assert links(draft) == {("data", "data", "continued")}
    assert entry(draft, "data").description == "What Data means to a CIO."


def test_what_is_not_two_entries_of_one_draft_is_not_merged(world, draft):
    data = entry(draft, "data")
    for other in (data, entry(make_edition(2032), "data")):
        with pytest.raises(ValidationError, match="of one list"):
            data.absorb(other)
    with pytest.raises(ValidationError, match="its entries stand"):
        entry(world.edition, "data").absorb(entry(world.edition, "governance"))


def test_a_split_entry_makes_two_that_continue_the_same_and_stand_together(world, draft):
    PriorityLineage.objects.create(later=entry(draft, "data"), earlier=entry(world.edition, "data"))
    texts = {"description": "d", "in_plain_words": "", "investments_involved": ""}
    new = entry(draft, "data").split(first={"title": "Open Data", **texts}, second={"title": "Data Quality", **texts})
    assert new.slug == "data-quality"
    assert order(draft)[2:4] == ["Open Data", "Data Quality"]
    assert links(draft) == {("data", "data", "split"), ("data-quality", "data", "split")}
    assert entry(draft, "data").title == "Open Data"


def test_a_split_into_an_address_that_is_taken_or_of_a_list_that_stands_is_refused(world, draft):
    texts = {"description": "d", "in_plain_words": "", "investments_involved": ""}
    both = {"first": {"title": "Data", **texts}, "second": {"title": "Workforce", **texts}}
    with pytest.raises(ValidationError, match="of that name already"):
        entry(draft, "data").split(**both)
    assert order(draft)[2:4] == ["Data", "Governance"], "nothing was moved"
    with pytest.raises(ValidationError, match="its entries stand"):
        entry(world.edition, "data").split(**both)


def test_a_list_is_put_in_order_whole_or_not_at_all(world, draft):
    keys = list(Priority.objects.of(draft).values_list("pk", flat=True))
    Priority.objects.arrange(draft, keys[::-1])
    assert order(draft)[0] == "Citizen Engagement"
    for wrong in (keys[1:], [*keys, keys[0]], [*keys[1:], 0]):
        with pytest.raises(ListChanged):
            Priority.objects.arrange(draft, wrong)
    standing = list(Priority.objects.of(world.edition).values_list("pk", flat=True))
    with pytest.raises(ValidationError, match="its entries stand"):
        Priority.objects.arrange(Edition.objects.get(year=2030), standing[::-1])
