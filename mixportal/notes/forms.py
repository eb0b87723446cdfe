"""What is typed into a note's form: read, cleaned, and kept as it was when something is wrong."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import IntegrityError

from members.models import Government
from mixportal.editions.models import Entry
from mixportal.notes.markdown import cleaned, mentioned_in, to_html
from mixportal.notes.models import MAX_BODY, Note
from mixportal.notes.visibility import Audience

HEADINGS = {
    "reason": "Why we put it there",
    "practice": "What worked for us",
    "question": "A question to the others",
    "note": "A note",
}


class NoteForm:
    """A form for a new note, an answer (`reply_to`) or a change of `note`. `problems` are told above it.

    `only` holds it to one kind of note: a reason has a form of its own.
    """

    longest = MAX_BODY

    def __init__(self, entry: Entry, *, note: Note | None = None, reply_to: Note | None = None, only: str = "") -> None:
        self.entry, self.note, self.reply_to, self.only = entry, note, reply_to, only
        self.problems: list[str] = []
        self.preview: str | None = None
        self.theirs: Note | None = None  # the stored note, where it was changed meanwhile
        self.earlier: Note | None = None  # last year's reason
        self.body = note.body if note else ""
        self.kind = note.kind if note else only or ("note" if reply_to else "question")
        self.audience = note.audience if note else reply_to.audience if reply_to else Audience.MEMBERS
        self.version = note.version if note else 0

    def read(self, posted: Mapping[str, str]) -> NoteForm:
        """Takes over what was posted; `problems` says what makes no sense."""
        self.body = cleaned(posted.get("body", ""))
        self.kind = self.note.kind if self.note else posted.get("kind", "")
        self.audience = posted.get("audience", "")
        version = posted.get("version", "")
        self.version = int(version) if version.isdecimal() and len(version) < 9 else 0
        if self.note is None and self.kind not in Note.Kind.values:
            self.problems.append("Choose what it is: a reason, a practice, a question or a note.")
        if self.audience not in Audience.values:
            self.problems.append("Choose who may read it.")
        if not self.body:
            self.problems.append("Write something first.")
        if len(self.body) > MAX_BODY:
            self.problems.append(f"That is {len(self.body):,} characters; a note has at most {MAX_BODY:,}.")
        return self

    def refuse(self, refusal: ValidationError | IntegrityError) -> None:
        if isinstance(refusal, ValidationError):
            self.problems += refusal.messages
        else:
            self.problems.append("Somebody of your government was quicker: load the page to see what stands there.")

    def take_earlier(self, earlier: Note | None) -> None:
        """Last year's reason goes into the form, to be kept or changed."""
        self.problems = []
        if earlier is not None and not self.body:
            self.body = earlier.body

    def show_preview(self) -> None:
        named = Government.objects.filter(slug__in=mentioned_in(self.body))
        self.preview = to_html(self.body[:MAX_BODY], tuple(named.order_by("slug").values_list("slug", "name")))

    @property
    def back(self) -> str:
        """The entry's page."""
        return self.entry.get_absolute_url()

    @property
    def address(self) -> str:
        return f"{self.back}notes/{self.note.pk}/" if self.note else f"{self.back}notes/"

    @property
    def heading(self) -> str:
        return "Your answer" if self.reply_to else HEADINGS.get(self.only or (self.note.kind if self.note else ""), "")

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """What may be chosen; nothing where it is given."""
        if self.note or self.only:
            return []
        if self.reply_to:
            return [("note", "An answer"), ("practice", "A practice: what worked for us")]
        return [("question", "A question"), ("practice", "A practice: what worked for us"), ("note", "A note")]

    @property
    def audiences(self) -> list[Audience]:
        """Those to choose from. Curators are written to before the close; a note that is theirs already stays so."""
        parent = self.reply_to or (self.note.reply_to if self.note else None)
        choices = Audience(parent.audience).no_wider if parent else list(Audience)
        edition = self.entry.edition
        if edition.is_drafting or edition.is_open or self.audience == Audience.CURATORS:
            return choices
        return [audience for audience in choices if audience != Audience.CURATORS]

    @property
    def key(self) -> str:
        """Parts this form from others on a page, and its draft from other drafts."""
        if self.note:
            return f"edit-{self.note.pk}"
        if self.reply_to:
            return f"answer-{self.reply_to.pk}"
        return f"{self.only or 'write'}-{self.entry.slug}"
