"""The reasons on the compare page."""

from __future__ import annotations

import pytest

from mixportal.editions.models import Kind
from mixportal.notes.models import Note
from tests.reading import page, text

pytestmark = pytest.mark.django_db


def test_reasons_stand_beside_the_places_they_explain(network, sign_in):
    data = network.edition.list_of(Kind.PRIORITIES).entries.get(slug="data")
    for government, author, audience, body in (
        (network.halloran, network.member_b, "members", "Open *records* first."),
        (network.members[5].government, network.members[5], "government", "For us alone."),
        (network.members[6].government, network.members[6], "members", "Not beside them."),
    ):
        Note.objects.create(
            entry=data, government=government, author=author, kind="reason", audience=audience, body=body
        )
    slug = network.members[5].government.slug
    told = text(page(sign_in(network.member_a).get(f"/2030/priorities/compare/?g=halloran-county&g={slug}")))
    assert "Why, in their words" in told
    assert "Halloran County 1st Open records first." in told
    assert "For us alone" not in told
    assert "Not beside them" not in told
