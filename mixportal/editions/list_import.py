from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from mixportal.editions.list_entries import LeftOut, ListedEntry, ListText
from mixportal.editions.list_text import read_list
from mixportal.editions.list_titles import ends_sentence
from mixportal.editions.models import Edition, Entry, Kind, slug_for
from mixportal.tables.imports import Action, Change, Import, set_values
from mixportal.tables.reader import Problem, quote

MAX_WORDS_OF_TITLE_END = 3


@dataclass(frozen=True)
class EntryChange(Change[Entry]):
    kind: Kind = field(kw_only=True)
    continues: Entry | None = None

    def __str__(self) -> str:
        said = f"{self.kind.singular:<9}  {self.action:<9}  {self.instance.title}"
        if self.continues:
            said += f" (continues {self.continues.edition})"
        if self.action is Action.NEW:
            return f"{said}: {self.instance.description}".removesuffix(": ")
        return f"{said} ({self.fields_in_words})" if self.fields else said

    @property
    def before(self) -> dict[str, object]:
        if self.action is Action.NEW:
            return {name: getattr(self.continues, name, "") for name in ("title", "description")}
        stored = {name: getattr(self.instance, name) for name in ("title", "description")}
        return stored | {name: old for name, (old, _) in self.fields.items() if name in stored}

    @property
    def has_new_wording(self) -> bool:
        return self.action is Action.NEW or not self.fields.keys().isdisjoint(Entry.WORDING)

    @property
    def has_outdated_texts(self) -> bool:
        texts = Entry.TEXTS_FOR_LEADERS
        is_kept = "description" in self.fields and self.fields.keys().isdisjoint(texts)
        return is_kept and any(getattr(self.instance, name) for name in texts)

    @property
    def fields_in_words(self) -> str:
        return ", ".join(name.replace("_", " ") for name in self.fields)


class ListImport(Import):
    """Import a list into an edition in drafting.

    Stored entries that it does not name come last, and texts that it omits stay. A new entry
    continues the previous list's of the same title.
    """

    changes: Sequence[EntryChange] = ()
    listed: ListText
    edition: Edition | None = None
    meanings: list[LeftOut]  # that may be entries

    def __init__(self, year: int, text: str, kind: str = "", *, leave_out: bool = False) -> None:
        super().__init__(text)
        self.year, self.kind, self.leave_out = year, kind, leave_out

    def lock(self) -> None:
        Edition.objects.select_for_update().filter(year=self.year).first()

    def read_changes(self) -> Iterator[EntryChange]:
        self.listed = read_list(self.text, self.kind)
        self.edition = Edition.objects.filter(year=self.year).first()
        if self.edition is not None and not self.edition.is_drafting:
            line = min((entry.line for entry in self.listed.entries), default=1)
            self.refuse(
                line,
                f"the edition of {self.year} is {self.edition.phase}: its list stands as it is",
            )
        self.notices = [
            f"Left out, line {one.line}: {quote(one.text)}. Should it be in the list?" for one in self.listed.left_out
        ]
        self.notices += [
            f"In the entry on line {one.line}, {quote(one.text)} was broken at the end of a line. Is its hyphen right?"
            for one in self.listed.hyphens
        ]
        if self.edition is None:
            self.notices.append(f"This is a new edition of {self.year}, in drafting.")
        self.meanings = list(self.listed.meanings)
        for kind in Kind:
            yield from self._changes_of(kind)
        if not self.leave_out:
            self.questions = [
                Problem(
                    left.line,
                    f"Is {quote(left.text)} an entry or a heading? Put a bullet before an entry; call a heading "
                    "“Priorities” or “Challenges”. If it is neither, say --leave-out.",
                )
                for left in self.listed.questions
            ]
            self.questions += [
                Problem(
                    left.line,
                    f"Is {quote(left.text)} an entry? It is read as part of the meaning of the entry above. Put an "
                    "entry on a line with the bullet or number of the others, and the end of a title on the line of "
                    "the title, after one space. If it is neither, say --leave-out.",
                )
                for left in self.meanings
            ]

    def _changes_of(self, kind: Kind) -> Iterator[EntryChange]:
        listed = [entry for entry in self.listed.entries if entry.kind == kind]
        if not listed:
            return
        stored = {entry.slug: entry for entry in self.edition.list_of(kind).entries.in_order()} if self.edition else {}
        titled = {slug_for(entry.title): slug for slug, entry in stored.items()}
        taken = {entry.line_id for entry in stored.values()}
        before = _list_before(self.year, kind)
        earlier = {slug_for(entry.title): entry for entry in before if entry.line_id not in taken}
        swallowed = {*titled, *earlier}.difference(slug_for(entry.title) for entry in listed)
        asked = {slug_for(left.text) for left in self.listed.meanings}
        self.meanings += [
            LeftOut(entry.line, part)
            for entry in listed
            for part in filter(None, entry.description.split("; "))
            if slug_for(part) not in asked and (slug_for(part) in swallowed or _may_end_title(entry, part))
        ]
        for position, listed_entry in enumerate(listed, start=1):
            slug = slug_for(listed_entry.title)
            yield _change(kind, listed_entry, position, stored.pop(titled.get(slug, slug), None), earlier)
        for position, entry in enumerate(stored.values(), start=len(listed) + 1):
            yield EntryChange(0, Action.LEFT, entry, set_values(entry, {"position": position}), kind=kind)

    def write(self) -> None:
        self.edition = self.edition or Edition.objects.create(year=self.year)
        for annual_list in self.edition.lists.in_order():
            changes = [change for change in self.changes if change.kind == annual_list.kind]
            for change in changes:
                if change.action is not Action.NEW:
                    change.save()
            annual_list.add_entries(change.instance for change in changes if change.action is Action.NEW)


def _may_end_title(entry: ListedEntry, meaning: str) -> bool:
    is_short = meaning == entry.description and len(meaning.split()) <= MAX_WORDS_OF_TITLE_END
    return is_short and entry.is_split_by_space and not ends_sentence(meaning)


def _list_before(year: int, kind: Kind) -> Iterable[Entry]:
    earlier = Entry.objects.filter(annual_list__kind=kind, annual_list__edition__year__lt=year)
    newest = earlier.order_by("-annual_list__edition__year").values("annual_list")[:1]
    return earlier.filter(annual_list__in=newest).select_related("line", "annual_list__edition")


def _change(
    kind: Kind,
    listed: ListedEntry,
    position: int,
    found: Entry | None,
    earlier: dict[str, Entry],
) -> EntryChange:
    texts = {
        "title": listed.title,
        "description": listed.description,
        "position": position,
        "in_plain_words": listed.in_plain_words,
        "for_leaders": listed.more,
        "short": listed.short,
    }
    slug = slug_for(listed.title)
    continues = None if found else earlier.get(slug)
    entry = found or Entry(slug=slug, line=continues.line if continues else None)
    fields = set_values(entry, {name: value for name, value in texts.items() if value})
    changed = Action.MOVED if list(fields) == ["position"] else Action.CHANGED if fields else Action.UNCHANGED
    return EntryChange(listed.line, changed if found else Action.NEW, entry, fields, kind=kind, continues=continues)
