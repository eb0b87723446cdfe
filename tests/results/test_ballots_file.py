"""The file of all ballots asks a curator, who gets each ballot by name, for the second factor."""

from __future__ import annotations

from django.test import Client

from tests.members.signing import LOGIN, sign_in_by_code
from tests.members.test_second_factor import set_up_app
from tests.worlds import rank

BALLOTS = "/2030/priorities/ballots.csv"


def test_a_curator_shows_the_second_factor_and_a_member_needs_none(world, client, settings):
    settings.CURATORS_NEED_SECOND_FACTOR, settings.LOGIN_URL, settings.DEMO = True, LOGIN, False
    rank(world.edition, world.member_a, "Data")
    world.edition.close_now()
    sign_in_by_code(client, "curator@mix.example")
    assert client.get(BALLOTS, follow=True).redirect_chain[-1] == ("/account/", 302)
    set_up_app(client)
    assert client.get(BALLOTS).status_code == 200
    member = Client()
    sign_in_by_code(member, "rosa@port.example")
    assert member.get(BALLOTS).status_code == 200
