from collections.abc import Iterator, Mapping, Sequence

import pghistory
from django.db import transaction

from members.models import Government, NotSeatedError, User
from members.names import name_key
from mixportal.ballots.exceptions import AlreadyCastError, NothingRankedError
from mixportal.ballots.models import Ballot
from mixportal.editions.models import AnnualList, Edition, WindowClosedError
from mixportal.tables.imports import Action, Change, Import
from mixportal.tables.reader import Column, place_among, quote, read_table

MAX_REASON_LENGTH = 200


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
) -> bool:
    with (
        transaction.atomic(),
        pghistory.context(reason=history_reason(curator, reason), user=curator.pk),
    ):
        _, changed = Ballot.enter(
            annual_list=annual_list,
            government=government,
            curator=curator,
            places=places,
            reason=reason,
        )
    return changed


def _columns(annual_list: AnnualList) -> list[Column]:
    slugs = list(annual_list.entries.in_order().values_list("slug", flat=True))
    place = place_among(len(slugs), has_gaps=False)
    places = (Column(slug, place, is_required=True, may_be_empty=True) for slug in slugs)
    return [Column("government", is_required=True), *places]


class PaperImport(Import):
    def __init__(self, annual_list: AnnualList, text: str, curator: User, *, reason: str) -> None:
        super().__init__(text)
        self.annual_list, self.curator, self.reason = annual_list, curator, reason

    def lock(self) -> None:
        self.annual_list.edition.lock_for_share()

    def plan(self) -> None:
        """Enter all ballots, and take them back."""
        with transaction.atomic():
            self.write()
            transaction.set_rollback(True)

    def write(self) -> None:
        super().plan()

    def read_changes(self) -> Iterator[Change[Government]]:
        rows = read_table(self.text, _columns(self.annual_list), self.problems)
        governments = list(Government.objects.all())
        for row in rows:
            places = dict(row.values)
            try:
                government = _find(places.pop("government"), governments)
            except ValueError as error:
                self.refuse(row.line, f"government: {error}")
                continue
            if self.is_repeated(row.line, government, f"government: {government}"):
                continue
            ranked = {slug: place for slug, place in places.items() if place is not None}
            try:
                changed = enter_one(self.annual_list, government, self.curator, places=ranked, reason=self.reason)
            except REFUSALS as refusal:
                self.refuse(row.line, refusal_words(refusal, government, self.annual_list.edition))
            else:
                fields = {slug: (None, place) for slug, place in ranked.items()}
                yield Change(row.line, Action.ENTERED if changed else Action.UNCHANGED, government, fields)


def _find(name: str, governments: Sequence[Government]) -> Government:
    by_slug = [government for government in governments if government.slug == name]
    found = by_slug or [government for government in governments if name_key(government.name) == name_key(name)]
    if len(found) != 1:
        why = "More than one government is named" if found else "There is no government"
        raise ValueError(f"{why} {quote(name)}; write its slug, as in the address of its page.")
    return found[0]
