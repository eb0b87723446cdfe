from collections.abc import Mapping
from dataclasses import dataclass, field

import pghistory
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from mixportal.desk.pages import EditionAdmin, desk_page, render_desk
from mixportal.editions.likeness import CONTINUED, RENAMED, RETURNED, SPLIT, guesses
from mixportal.editions.models import AnnualList, Edition, Entry, Line, Lineage
from mixportal.tables.values import grouped

SAME, SEPARATE = "same", "separate"
ON_ONE_LINE = {CONTINUED: "continues", RENAMED: "renamed from", RETURNED: "returns from"}
TYPE_LABELS = ON_ONE_LINE | dict(Lineage.Type.choices)
SUGGESTION_REASON = "a suggestion from the likeness of titles"
LIST_IS_FROZEN = "This list has opened, so what its entries were merged or split from cannot change."


@dataclass
class Suggestion:
    earlier: Entry
    type: str
    is_chosen: bool = False

    @property
    def label(self) -> str:
        return TYPE_LABELS[self.type]


@dataclass
class LineageRow:
    entry: Entry
    links: list[Lineage]
    continued: Suggestion | None = None
    suggestions: list[Suggestion] = field(default_factory=list)
    is_separated: bool = False
    how: str = ""
    earlier: str = ""

    @property
    def is_half_filled(self) -> bool:
        return bool(self.how) != bool(self.earlier)


class LineagePage:
    def __init__(self, annual_list: AnnualList) -> None:
        self.annual_list = annual_list
        edition = annual_list.edition
        stored = Lineage.objects.filter(later__annual_list=annual_list).select_related("earlier__annual_list__edition")
        stored = stored.order_by("-earlier__annual_list__edition__year", "earlier__position")
        links = grouped((link.later_id, link) for link in stored)
        before = Entry.objects.filter(annual_list__kind=annual_list.kind, annual_list__edition__year__lt=edition.year)
        before = before.with_list().select_related("line").order_by("-annual_list__edition__year", "position")
        self.earlier = grouped((entry.edition.year, entry) for entry in before)
        self.rows = [
            LineageRow(entry, links.get(entry.pk, []), self._continued_by(entry))
            for entry in annual_list.entries.in_order().select_related("line")
        ]
        if edition.is_drafting:
            self._suggest()

    def _continued_by(self, entry: Entry) -> Suggestion | None:
        for year, entries in self.earlier.items():
            for earlier in entries:
                if earlier.line_id == entry.line_id:
                    same = CONTINUED if earlier.title == entry.title else RENAMED
                    return Suggestion(earlier, same if year == self.last_year else RETURNED)
        return None

    def _suggest(self) -> None:
        by_title = {(year, entry.title): entry for year, entries in self.earlier.items() for entry in entries}
        titles = [(year, [entry.title for entry in entries]) for year, entries in self.earlier.items()]
        unlinked = {row.entry.title: row for row in self.rows if not row.links and not row.continued}
        taken = {row.entry.line_id for row in self.rows}
        for guess in guesses(list(unlinked), titles):
            earlier = by_title[guess.year, guess.earlier]
            is_taken = guess.type in ON_ONE_LINE and earlier.line_id in taken
            unlinked[guess.later].suggestions.append(Suggestion(earlier, SPLIT if is_taken else guess.type))

    @property
    def last_year(self) -> int | None:
        return next(iter(self.earlier), None)

    @property
    def has_suggestions(self) -> bool:
        return any(row.suggestions for row in self.rows)

    @property
    def left_behind(self) -> list[Entry]:
        lines = {row.entry.line_id for row in self.rows}
        gone_into = {link.earlier_id for row in self.rows for link in row.links}
        last = self.earlier[self.last_year] if self.last_year else []
        return [entry for entry in last if entry.line_id not in lines and entry.pk not in gone_into]

    def fill(self, posted: Mapping[str, str]) -> None:
        for row in self.rows:
            key = row.entry.pk
            row.is_separated = posted.get(f"line-{key}") == SEPARATE
            row.how, row.earlier = posted.get(f"type-{key}", ""), posted.get(f"earlier-{key}", "")
            for link in row.links:
                link.type = posted.get(f"link-{link.pk}", link.type)
            for each in row.suggestions:
                each.is_chosen = f"guess-{key}-{each.earlier.pk}" in posted

    @transaction.atomic
    def settle(self, posted: Mapping[str, str]) -> int:
        """Write the posted choices and return how many things changed. Raises ValidationError.

        Keys: line-<entry>, link-<key>, guess-<entry>-<earlier>, earlier-<entry>, type-<entry>,
        reason and action.
        """
        is_drafting = self.annual_list.edition.lock_for_update().is_drafting
        takes_all = posted.get("action") == "all"
        if not is_drafting and (takes_all or any(key.startswith(("link-", "guess-")) for key in posted)):
            raise ValidationError(LIST_IS_FROZEN)
        reason = posted.get("reason", "").strip()
        earlier_by_key = {str(entry.pk): entry for entries in self.earlier.values() for entry in entries}
        changed = 0
        for row in self.rows:
            key = row.entry.pk
            if row.continued and posted.get(f"line-{key}") == SEPARATE:
                row.entry.line.separate(self.annual_list.edition.year, reason=reason)
                changed += 1
            changed += sum(self._settle_link(link, posted.get(f"link-{link.pk}", link.type)) for link in row.links)
            for each in row.suggestions:
                if takes_all or f"guess-{key}-{each.earlier.pk}" in posted:
                    how = SAME if each.type in ON_ONE_LINE else each.type
                    changed += self._connect(row.entry, each.earlier, how, reason or SUGGESTION_REASON)
            chosen, how = (posted.get(f"{name}-{key}", "") for name in ("earlier", "type"))
            if chosen or how:
                if not (chosen and how):
                    raise ValidationError(f"The other connection of “{row.entry.title}” is not complete.")
                if chosen not in earlier_by_key or how not in (SAME, *Lineage.Type.values):
                    raise ValidationError(f"Choose an earlier entry for “{row.entry.title}” from the list.")
                if how != SAME and not is_drafting:
                    raise ValidationError(LIST_IS_FROZEN)
                changed += self._connect(row.entry, earlier_by_key[chosen], how, reason)
        return changed

    @staticmethod
    def _settle_link(link: Lineage, chosen: str) -> bool:
        if chosen == link.type:
            return False
        if chosen == "none":
            link.delete()
        elif chosen in Lineage.Type.values:
            link.type = chosen
            link.save(update_fields=["type"])
        else:
            raise ValidationError("Choose from the list how the entry comes from the earlier one.")
        return True

    @staticmethod
    def _connect(entry: Entry, earlier: Entry, how: str, reason: str) -> bool:
        line, earlier_line = (Line.objects.get(entries=each) for each in (entry, earlier))
        if how == SAME:
            if line != earlier_line:
                earlier_line.join(line, reason=reason)
            return line != earlier_line
        if line == earlier_line:
            raise ValidationError(f"“{entry.title}” and “{earlier.title}” are the same thing, so neither is a part.")
        _, is_new = Lineage.objects.get_or_create(later=entry, earlier=earlier, defaults={"type": how})
        return is_new


@desk_page(entries=True)
def lineage(admin: EditionAdmin, request: HttpRequest, edition: Edition, annual_list: AnnualList) -> HttpResponse:
    page = LineagePage(annual_list)
    problem, status = "", 200
    if request.method == "POST":
        try:
            with pghistory.context(reason=request.POST.get("reason", "").strip()):
                changed = page.settle(request.POST.dict())
        except ValidationError as refusal:
            problem, status = " ".join(refusal.messages), 422
            page = LineagePage(annual_list)
            page.fill(request.POST.dict())
        else:
            words = f"{changed} {'connection' if changed == 1 else 'connections'} changed."
            admin.message_user(request, words if changed else "Nothing had changed.", messages.SUCCESS)
            return redirect(request.path)
    kind = annual_list.words
    types = [(SAME, "is the same as"), *(Lineage.Type.choices if edition.is_drafting else ())]
    context = {
        "page": page,
        "kind": kind,
        "types": types,
        "problem": problem,
        "reason": request.POST.get("reason", ""),
    }
    return render_desk(
        admin,
        request,
        "lineage",
        edition,
        f"What the {kind.plural} of {edition.year} continue",
        status,
        **context,
    )
