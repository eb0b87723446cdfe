"""A curator who is signed in, and a list that is drafted."""

from __future__ import annotations

import pytest

from tests.worlds import make_edition


@pytest.fixture
def curator(world, sign_in):
    return sign_in(world.curator)


@pytest.fixture
def draft(world):
    return make_edition(2031)
