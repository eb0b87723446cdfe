"""Events of other models are stored but not shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.contrib.auth.models import Group, Permission
from django.db.models import CharField, Field, Func, Max, Min, Model, OuterRef, Q, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Concat, NullIf
from django.utils.text import capfirst
from pghistory.models import MiddlewareEvents

from challenges.models import Hindrance, HindranceResponse
from members.models import (
    CuratorGroup,
    CuratorPermission,
    Government,
    Invitation,
    Office,
    Seal,
    User,
)
from mixportal.ballots.models import Ballot, Placement
from mixportal.changes.visibility import VIEW_ENTRIES, event_model, events_of_people
from mixportal.editions.models import AnnualList, Edition, Entry, Erratum, Kind, Line, Lineage
from mixportal.notes.models import Note
from mixportal.proposals.models import Proposal, Support
from mixportal.results.models import Tally
from mixportal.summaries.models import ShareLink
from mixportal.trends.models import OutsideItem, OutsideList, OutsideSeries
from priorities.models import Investment

VERBS = {"withdrawn_at": ("withdrew", "restored"), "hidden_at": ("hid", "showed"), "revoked_at": ("ended", "restored")}
TOLD_BY_SENTENCE = {*VERBS, "hidden_by", "edited_at", "updated_at", "updated_by", "decided_at", "decided_by"}
NOUNS = {  # of fields whose names are no nouns
    "accepted_at": "time of acceptance",
    "accepted_by": "person who accepted",
    "anonymized_at": "time of anonymization",
    "close_moved_because": "reason for a later close",
    "closes_at": "close",
    "consented_at": "time of consent",
    "declined_because": "reason for declining",
    "earlier": "earlier entry",
    "conference_from": "first day of the conference",
    "conference_to": "last day of the conference",
    "entered_by": "curator who entered it",
    "entered_reason": "reason for entering it",
    "expires_at": "expiry",
    "for_leaders": "text for leaders",
    "from_year": "first year",
    "hidden_reason": "reason for hiding it",
    "how_made": "method",
    "in_plain_words": "text in plain words",
    "into": "entry that it is merged into",
    "is_active": "active status",
    "is_disputed": "dispute",
    "is_staff": "curator status",
    "later": "later entry",
    "let_in_by": "voter who shared the ballot",
    "mail_previewed_at": "preview of the mail",
    "opens_at": "opening",
    "published_at": "publication",
    "sent_at": "time of sending",
    "shows_email": "visibility of the e-mail address",
    "short": "short line",
    "tied": "tie",
    "times_sent": "number of mails",
    "title_then": "title at that time",
    "to_year": "last year",
    "why": "reason",
}


def _plain_verb(event: MiddlewareEvents) -> str:
    for column, (verb, opposite) in VERBS.items():
        if column in (event.pgh_diff or {}):
            return verb if event.pgh_data[column] else opposite
    return {"insert": "added", "update": "changed", "delete": "removed"}[event.pgh_label]


def _entry_verb(event: MiddlewareEvents) -> str:
    if "corrects" in (event.pgh_context or {}):
        return "corrected"
    return "moved" if set(event.pgh_diff or {}) == {"position"} else _plain_verb(event)


def _ballot_verb(event: MiddlewareEvents) -> str:
    row, diff = event.pgh_data, event.pgh_diff or {}
    if event.pgh_label != "update":
        return "removed" if event.pgh_label == "delete" else "cast" if row["cast_at"] else "began"
    if "cast_at" not in diff:
        return "saved"
    if not row["cast_at"]:
        return "withdrew"
    return "recast" if diff["cast_at"][0] else "cast"


def _placement_verb(event: MiddlewareEvents) -> str:
    row, diff = event.pgh_data, event.pgh_diff or {}
    if event.pgh_label == "update" and "place" not in diff:
        return "cast" if row["cast_place"] else "withdrew"
    if event.pgh_label == "delete" or not row["place"]:
        return "unranked"
    return "moved" if "place" in diff and diff["place"][0] else "ranked"


def _link_verb(event: MiddlewareEvents) -> str:
    return "made" if event.pgh_label == "insert" else _plain_verb(event)


@dataclass(frozen=True)
class History:
    """`name`, `owner` and `year` make "Port Merrow County’s 2030 note on the priority Data"."""

    model: type[Model]
    name: str | Combinable = ""
    nouns: tuple[str, str] | None = None  # may have {singular} or {plural} of the kind
    owner: str = ""
    year: str = ""
    about: str = ""  # column of the list or entry
    government: str = ""  # path, if the government's history shows these events
    hidden_fields: tuple[str, ...] = ()
    private_fields: tuple[str, ...] = ()  # for curators only
    verb: Callable[[MiddlewareEvents], str] = _plain_verb
    permissions: tuple[str, ...] = ()  # any one, in the admin

    @property
    def key(self) -> str:
        return self.model._meta.label_lower

    @property
    def title(self) -> str:
        return capfirst(self.nouns_of(None)[1])

    def nouns_of(self, kind: str | None) -> tuple[str, str]:
        if not self.nouns or (not kind and "{" in self.nouns[0]):
            return str(self.model._meta.verbose_name), str(self.model._meta.verbose_name_plural)
        words = {"singular": Kind(kind).singular, "plural": Kind(kind).plural} if kind else {}
        one, many = self.nouns
        return one.format(**words), many.format(**words)

    def can_be_read_by(self, curator: User) -> bool:
        own = f"{self.model._meta.app_label}.view_{self.model._meta.model_name}"
        return any(map(curator.has_perm, self.permissions or (own,)))

    def of_government(self, government: Government) -> Q:
        return events_of_people(government) if self.model is User else Q((self.government, government))

    @cached_property
    def fields(self) -> dict[str, Field[object, object]]:
        hidden = {"id", *TOLD_BY_SENTENCE, *self.hidden_fields}
        return {
            field.attname: field
            for field in event_model(self.model)._meta.concrete_fields
            if not field.name.startswith("pgh_") and not hidden & {field.name, field.attname}
        }

    @cached_property
    def references(self) -> dict[str, type[Model]]:
        return {
            field.attname: field.related_model._meta.concrete_model or field.related_model
            for field in event_model(self.model)._meta.concrete_fields
            if field.attname in {*self.fields, self.about} and isinstance(field.related_model, type)
        }


_CURATORS = ("members.view_user",)
_EDITIONS = ("editions.view_edition",)
_ENTRIES = tuple(VIEW_ENTRIES.values())
_SAVED = ("government_id", "version", "updated_at", "updated_by_id")
_LIST_YEAR = "annual_list__edition__year"

HISTORIES = sorted(
    (
        History(
            User, "name", ("person", "people"),
            government="government", hidden_fields=("joined_at",), private_fields=("email", "phone"),
        ),
        History(Government, "name", government="pgh_obj"),
        History(Office, "person_name", ("office of", "offices"), government="government"),
        History(
            Seal, owner="government__name",
            government="government", permissions=("members.view_government",),
            hidden_fields=("government_id", "updated_at", "updated_by_id"),
        ),
        History(Invitation, "email", ("invitation for", "invitations"), government="government"),
        History(
            CuratorGroup, "user__name", ("group of the curator", "groups of curators"),
            about="user_id", permissions=_CURATORS,
        ),
        History(
            CuratorPermission, "user__name", ("permission of the curator", "permissions of curators"),
            about="user_id", permissions=_CURATORS,
        ),
        History(Edition, "year"),
        History(Erratum, "about", year="edition__year"),
        History(
            Entry, "title", ("{singular}", "{plural}"),
            year=_LIST_YEAR, about="annual_list_id", verb=_entry_verb, permissions=_ENTRIES,
        ),
        History(
            Lineage, "later__title", ("lineage of the {singular}", "lineages of {plural}"),
            year="later__annual_list__edition__year", about="later_id", permissions=_ENTRIES,
        ),
        History(
            Proposal, "title", ("proposed {singular}", "proposed {plural}"),
            year=_LIST_YEAR, about="annual_list_id", government="government",
        ),
        History(
            Support, "proposal__title", ("support of the proposal", "supports of proposals"),
            owner="government__name", government="government", permissions=("proposals.view_proposal",),
        ),
        History(
            Ballot, nouns=("ballot of {plural}", "ballots of {plural}"), owner="government__name", year=_LIST_YEAR,
            about="annual_list_id", government="government", verb=_ballot_verb, permissions=_EDITIONS,
            hidden_fields=(*_SAVED, "annual_list_id", "cast_at", "cast_by_id"),
        ),
        History(
            Placement, "entry__title", ("{singular}", "{plural}"),
            owner="ballot__government__name", year="ballot__annual_list__edition__year",
            about="entry_id", government="ballot__government", verb=_placement_verb, permissions=_EDITIONS,
            hidden_fields=("ballot_id", "entry_id", "version"),
        ),
        History(
            Tally, nouns=("tally of {plural}", "tallies of {plural}"), year=_LIST_YEAR,
            about="annual_list_id", permissions=_EDITIONS,
            hidden_fields=("annual_list_id", "seed", "roster", "figures", "comparison", "public"),
        ),
        History(
            HindranceResponse, nouns=("answer on hindrances", "answers on hindrances"),
            owner="government__name", year="edition__year",
            government="government", permissions=("challenges.view_hindrance",), hidden_fields=(*_SAVED, "edition_id"),
        ),
        History(
            Hindrance, Concat("challenge__title", Value(" – "), "priority__title"),
            owner="response__government__name", year="response__edition__year", about="challenge_id",
            government="response__government", hidden_fields=("response_id", "challenge_id", "priority_id"),
        ),
        History(
            Note, Coalesce("entry__title", "about"), ("note on the {singular}", "notes on {plural}"),
            owner="government__name", year="entry__annual_list__edition__year",
            about="entry_id", government="government", hidden_fields=("version", "about"),
        ),
        History(
            Investment, "priority__title", ("investment in", "investments"),
            owner="government__name", year="priority__annual_list__edition__year",
            government="government", hidden_fields=("version",),
        ),
        History(ShareLink, "label", owner="government__name", government="government", verb=_link_verb),
        History(OutsideSeries, "short_name"),
        History(OutsideList, "series__short_name", year="year"),
        History(OutsideItem, "title"),
    ),
    key=lambda history: history.title,
)  # fmt: skip
HISTORY_OF = {history.model._meta.label: history for history in HISTORIES}

_on_line = Entry.objects.filter(line=OuterRef("pk")).order_by(f"-{_LIST_YEAR}")
_first, _last = Min(_LIST_YEAR), Max(_LIST_YEAR)
_years = Func(Value("–"), _first, NullIf(_last, _first), function="concat_ws", output_field=CharField())
ROW_NAMES: dict[type[Model], tuple[str | Combinable, str, str | Combinable]] = {  # name, owner and year
    **{history.model: (history.name, history.owner, history.year) for history in HISTORIES},
    Group: ("name", "", ""),
    Permission: ("name", "", ""),
    AnnualList: ("kind", "", "edition__year"),
    Line: (
        Subquery(_on_line.values("title")[:1]),
        "",
        Subquery(_on_line.order_by().values("line").values_list(_years)),
    ),
}
