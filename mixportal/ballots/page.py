from collections.abc import Mapping
from functools import cached_property

from django.db.models import prefetch_related_objects

from members.models import NotSeatedError, User
from mixportal.ballots import order
from mixportal.ballots.ballot_form import BallotError, BallotForm
from mixportal.ballots.models import (
    CAST,
    SAVE,
    UNCAST,
    UNDO,
    Ballot,
    NothingRankedError,
    NothingToUndoError,
    SealedError,
    placements_in_order,
)
from mixportal.consensus.words import ordinal, place_words
from mixportal.editions.lineage import pairs_between
from mixportal.editions.models import AnnualList, Edition, Entry, Kind, WindowClosedError
from mixportal.editions.saving import StaleError


class BallotPage:
    def __init__(self, annual_list: AnnualList, user: User) -> None:
        self.annual_list, self.edition, self.user = annual_list, annual_list.edition, user
        assert user.government is not None
        self.government = user.government
        prefetch_related_objects([annual_list], "entries")
        self.entries = {entry.slug: entry for entry in annual_list.entries.all()}
        self.titles = {slug: entry.title for slug, entry in self.entries.items()}
        self.total = len(self.entries)
        self.version = 0
        self.places: order.Places = {}
        self.chosen = ""
        self.wanted_view = ""
        self.typed: dict[str, str] = {}
        self.errors: dict[str, BallotError] = {}
        self.saved: BallotForm | None = None
        self.conflict: Ballot | None = None
        self.is_refused = False  # after the close, or without a seat
        self.agrees = False

    @cached_property
    def ballot(self) -> Ballot | None:
        """Leave out placements if all of it is sealed to the user."""
        people = ("government", "cast_by", "updated_by", "entered_by")
        ballot = self.annual_list.ballots.of_voter(self.user).select_related(*people).first()
        if ballot is not None and (ballot.sees_working or ballot.sees_cast):
            prefetch_related_objects([ballot], placements_in_order())
        return ballot

    def show_stored(self) -> None:
        if self.ballot is not None:
            self.version = self.ballot.version
            self.places = dict(self.ballot.working) if self.ballot.sees_working else {}

    @cached_property
    def voters(self) -> list[User]:
        return list(User.objects.voting_for(self.government))

    def show_posted(self, form: BallotForm) -> None:
        self.version, self.places, self.chosen = form.version, form.places, form.chosen
        self.wanted_view = form.view
        if form.errors:
            self.typed, self.errors = form.typed, form.errors

    def show_refusal(self, refusal: Exception) -> None:
        if isinstance(refusal, WindowClosedError | NotSeatedError):
            self.edition, self.is_refused = Edition.objects.get(pk=self.edition.pk), True
        if isinstance(refusal, SealedError | NothingToUndoError):
            self.show_stored()
        if isinstance(refusal, NothingRankedError | NothingToUndoError):
            self.errors = {"": BallotError(refusal.problem)}
        if isinstance(refusal, StaleError) and isinstance(refusal.stored, Ballot):
            self.conflict, self.version = refusal.stored, refusal.stored.version

    @property
    def has_new_voters(self) -> bool:
        opens_at = self.edition.opens_at
        return opens_at is not None and any(person.voter_since >= opens_at for person in self.voters)

    @property
    def can_be_let_in(self) -> bool:
        opens_at = self.edition.opens_at
        return opens_at is not None and any(person.sees_since < opens_at for person in self.voters)

    @property
    def ranked(self) -> list[dict[str, object]]:
        places = {slug: self.places[slug] for slug in self.entries if slug in self.places}
        rows = [
            self._row(slug, number=self.typed.get(slug) or str(place), place=ordinal(place), is_tied=joint)
            for slug, place, joint in order.in_order(places)
        ]
        return rows + [self._row(slug, number=self.typed[slug]) for slug in self.errors if slug]

    @cached_property
    def unranked(self) -> list[dict[str, object]]:
        drawn = order.drawn_by_lot(self.entries, self.edition.year, self.annual_list.kind, self.government.slug)
        return [self._row(slug) for slug in drawn if slug not in self.places and slug not in self.errors]

    def _row(self, slug: str, *, number: str = "", place: str = "", is_tied: bool = False) -> dict[str, object]:
        return {
            "entry": self.entries[slug],
            "chosen": slug == self.chosen,
            "number": number,
            "place": place,
            "is_tied": is_tied,
            "error": self.errors.get(slug),
        }

    @cached_property
    def before_last_action(self) -> dict[str, object] | None:
        is_own = self.ballot is not None and self.ballot.updated_by == self.user
        return self.ballot.before_last_action() if self.ballot and is_own else None

    @property
    def can_undo(self) -> bool:
        return self.before_last_action is not None if self.saved is None else self.saved.action != UNDO

    @cached_property
    def undo_is_redo(self) -> bool:
        if self.saved is not None or self.ballot is None:
            return False
        return self.can_undo and self.ballot.takes_back_last_move()

    @property
    def is_withdrawn(self) -> bool:
        if self.saved is not None:
            return self.saved.action == UNCAST
        before = self.before_last_action
        return before is not None and bool(before["cast_at"]) and self.ballot is not None and not self.ballot.is_cast

    @cached_property
    def earlier_ballot(self) -> Ballot | None:
        return Ballot.objects.before(self.annual_list, self.government).first()

    @property
    def can_start_over(self) -> bool:
        is_just_saved = self.saved is not None and self.saved.action in (SAVE, CAST)
        return bool(self.places) and not is_just_saved and self.earlier_ballot is not None

    @cached_property
    def earlier_order(self) -> list[tuple[int, Entry, str]]:
        """Return place, entry and earlier title, by the best place of what the entry continues or was merged from."""
        if self.earlier_ballot is None:
            return []
        prefetch_related_objects([self.earlier_ballot], placements_in_order())
        counted = self.earlier_ballot.counted
        placed = [placement.entry for placement in self.earlier_ballot.placements.all() if placement.cast_place]
        best: dict[str, tuple[Entry, Entry]] = {}
        pairs = pairs_between(placed, list(self.entries.values()))
        for earlier, later in sorted(pairs, key=lambda pair: counted[pair[0].slug]):
            best.setdefault(later.slug, (earlier, later))
        places = order.renumber({slug: counted[earlier.slug] for slug, (earlier, _) in best.items()})
        return [(places[slug], later, earlier.title) for slug, (earlier, later) in best.items()]

    @cached_property
    def other_ballot(self) -> Ballot | None:
        ballots = Ballot.objects.of_voter(self.user).filter(annual_list__edition=self.edition)
        return ballots.exclude(annual_list=self.annual_list).first()

    @property
    def next_kind(self) -> Kind | None:
        if self.other_ballot is not None and self.other_ballot.is_cast:
            return None
        return next(kind for kind in Kind if kind != self.annual_list.kind)

    @cached_property
    def next_total(self) -> int:
        return Entry.objects.filter(annual_list__edition=self.edition).exclude(annual_list=self.annual_list).count()

    @cached_property
    def next_ranked(self) -> int:
        if self.other_ballot is None or not self.other_ballot.sees_working:
            return 0
        return self.other_ballot.placements.filter(place__isnull=False).count()

    @property
    def next_left(self) -> int:
        return self.next_total - self.next_ranked

    @property
    def can_undo_cast(self) -> bool:
        ballot = self.ballot
        return ballot is not None and ballot.cast_at == ballot.updated_at and self.can_undo

    @property
    def view(self) -> str:
        if any(self.errors):
            return "order"
        is_cast = self.ballot is not None and self.ballot.is_cast
        is_done = len(self.places) == self.total or (is_cast and self.places)
        return self.wanted_view or ("order" if is_done else "tap")

    @property
    def counted_rows(self) -> list[tuple[str, str]]:
        is_shown = self.ballot is not None and self.ballot.is_cast and self.ballot.sees_cast
        return self._rows(self.ballot.counted) if self.ballot and is_shown else []

    @property
    def posted_rows(self) -> list[tuple[str, str]]:
        return self._rows(self.places)

    def _rows(self, places: Mapping[str, int]) -> list[tuple[str, str]]:
        return [(place_words(place, joint), self.titles[slug]) for slug, place, joint in order.in_order(places)]

    @property
    def conflict_rows(self) -> list[list[tuple[int, str, bool]]]:
        """Return place, title and whether it differs, of mine and, unless sealed, of theirs."""
        assert self.conflict is not None
        if not self.conflict.sees_working:
            return [[(place, self.titles[slug], False) for slug, place, _ in order.in_order(self.places)]]
        theirs = self.conflict.working
        return [
            [
                (place, self.titles[slug], order.standing(other, slug) != (place, joint))
                for slug, place, joint in order.in_order(places)
            ]
            for places, other in ((self.places, theirs), (theirs, self.places))
        ]

    @property
    def error_list(self) -> list[tuple[str, str, BallotError]]:
        return [(slug, self.titles.get(slug, ""), error) for slug, error in sorted(self.errors.items())]
