import re
from collections.abc import Container
from dataclasses import dataclass

from django.http import QueryDict

from mixportal.ballots import order
from mixportal.ballots.models import CAST, LAST_YEAR, REVERT, SAVE, START_OVER, UNCAST, UNDO

MAX_PLACE = 999
ACTIONS = (SAVE, CAST, UNCAST, START_OVER, UNDO, REVERT, LAST_YEAR)
VIEWS = ("tap", "order")
_WHOLE = re.compile(r"0{0,9}[0-9]{1,3}", re.ASCII)
MAX_SHOWN = 40


@dataclass(frozen=True)
class BallotError:
    """`name` chooses the sentence of ballots/_error.html, which quotes `value`."""

    name: str
    value: str = ""


@dataclass(frozen=True)
class BallotForm:
    places: order.Places
    typed: dict[str, str]
    errors: dict[str, BallotError]  # by slug, "" for the whole form
    version: int
    action: str
    chosen: str
    view: str = ""  # tap, order or ""


def read(post: QueryDict, titles: dict[str, str]) -> BallotForm:
    errors: dict[str, BallotError] = {}
    typed: dict[str, str] = {}
    places: order.Places = {}
    for slug in titles:
        values = post.getlist(f"rank-{slug}")
        value = values[0].strip() if values else ""
        typed[slug] = _shown(value)
        if len(values) > 1:
            errors[slug] = BallotError("twice")
        elif value == "":
            continue
        elif not _WHOLE.fullmatch(value) or int(value) > MAX_PLACE:
            errors[slug] = _wrong_number(value)
        elif int(value) == 0:
            errors[slug] = BallotError("too small", "0")
        else:
            places[slug] = int(value)
    unknown = sorted(
        _shown(key[5:]) for key in post if key.startswith("rank-") and key.removeprefix("rank-") not in titles
    )
    if unknown:
        errors[""] = BallotError("unknown entry", unknown[0])

    version = post.get("version", "")
    if not re.fullmatch(r"[0-9]{1,9}", version, re.ASCII):
        errors[""] = BallotError("no version")
        version = "0"

    verb, _, slug = (post.get("action") or SAVE).partition(":")
    action, chosen = SAVE, read_chosen(post, titles)
    if verb in ACTIONS and not slug:
        action = verb
    elif verb in order.MOVES and slug in titles:
        chosen = slug
        if not errors:
            places = order.move(places, verb, slug)
    else:
        errors[""] = BallotError("unknown button")
    return BallotForm(
        places=order.renumber(places),
        typed=typed,
        errors=errors,
        version=int(version),
        action=action,
        chosen=chosen,
        view=read_view(post),
    )


def read_chosen(query: QueryDict, titles: Container[str]) -> str:
    chosen = query.get("chosen", "")
    return chosen if chosen in titles else ""


def read_view(query: QueryDict) -> str:
    view = query.get("view", "")
    return view if view in VIEWS else ""


def _shown(value: str) -> str:
    return "".join(character if character.isprintable() else "\ufffd" for character in value[:MAX_SHOWN])


def _wrong_number(value: str) -> BallotError:
    shown = _shown(value) if len(value) <= MAX_SHOWN else f"{_shown(value)}…"
    if re.fullmatch(r"-[0-9]+", value, re.ASCII):
        return BallotError("too small", shown)
    return BallotError("too large" if re.fullmatch(r"[0-9]+", value, re.ASCII) else "not a number", shown)
