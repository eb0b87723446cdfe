"""The desk's page of lineage: what each entry continues, with guesses to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from mixportal.editions import kinds
from mixportal.editions.desk_page import desk_page, render_desk
from mixportal.editions.likeness import guesses
from mixportal.editions.models import Edition, Lineage


@dataclass
class Line:
    """One entry, its links, and what it may continue besides: pairs of an earlier entry and a type."""

    entry: Any
    links: list[Any]
    guesses: list[tuple[Any, str, str]] = field(default_factory=list)  # the earlier entry, the type and its words


@dataclass
class Ancestry:
    """One kind's list of an edition beside those of the years before."""

    kind: kinds.Kind
    edition: Edition
    lines: list[Line]
    earlier: dict[int, list[Any]]  # by year, the latest first; each list in its own order

    @classmethod
    def of(cls, kind: kinds.Kind, edition: Edition) -> Ancestry:
        links: dict[int, list[Any]] = {}
        stored = kind.lineage.objects.filter(later__edition=edition).select_related("earlier__edition")
        for link in stored.order_by("-earlier__edition__year", "earlier__position"):
            links.setdefault(link.later_id, []).append(link)
        lines = [Line(entry, links.get(entry.pk, [])) for entry in kind.entry.objects.of(edition)]
        earlier: dict[int, list[Any]] = {}
        before = kind.entry.objects.filter(edition__year__lt=edition.year).select_related("edition")
        for entry in before.order_by("-edition__year", "position"):
            earlier.setdefault(entry.edition.year, []).append(entry)
        ancestry = cls(kind, edition, lines, earlier)
        ancestry._guess()
        return ancestry

    def _guess(self) -> None:
        """For entries that nobody has linked yet."""
        by_title = {(year, entry.title): entry for year, entries in self.earlier.items() for entry in entries}
        titles = [(year, [entry.title for entry in entries]) for year, entries in self.earlier.items()]
        unlinked = {line.entry.title: line for line in self.lines if not line.links}
        for guess in guesses(list(unlinked), titles):
            words = Lineage.Type(guess.type).label
            unlinked[guess.later].guesses.append((by_title[guess.year, guess.earlier], guess.type, words))

    @property
    def last_year(self) -> int | None:
        return next(iter(self.earlier), None)

    @property
    def has_guesses(self) -> bool:
        return any(line.guesses for line in self.lines)

    @property
    def left_behind(self) -> list[Any]:
        """Entries of last year's list that nothing continues."""
        continued = {link.earlier_id for line in self.lines for link in line.links}
        return [entry for entry in self.earlier.get(self.last_year or 0, []) if entry.pk not in continued]

    @transaction.atomic
    def settle(self, posted: Mapping[str, str]) -> int:
        """Writes what a curator chose and says how many links changed. Raises ValidationError for what is no choice.

        Posted: link-<key> = a type or "none" for each link that stands; guess-<entry>-<earlier> for each guess taken;
        earlier-<entry> and type-<entry> for one more link. action=all takes every guess.
        """
        if not self.edition._locked().is_drafting:
            raise ValidationError("This list is open or later: its links stand.")
        types = set(Lineage.Type.values)
        known = {str(entry.pk): entry for entries in self.earlier.values() for entry in entries}
        changed = 0
        for line in self.lines:
            for link in line.links:
                chosen = posted.get(f"link-{link.pk}", link.type)
                if chosen == "none":
                    link.delete()
                elif chosen not in types:
                    raise ValidationError("Choose how an entry continues another from the list.")
                elif chosen != link.type:
                    link.type = chosen
                    link.save(update_fields=["type"])
                else:
                    continue
                changed += 1
            wanted = [
                (earlier, kind)
                for earlier, kind, _ in line.guesses
                if posted.get("action") == "all" or f"guess-{line.entry.pk}-{earlier.pk}" in posted
            ]
            if more := posted.get(f"earlier-{line.entry.pk}", ""):
                kind = posted.get(f"type-{line.entry.pk}", "")
                if more not in known or kind not in types:
                    raise ValidationError(f"Choose an earlier entry for “{line.entry.title}” from the list.")
                wanted.append((known[more], kind))
            for earlier, kind in wanted:
                _, is_new = self.kind.lineage.objects.get_or_create(
                    later=line.entry, earlier=earlier, defaults={"type": kind}
                )
                changed += is_new
        return changed


class LineagePage:
    """Mixed into the edition's admin."""

    message_user: Any

    @desk_page(entries=True)
    def lineage(self, request: HttpRequest, edition: Edition, kind: kinds.Kind) -> HttpResponse:
        ancestry = Ancestry.of(kind, edition)
        problem, status = "", 200
        if request.method == "POST":
            try:
                changed = ancestry.settle(request.POST.dict())
            except ValidationError as refusal:
                problem, status = " ".join(refusal.messages), 422
                ancestry = Ancestry.of(kind, edition)
            else:
                words = f"{changed} {'link' if changed == 1 else 'links'} changed."
                self.message_user(request, words if changed else "Nothing was different.", messages.SUCCESS)
                return redirect(request.path)
        title = f"What the {kind.plural} of {edition.year} continue"
        context = {"ancestry": ancestry, "kind": kind, "types": Lineage.Type.choices, "problem": problem}
        return render_desk(self, request, "lineage", edition, title, status, **context)
