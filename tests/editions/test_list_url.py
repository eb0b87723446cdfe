"""The tag that writes the addresses of the pages that both lists have."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch

from mixportal.editions import kinds


def rendered(tag: str) -> str:
    return Template("{% load lists %}" + tag).render(Context({"kind": kinds.get("challenges"), "slug": "shadow-it"}))


@pytest.mark.parametrize(
    ("tag", "address"),
    [
        ("{% list_url 'list' 2030 kind %}", "/2030/challenges/"),
        ("{% list_url 'entry' 2030 kind slug %}", "/2030/challenges/shadow-it/"),
        ("{% list_url 'entry' 2030 'priorities' 'data' %}", "/2030/priorities/data/"),
        ("{% list_url 'compare' 2030 kind as here %}{{ here }}?g=a", "/2030/challenges/compare/?g=a"),
    ],
)
def test_the_address_is_that_of_the_page_of_the_kind(tag, address):
    assert rendered(tag) == address


@pytest.mark.parametrize("tag", ["{% list_url 'list' 2030 'problems' %}", "{% list_url 'nothing' 2030 kind %}"])
def test_an_address_that_no_page_has_is_an_error(tag):
    with pytest.raises(NoReverseMatch):
        rendered(tag)
