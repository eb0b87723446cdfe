"""Asks for every address as each of the nine actors, as a page and as a fragment."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.test import Client
from django.urls import Resolver404, resolve

from tests.golden import actors, addresses, answers
from tests.golden.recording import Recording

SUMMARIES = {"admin", "static"}  # one row of the command for many addresses
WAYS = {"page": {}, "fragment": {"HTTP_HX_REQUEST": "true"}}


def record(recording: Recording, world: str, only: re.Pattern[str]) -> set[str]:
    """Record the answers of one world. Return the paths that were asked for."""
    clients = actors.Clients()
    if world == addresses.CLOSED:
        _close_the_open_list(clients)
    paths = set()
    for address in addresses.of_world(world):
        if not only.search(f"{world} {address.label}"):
            continue
        path = address.where if isinstance(address.where, str) else address.where.find(clients)
        if path is None:
            recording.add(
                f"{world} {address.label}", "page", "anybody", answers.Answer(0, {"page": "No page links to it."})
            )
            continue
        paths.add(path.partition("?")[0])
        for way, headers in WAYS.items():
            if address.is_pdf and way == "fragment":
                continue
            for actor in actors.ACTORS:
                answer = answers.of(clients[actor].get(path, **headers))
                if answer.status >= 500 and path != "/readyz":
                    raise RuntimeError(f"{path} answers {actor} with {answer.status}: {answer.said}")
                recording.add(f"{world} {address.label}", way, actor, answer)
    return paths


def _close_the_open_list(clients: Mapping[str, Client]) -> None:
    answer = clients["curator"].post(addresses.desk(addresses.OPEN_YEAR, "do/close/").find(clients))
    assert answer.status_code == 302, answer.status_code


def uncovered(paths: set[str], routes: list[dict[str, Any]]) -> Iterator[str]:
    """The names of routes with a GET that none of the paths leads to."""
    reached = set()
    for path in paths:
        try:
            reached.add(resolve(path).view_name)
        except Resolver404:
            continue
    for route in routes:
        if (
            "GET" in route["methods"]
            and not reached.intersection(route["names"])
            and route["names"][0] not in SUMMARIES
        ):
            yield route["names"][0]
