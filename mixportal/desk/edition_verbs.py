from dataclasses import dataclass

from django.db import transaction

from members.models import User
from mixportal.announcements.mails import (
    announce_close,
    announce_moved_close,
    announce_opening,
    announce_results,
)
from mixportal.desk.forms import DeskForm, ErratumForm, MoveForm, OpenForm, RecountForm, WindowForm
from mixportal.desk.pages import ENTRY_PERMISSIONS
from mixportal.editions.models import Edition, Erratum, Phase
from mixportal.results.models import Tally
from mixportal.results.publishing import publish


@dataclass(frozen=True)
class EditionVerb:
    key: str
    label: str
    phases: tuple[Phase, ...]
    question: str
    done: str
    form: type[DeskForm] = DeskForm
    shows_turnout: bool = False
    shows_missing: bool = False
    is_for_good: bool = False
    changes_entries: bool = False

    def act(self, edition: Edition, form: DeskForm, user: User) -> Edition:
        """Return the edition whose desk comes next. Raises ValidationError."""
        given = form.cleaned_data
        match self.key:
            case "window":
                edition.set_window(opens_at=given["opens_at"], closes_at=given["closes_at"])
            case "unset":
                edition.set_window(opens_at=None, closes_at=None)
            case "open":
                edition.open_now(closes_at=given["closes_at"])
                announce_opening(Edition.objects.get(pk=edition.pk))
            case "move":
                with transaction.atomic():
                    edition.move_close(given["closes_at"], reason=given["reason"])
                    announce_moved_close(edition, given["reason"])
            case "close":
                edition.close_now()
                announce_close(Edition.objects.get(pk=edition.pk))
            case "publish":
                publish(edition)
                announce_results(Edition.objects.get(pk=edition.pk))
            case "erratum":
                erratum = Erratum(edition=edition, added_by=user, **given)
                erratum.full_clean()
                erratum.save()
            case "again":
                for annual_list in edition.lists.in_order().filter(entries__isnull=False).distinct():
                    Tally.objects.count_again(annual_list, reason=given["reason"], user=user)
            case "next":
                return edition.begin_next()
            case "take-over":
                edition.take_over_lists()
        return edition


VERBS = (
    EditionVerb(
        "take-over",
        "Begin with the list before…",
        (Phase.DRAFTING,),
        "Begin with the list before?",
        "list of the year before copied",
        changes_entries=True,
    ),
    EditionVerb(
        "window",
        "Set the window…",
        (Phase.DRAFTING,),
        "When do the ballots open and close?",
        "window set",
        WindowForm,
        shows_missing=True,
    ),
    EditionVerb(
        "unset",
        "Take the window back…",
        (Phase.DRAFTING,),
        "Take the window back?",
        "window taken back",
    ),
    EditionVerb(
        "open",
        "Open the ballots now…",
        (Phase.DRAFTING,),
        "Open the ballots now?",
        "ballots opened",
        OpenForm,
        shows_missing=True,
        is_for_good=True,
    ),
    EditionVerb(
        "move",
        "Move the close…",
        (Phase.OPEN,),
        "Move the close to a later time?",
        "close moved",
        MoveForm,
    ),
    EditionVerb(
        "close",
        "Close the ballots now…",
        (Phase.OPEN,),
        "Close the ballots now?",
        "ballots closed",
        shows_turnout=True,
        is_for_good=True,
    ),
    EditionVerb(
        "publish",
        "Publish…",
        (Phase.DRAFTING, Phase.CLOSED),
        "Publish?",
        "published",
        shows_turnout=True,
        is_for_good=True,
    ),
    EditionVerb(
        "erratum",
        "Add an erratum…",
        (Phase.PUBLISHED,),
        "Add an erratum?",
        "erratum added",
        ErratumForm,
        is_for_good=True,
    ),
    EditionVerb(
        "again",
        "Count the ballots again…",
        (Phase.CLOSED, Phase.PUBLISHED),
        "Count the ballots again?",
        "ballots counted again",
        RecountForm,
        is_for_good=True,
    ),
    EditionVerb(
        "next",
        "Begin next year’s edition…",
        (Phase.OPEN, Phase.CLOSED, Phase.PUBLISHED),
        "Begin next year’s edition from this one?",
        "next year’s edition begun",
    ),
)
BY_KEY = {verb.key: verb for verb in VERBS}


def verbs_for(edition: Edition, curator: User) -> list[EditionVerb]:
    permitted = [verb for verb in VERBS if not verb.changes_entries or curator.has_perms(ENTRY_PERMISSIONS)]
    return [verb for verb in permitted if edition.phase in verb.phases and _is_offered(verb, edition)]


def _is_offered(verb: EditionVerb, edition: Edition) -> bool:
    if verb.key == "unset":
        return edition.opens_at is not None
    if verb.key == "take-over":
        return bool(edition.lists_to_take_over())
    if verb.key == "again":
        return edition.has_results
    if verb.key == "next":
        return not Edition.objects.filter(year=edition.year + 1).exists()
    if verb.key == "publish" and edition.is_drafting:
        return not (edition.was_ranked or edition.why_not_published())
    return True
