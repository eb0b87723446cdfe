import re
from collections.abc import Container, Mapping
from dataclasses import dataclass

from django.http import QueryDict

from mixportal.ballots import order
from mixportal.ballots.models import CAST, LAST_YEAR, REVERT, SAVE, START_OVER, UNCAST, UNDO

ACTIONS = (SAVE, CAST, UNCAST, START_OVER, UNDO, REVERT, LAST_YEAR)
VIEWS = ("tap", "order")
_PLACE = re.compile(r"0{0,9}[1-9][0-9]{0,2}", re.ASCII)
MAX_SHOWN = 40


@dataclass(frozen=True)
class BallotError:
    """`name` chooses the sentence of ballots/_error.html, which quotes `value`."""

    name: str
    value: str = ""


class BallotForm:
    def __init__(self, post: QueryDict, titles: Mapping[str, str]) -> None:
        self.typed: dict[str, str] = {}
        self.errors: dict[str, BallotError] = {}  # by slug, "" for the whole form
        places: order.Places = {}
        for slug in titles:
            values = post.getlist(f"rank-{slug}") or [""]
            value = values[0].strip()
            self.typed[slug] = _shown(value)
            if len(values) > 1:
                self.errors[slug] = BallotError("twice")
            elif _PLACE.fullmatch(value):
                places[slug] = int(value)
            elif value:
                self.errors[slug] = BallotError("no place", self.typed[slug])
        ranked = {key.removeprefix("rank-") for key in post if key.startswith("rank-")}
        if unknown := sorted(ranked - set(titles)):
            self.errors[""] = BallotError("unknown entry", _shown(unknown[0]))
        version = post.get("version", "")
        is_version = re.fullmatch(r"[0-9]{1,9}", version, re.ASCII)
        self.version = int(version) if is_version else 0
        self.action = SAVE
        self.chosen, self.view = chosen_and_view(post, titles)
        verb, _, slug = (post.get("action") or SAVE).partition(":")
        is_move = verb in order.MOVES and slug in titles
        if not is_version or not (is_move or (verb in ACTIONS and not slug)):
            self.errors[""] = BallotError("malformed")
        elif not is_move:
            self.action = verb
        else:
            self.chosen = slug
            if not self.errors:
                places = order.move(places, verb, slug)
        self.places = order.renumber(places)


def chosen_and_view(query: QueryDict, titles: Container[str]) -> tuple[str, str]:
    chosen, view = query.get("chosen", ""), query.get("view", "")
    return chosen if chosen in titles else "", view if view in VIEWS else ""


def _shown(value: str) -> str:
    return "".join(character if character.isprintable() else "\ufffd" for character in value[:MAX_SHOWN])
