from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from members.models import User
from mixportal.announcements.mails import announce_moved_close
from mixportal.desk.forms import DeskForm, ErratumForm, MoveForm, OpenForm, RecountForm, WindowForm
from mixportal.editions.models import Edition, Erratum, Phase
from mixportal.results.models import Tally
from mixportal.results.publishing import publish


@dataclass(frozen=True)
class EditionVerb:
    key: str
    label: str
    phases: tuple[Phase, ...]
    question: str
    consequence: str
    done: str
    act: Callable[[Edition, DeskForm, User], None]
    form: type[DeskForm] = DeskForm
    shows_turnout: bool = False
    shows_missing: bool = False
    is_for_good: bool = False


def _set_window(edition: Edition, form: DeskForm, user: User) -> None:
    edition.set_window(opens_at=form.cleaned_data["opens_at"], closes_at=form.cleaned_data["closes_at"])


def _unset_window(edition: Edition, form: DeskForm, user: User) -> None:
    edition.set_window(opens_at=None, closes_at=None)


def _open(edition: Edition, form: DeskForm, user: User) -> None:
    edition.open_now(closes_at=form.cleaned_data["closes_at"])


def _close(edition: Edition, form: DeskForm, user: User) -> None:
    edition.close_now()


def _publish(edition: Edition, form: DeskForm, user: User) -> None:
    publish(edition)


def _begin_next(edition: Edition, form: DeskForm, user: User) -> None:
    edition.begin_next()


def _move_close(edition: Edition, form: DeskForm, user: User) -> None:
    with transaction.atomic():
        edition.move_close(form.cleaned_data["closes_at"], reason=form.cleaned_data["reason"])
        announce_moved_close(edition, form.cleaned_data["reason"])


def _count_again(edition: Edition, form: DeskForm, user: User) -> None:
    for annual_list in edition.lists.in_order().filter(entries__isnull=False).distinct():
        Tally.objects.count_again(annual_list, reason=form.cleaned_data["reason"], user=user)


def _add_erratum(edition: Edition, form: DeskForm, user: User) -> None:
    erratum = Erratum(edition=edition, added_by=user, **form.cleaned_data)
    erratum.full_clean()
    erratum.save()


VERBS = (
    EditionVerb(
        "window",
        "Set the window…",
        (Phase.DRAFTING,),
        "When do the ballots open and close?",
        "They open and close by themselves, by the database’s clock; nobody needs to be there. Until the opening "
        "both may "
        "still change, and so may the list. From the opening on the list stands.",
        "has its window",
        _set_window,
        WindowForm,
        shows_missing=True,
    ),
    EditionVerb(
        "unset",
        "Take the window back…",
        (Phase.DRAFTING,),
        "Take the window back?",
        "The edition has no date then on which its ballots open, until one is set again.",
        "has no window now",
        _unset_window,
    ),
    EditionVerb(
        "open",
        "Open the ballots now…",
        (Phase.DRAFTING,),
        "Open the ballots now?",
        "From this moment governments rank, and the list stands: no entry is added, removed or moved, and only "
        "wording is "
        "corrected. An opening is for good.",
        "opened its ballots",
        _open,
        OpenForm,
        shows_missing=True,
        is_for_good=True,
    ),
    EditionVerb(
        "move",
        "Move the close…",
        (Phase.OPEN,),
        "Move the close to a later time?",
        "Governments have longer to rank. The edition’s page and the ballots show the new close and your reason. It "
        "cannot be "
        "moved back.",
        "has a later close",
        _move_close,
        MoveForm,
    ),
    EditionVerb(
        "close",
        "Close the ballots now…",
        (Phase.OPEN,),
        "Close the ballots now?",
        "No ballot changes after that, and what is cast is counted; orders that are saved and not cast do not count. "
        "Members then see every government’s ballot by name. A close is for good.",
        "closed its ballots",
        _close,
        shows_turnout=True,
        is_for_good=True,
    ),
    EditionVerb(
        "publish",
        "Publish…",
        (Phase.DRAFTING, Phase.CLOSED),
        "Publish?",
        "Everyone sees the lists, and the network’s order where governments ranked them; a list that nobody ranked "
        "is shown "
        "in editorial order. Its texts and its tally never change after that. A publication is for good.",
        "published",
        _publish,
        shows_turnout=True,
        is_for_good=True,
    ),
    EditionVerb(
        "erratum",
        "Add an erratum…",
        (Phase.PUBLISHED,),
        "Add an erratum?",
        "What is published stays as it is. The erratum is added to the edition and its summary, with today’s date, "
        "for good.",
        "has an erratum more",
        _add_erratum,
        ErratumForm,
        is_for_good=True,
    ),
    EditionVerb(
        "again",
        "Count the ballots again…",
        (Phase.CLOSED, Phase.PUBLISHED),
        "Count the ballots again?",
        "Only if a tally itself has proved wrong. The same ballots are counted once more, and pages show the new "
        "count. The "
        "first stands beside it, with your name, the date and your reason; neither disappears.",
        "counted its ballots again",
        _count_again,
        RecountForm,
        is_for_good=True,
    ),
    EditionVerb(
        "next",
        "Begin next year’s edition…",
        (Phase.OPEN, Phase.CLOSED, Phase.PUBLISHED),
        "Begin next year’s edition from this one?",
        "A new edition in drafting, with the same entries and texts, each linked to the one it continues. This "
        "edition stays "
        "as it is.",
        "lent its list to the next year",
        _begin_next,
    ),
)
BY_KEY = {verb.key: verb for verb in VERBS}


def verbs_for(edition: Edition) -> list[EditionVerb]:
    return [verb for verb in VERBS if edition.phase in verb.phases and _is_offered(verb, edition)]


def _is_offered(verb: EditionVerb, edition: Edition) -> bool:
    if verb.key == "unset":
        return edition.opens_at is not None
    if verb.key == "again":
        return edition.has_results
    if verb.key == "publish" and edition.is_drafting:
        return edition.opens_at is None
    return True
