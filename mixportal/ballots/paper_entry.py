from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pghistory
from django.db import transaction

from members.models import Government, NotSeatedError, User
from mixportal.ballots.ballot_csv import ListedBallot
from mixportal.ballots.exceptions import AlreadyCastError, NothingRankedError
from mixportal.ballots.models import Ballot
from mixportal.editions.models import AnnualList, Edition, WindowClosedError
from mixportal.tables.reader import Problem, TableError, quote

MAX_REASON_LENGTH = 200


@dataclass(frozen=True)
class PaperBallot:
    government: Government
    what: str  # entered or unchanged

    def __str__(self) -> str:
        return f"{self.government}: {self.what}"


def refusal_words(refusal: Exception, government: Government, edition: Edition) -> str:
    if isinstance(refusal, AlreadyCastError):
        return f"{government} has cast its ballot itself."
    if isinstance(refusal, NotSeatedError):
        return f"{government} holds no seat, so it has no ballot."
    if isinstance(refusal, NothingRankedError):
        return f"Nothing is ranked for {government}: that is no ballot."
    return f"The ballots of {edition} are not open."


REFUSALS = (AlreadyCastError, NotSeatedError, NothingRankedError, WindowClosedError)


def history_reason(curator: User, reason: str) -> str:
    return f"ballot from outside, entered by {curator.name}: {reason}"


def enter_one(
    annual_list: AnnualList,
    government: Government,
    curator: User,
    *,
    places: Mapping[str, int],
    reason: str,
    replace: bool,
) -> PaperBallot:
    with transaction.atomic(), pghistory.context(reason=history_reason(curator, reason), user=curator.pk):
        _, changed = Ballot.enter(
            annual_list=annual_list,
            government=government,
            curator=curator,
            places=places,
            reason=reason,
            replace=replace,
        )
    return PaperBallot(government, "entered" if changed else "unchanged")


def enter_all(
    annual_list: AnnualList,
    ballots: Sequence[ListedBallot],
    curator: User,
    *,
    reason: str,
    replace: bool = False,
    dry_run: bool = False,
) -> list[PaperBallot]:
    """Cast every ballot, or raise TableError with the reason for each bad line and cast none."""
    find = _finder()
    problems: list[Problem] = []
    entered: list[PaperBallot] = []
    first_lines: dict[Government, int] = {}
    with transaction.atomic():
        for listed in ballots:
            government = find(listed, problems)
            if government is None:
                continue
            if (first := first_lines.setdefault(government, listed.line)) != listed.line:
                problems.append(Problem(listed.line, f"{government} stands on line {first} already."))
                continue
            try:
                with transaction.atomic():
                    entered.append(
                        enter_one(
                            annual_list, government, curator, places=listed.places, reason=reason, replace=replace
                        )
                    )
            except REFUSALS as refusal:
                problems.append(Problem(listed.line, refusal_words(refusal, government, annual_list.edition)))
        if problems or dry_run:
            transaction.set_rollback(True)
    if problems:
        raise TableError(problems)
    return entered


def _finder() -> Callable[[ListedBallot, list[Problem]], Government | None]:
    """Return a function that finds a ballot's government by slug, or else by a unique name."""
    governments = list(Government.objects.all())
    by_slug = {government.slug: government for government in governments}
    by_name: dict[str, list[Government]] = {}
    for government in governments:
        by_name.setdefault(government.name.casefold(), []).append(government)

    def find(listed: ListedBallot, problems: list[Problem]) -> Government | None:
        if listed.government in by_slug:
            return by_slug[listed.government]
        named = by_name.get(listed.government.casefold(), [])
        if len(named) == 1:
            return named[0]
        why = "There is no government" if not named else "More than one government is named"
        problems.append(Problem(listed.line, f"{why} {quote(listed.government)}."))
        return None

    return find
