"""How a list changes: its order, entries merged and split while drafting, and wording corrected after the opening."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pghistory
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from pghistory.models import Event

from mixportal.editions.corrections import Correction, corrections_in


class ListChanged(Exception):
    """The list is not the one that the page showed: somebody changed it meanwhile."""


@transaction.atomic
def arrange(entries: Any, edition: Any, keys: Sequence[int]) -> None:
    """Puts a drafted edition's entries in the order of `keys`, numbered from 1. Raises ListChanged, ValidationError."""
    _require_drafting(edition)
    stored = {entry.pk: entry for entry in entries.of(edition)}
    if set(keys) != set(stored) or len(keys) != len(stored):
        raise ListChanged
    moved = []
    for position, key in enumerate(keys, start=1):
        if stored[key].position != position:
            stored[key].position = position
            moved.append(stored[key])
    entries.bulk_update(moved, ["position"])


def with_corrections(entries: Any, of: Sequence[Any]) -> list[tuple[Any, Correction]]:
    """Each correction of the entries in `of`, beside its entry. One query for all of them."""
    events: dict[int, list[Any]] = {}
    history = entries.model._meta.get_field("events").related_model
    for event in history.objects.filter(pgh_obj__in=of).order_by("pgh_id"):
        events.setdefault(event.pgh_obj_id, []).append(event)
    return [
        (entry, correction)
        for entry in of
        for correction in corrections_in(events.get(entry.pk, []), entry.pk, entry.words_called())
    ]


def _require_drafting(edition: Any) -> None:
    """Holds the edition, so that it does not open meanwhile."""
    if not edition._locked().is_drafting:
        raise ValidationError(f"The list of {edition} is open or later: its entries stand.")


class Reshaped:
    """What curators do to one entry. Mixed into Entry, which holds the fields."""

    if TYPE_CHECKING:
        _meta: Any
        objects: ClassVar[Any]
        continues: Any
        continued_by: Any
        events: Any
        pk: Any
        edition: Any
        title: str
        slug: str
        description: str
        in_plain_words: str
        position: int
        save: Any
        full_clean: Any
        slug_of: Any

    @classmethod
    def wording(cls) -> tuple[str, ...]:
        """The fields that hold words: the title, and every text."""
        texts = (field.name for field in cls._meta.concrete_fields if isinstance(field, models.TextField))
        return ("title", *texts)

    # After the opening

    @transaction.atomic
    def correct(self, *, reason: str, **wording: str) -> None:
        """Corrects the wording of an entry that ballots may have ranked; the reason and both texts are kept.

        Raises ValidationError without a reason, without a change, and where the list is drafted or published.
        """
        edition = self.edition._locked()
        if edition.is_drafting:
            raise ValidationError("This list is being drafted: change the entry itself.")
        if edition.is_published:
            raise ValidationError("This list is published: its wording stands. Add an erratum to the edition.")
        if not reason.strip():
            raise ValidationError({"reason": "Say why: the reason is shown with the correction."})
        changed = [name for name, text in wording.items() if getattr(self, name) != text]
        if not changed:
            raise ValidationError("Nothing is different.")
        for name in changed:
            setattr(self, name, wording[name])
        self.full_clean()
        with pghistory.context(reason=reason.strip(), corrects=self.pk):
            with connection.cursor() as cursor:
                leave = f"{self._meta.db_table} {self.pk}"
                cursor.execute("SELECT set_config('mixportal.correction', %s, true)", [leave])
            self.save(update_fields=changed)

    def corrections(self) -> list[Correction]:
        """Those made since the opening, the latest first. One query."""
        return corrections_in(self.events.order_by("pgh_id"), self.pk, self.words_called())

    @classmethod
    def words_called(cls) -> dict[str, str]:
        return {name: str(cls._meta.get_field(name).verbose_name) for name in cls.wording()}

    # While drafting

    @transaction.atomic
    def absorb(self, other: Self) -> None:
        """Merges `other` into this entry, which keeps both texts, both lineages and all that people wrote on either.

        Raises ValidationError once the list stands, for entries of two lists, and where one may exist only once for
        each entry and both have it.
        """
        _require_drafting(self.edition)
        if other.pk == self.pk or other.edition.pk != self.edition.pk:
            raise ValidationError("Two entries of one list are merged.")
        for name in self.wording()[1:]:
            mine, theirs = getattr(self, name).strip(), getattr(other, name).strip()
            if theirs and theirs not in mine:
                setattr(self, name, f"{mine}\n\n{theirs}".strip())
        self.full_clean()
        self.save(update_fields=self.wording()[1:])
        self._take_over_from(other)
        if self.continues.count() > 1:
            self.continues.update(type="merged")
        with pghistory.context(reason=f"merged into “{self.title}”"):
            type(self).objects.get(pk=other.pk).delete()

    def _take_over_from(self, other: Any) -> None:
        """Everything that points to `other` points to this entry from now on; a link that both have is kept once."""
        for related, field in _pointing_at(self._meta):
            for row in related._base_manager.filter(**{field: other.pk}):
                try:
                    with transaction.atomic():
                        related._base_manager.filter(pk=row.pk).update(**{field: self.pk})
                except IntegrityError:
                    if related not in (self.continues.model, self.continued_by.model):
                        one = related._meta.verbose_name
                        raise ValidationError(
                            f"Both have the same {one} ({row}): settle it first, nothing was merged."
                        ) from None
                    row.delete()

    @transaction.atomic
    def split(self, *, first: dict[str, str], second: dict[str, str]) -> Self:
        """Splits a drafted entry in two and returns the new one, which stands next in the order.

        `first` and `second` give each its title and texts. Both continue what this one did; what people wrote on it
        stays with the first. Raises ValidationError.
        """
        _require_drafting(self.edition)
        for name, text in first.items():
            setattr(self, name, text)
        self.full_clean()
        type(self).objects.filter(edition=self.edition, position__gt=self.position).update(
            position=models.F("position") + 1
        )
        new = type(self)(  # type: ignore[call-arg]
            edition=self.edition, slug=self.slug_of(second["title"]), position=self.position + 1, **second
        )
        new.full_clean()
        self.save(update_fields=list(first))
        new.save()
        self.continues.update(type="split")
        self.continues.model.objects.bulk_create(
            self.continues.model(later=new, earlier_id=link.earlier_id, type="split") for link in self.continues.all()
        )
        return new


def _pointing_at(meta: Any) -> Iterable[tuple[Any, str]]:
    """Every model with a foreign key to the entry, and the key's name; the history keeps what it says."""
    for relation in meta.get_fields(include_hidden=True):
        points_here = relation.auto_created and not relation.concrete and not relation.many_to_many
        if points_here and not issubclass(relation.related_model, Event):
            yield relation.related_model, relation.field.name
