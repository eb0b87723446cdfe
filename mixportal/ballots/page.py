from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from members.models import User
from mixportal.ballots import ballot_form, order
from mixportal.ballots.models import CAST, UNCAST, Ballot
from mixportal.consensus.words import place_words
from mixportal.editions.models import AnnualList, Entry
from mixportal.tables.text import listed


@dataclass(frozen=True)
class BallotRow:
    entry: Entry
    number: str  # in its box
    standing: str  # its place in words
    tied_with: str
    is_first: bool
    is_last: bool
    chosen: bool
    error: str = ""


class BallotPage:
    def __init__(self, annual_list: AnnualList, user: User) -> None:
        self.annual_list, self.edition, self.user = annual_list, annual_list.edition, user
        assert user.government is not None
        self.government = user.government
        self.entries = list(annual_list.entries.in_order())
        self.version = 0
        self.places: order.Places = {}
        self.chosen = ""
        self.typed: dict[str, str] = {}
        self.errors: dict[str, str] = {}
        self.announcement = ""
        self.conflict: Ballot | None = None  # what another user saved
        self.lost: order.Places | None = None  # an order that came after the close
        self.agrees = False  # consents to what others will see

    @cached_property
    def ballot(self) -> Ballot | None:
        """Return the stored ballot, or None. A view that saves sets it to the saved one."""
        ballots = self.annual_list.ballots.visible_to(self.user).select_related("cast_by", "updated_by", "entered_by")
        return ballots.with_placements().filter(government=self.government).first()

    def show_stored(self) -> None:
        if self.ballot is not None:
            self.version, self.places = self.ballot.version, dict(self.ballot.working)

    @property
    def is_open(self) -> bool:
        return self.edition.is_open

    @property
    def ranked(self) -> list[BallotRow]:
        wrong = [slug for slug in self.errors if slug]
        groups = order.tiers(
            {entry.slug: self.places[entry.slug] for entry in self.entries if entry.slug in self.places}
        )
        title = {entry.slug: entry.title for entry in self.entries}
        by_slug = {entry.slug: entry for entry in self.entries}
        rows = []
        for number, group in enumerate(groups, start=1):
            for slug in group:
                others = [title[other] for other in group if other != slug]
                rows.append(
                    BallotRow(
                        entry=by_slug[slug],
                        number=self.typed.get(slug) or str(number),
                        standing=place_words(*order.joint_place(self.places, slug)),
                        tied_with=listed(others),
                        is_first=number == 1 and not others,
                        is_last=number == len(groups) and not others,
                        chosen=slug == self.chosen,
                    )
                )
        rows += [
            BallotRow(by_slug[slug], self.typed[slug], "", "", False, False, slug == self.chosen, self.errors[slug])
            for slug in wrong
        ]
        return rows

    @property
    def unranked(self) -> list[BallotRow]:
        by_slug = {entry.slug: entry for entry in self.entries}
        left = [slug for slug in by_slug if slug not in self.places and slug not in self.errors]
        drawn = order.drawn_by_lot(by_slug, self.edition.year, self.annual_list.kind, self.government.slug)
        return [
            BallotRow(by_slug[slug], "", "", "", False, False, slug == self.chosen) for slug in drawn if slug in left
        ]

    @property
    def total(self) -> int:
        return len(self.entries)

    @property
    def shared_place(self) -> str:
        """Return where each unranked entry counts: the middle of the remaining places."""
        place = (len(self.places) + 1 + self.total) / 2
        return f"{place:g}"

    @property
    def counted_rows(self) -> list[tuple[str, str]]:
        return self._place_rows(self.ballot.counted) if self.ballot and self.ballot.is_cast else []

    @property
    def lost_rows(self) -> list[tuple[str, str]]:
        return self._place_rows(self.lost or {})

    @property
    def conflict_rows(self) -> list[list[tuple[str, str, bool]]]:
        """Return my rows and theirs, each (place, title, whether it differs)."""
        assert self.conflict is not None
        theirs = self.conflict.working
        sides = []
        for places, other in ((self.places, theirs), (theirs, self.places)):
            rows = []
            for group in order.tiers(places):
                for slug in group:
                    place = order.joint_place(places, slug)
                    differs = place != order.standing(other, slug)
                    rows.append((str(place[0]), self._title(slug), differs))
            sides.append(rows)
        return sides

    @property
    def error_list(self) -> list[tuple[str, str]]:
        return [
            (slug, f"{self._title(slug)}: {message}" if slug else message)
            for slug, message in sorted(self.errors.items())
        ]

    def _title(self, slug: str) -> str:
        return next(entry.title for entry in self.entries if entry.slug == slug)

    def _place_rows(self, places: Mapping[str, int]) -> list[tuple[str, str]]:
        return [
            (place_words(*order.joint_place(places, slug)), self._title(slug))
            for group in order.tiers(places)
            for slug in group
        ]

    def announce(self, form: ballot_form.BallotForm) -> None:
        """Set the sentence for the live region."""
        if form.moved:
            at = order.standing(self.places, form.moved)
            where = f"{place_words(*at)} of {len(self.places)} ranked" if at else "not ranked any more"
            self.announcement = f"{self._title(form.moved)}: {where}."
        elif form.action == CAST:
            self.announcement = "Your ballot is cast and counts as it stands."
        elif form.action == UNCAST:
            self.announcement = "Your ballot is withdrawn; it does not count until you cast it again."
