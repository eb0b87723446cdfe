"""The nine actors of tests/access_table.py, as people of the demonstration."""

from __future__ import annotations

from typing import Any

from django.test import Client

EMAILS = {
    "member_a": "rosa.delgado-whitfield@port-merrow.example",
    "delegate_a": "ines.marchetti@port-merrow.example",
    "leader_a": "gerald.pruitt@port-merrow.example",
    "member_b": "brian.nakamura@halloran.example",
    "former": "stanley.overgaard@mix.example",
    "curator": "adaeze.lindholm@mix.example",
    "bare_staff": "bare.staff@mix.example",
    "gone_curator": "gone.curator@mix.example",
}
ACTORS = ("visitor", *EMAILS)


def create_missing() -> None:
    from django.contrib.auth import get_user_model

    people = get_user_model().objects
    people.create_user(EMAILS["bare_staff"], name="Bare Staff", is_staff=True)
    people.create_superuser(EMAILS["gone_curator"], name="Gone Curator", is_active=False)


def user_of(actor: str) -> Any:
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get(email=EMAILS[actor])


class Clients(dict[str, Client]):
    """A browser for each actor, signed in when it is first used. `gone_curator` was, and has been switched off since."""

    def __missing__(self, actor: str) -> Client:
        client = self[actor] = Client(raise_request_exception=False, SERVER_NAME="localhost")
        if actor != "visitor":
            client.force_login(user_of(actor))
        return client
