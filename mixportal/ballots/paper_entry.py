from collections.abc import Iterator, Mapping
from functools import partial

import pghistory
from django.db import transaction

from members.government_import import government_named
from members.models import Government, NotSeatedError, User
from mixportal.ballots.models import AlreadyCastError, Ballot, NothingRankedError
from mixportal.editions.models import AnnualList, Edition, WindowClosedError
from mixportal.tables.imports import Action, Change, Import
from mixportal.tables.reader import Column, place_among, read_table

MAX_REASON_LENGTH = 200


REFUSALS: dict[type[Exception], str] = {
    AlreadyCastError: "{government} has cast its ballot itself.",
    NotSeatedError: "{government} holds no seat, so it has no ballot.",
    NothingRankedError: "Nothing is ranked for {government}: that is no ballot.",
    WindowClosedError: "The ballots of {edition} are not open.",
}


def refusal_words(refusal: Exception, government: Government, edition: Edition) -> str:
    return REFUSALS[type(refusal)].format(government=government, edition=edition)


def enter_one(
    annual_list: AnnualList,
    government: Government,
    curator: User,
    *,
    places: Mapping[str, int],
    reason: str,
) -> bool:
    said = f"ballot from outside, entered by {curator.name}: {reason}"
    with transaction.atomic(), pghistory.context(reason=said, user=curator.pk):
        return Ballot.enter(
            annual_list=annual_list,
            government=government,
            curator=curator,
            places=places,
            reason=reason,
        )


def _columns(annual_list: AnnualList) -> list[Column]:
    slugs = list(annual_list.entries.in_order().values_list("slug", flat=True))
    place = place_among(len(slugs), has_gaps=False)
    places = (Column(slug, place, is_required=True, may_be_empty=True) for slug in slugs)
    find = partial(government_named, governments=list(Government.objects.all()))
    return [Column("government", find, is_required=True), *places]


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
        for row in read_table(self.text, _columns(self.annual_list), self.problems):
            places = dict(row.values)
            government = places.pop("government")
            if self.is_repeated(row.line, government, f"government: {government}"):
                continue
            ranked = {slug: place for slug, place in places.items() if place is not None}
            try:
                changed = enter_one(self.annual_list, government, self.curator, places=ranked, reason=self.reason)
            except tuple(REFUSALS) as refusal:
                self.refuse(row.line, refusal_words(refusal, government, self.annual_list.edition))
            else:
                fields = {slug: (None, place) for slug, place in ranked.items()}
                yield Change(row.line, Action.ENTERED if changed else Action.UNCHANGED, government, fields)
