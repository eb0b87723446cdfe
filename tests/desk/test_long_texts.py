"""Texts for good that are longer than they may be."""

from __future__ import annotations

import pytest

from mixportal.editions.models import Erratum
from tests.curating import EDITIONS, filled, problems
from tests.reading import page, text


@pytest.mark.parametrize(("verb", "field"), [("erratum", "body"), ("again", "reason")])
def test_a_text_that_is_too_long_is_refused_and_comes_back_whole(phases, sign_in, verb, field):
    curator, long = sign_in(phases.curator), "x" * 2_001
    answer = curator.post(f"{EDITIONS}{phases.published.pk}/desk/do/{verb}/", {field: long})
    assert answer.status_code == 422
    assert "at most 2000 characters (it has 2001)" in problems(answer)
    assert filled(answer, "desk_form")[field] == long
    assert "At most 2,000 characters" in text(page(answer))
    assert not Erratum.objects.exists()
