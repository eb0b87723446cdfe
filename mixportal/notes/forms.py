from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import IntegrityError

from members.models import Government
from mixportal.editions.models import Entry
from mixportal.editions.versions import StaleError
from mixportal.notes.discussion import Discussion
from mixportal.notes.markdown import clean_body, mentioned_slugs, to_html
from mixportal.notes.models import MAX_BODY, Note
from mixportal.notes.visibility import NoteAudience

HEADINGS = {
    "reason": "Why we put it there",
    "practice": "What worked for us",
    "question": "A question to the others",
    "note": "A note",
}


class NoteForm:
    max_length = MAX_BODY

    def __init__(
        self,
        entry: Entry,
        *,
        note: Note | None = None,
        reply_to: Note | None = None,
        fixed_kind: str = "",
        is_by_curator: bool = False,
    ) -> None:
        self.entry, self.note, self.reply_to, self.fixed_kind = entry, note, reply_to, fixed_kind
        self.parent = note.reply_to if note else reply_to
        self.is_by_curator = is_by_curator or (note is not None and note.government_id is None)
        self.errors: list[str] = []
        self.preview: str | None = None
        self.stored: Note | None = None  # after a conflict
        self.earlier_reason: Note | None = None
        if note:
            self.body, self.kind, self.audience, self.version = (
                note.body,
                note.kind,
                note.audience,
                note.version,
            )
            return
        self.body, self.version = "", 0
        self.kind = fixed_kind or ("note" if reply_to else "question")
        self.audience = reply_to.audience if reply_to else NoteAudience.MEMBERS

    def fill(self, posted: Mapping[str, str]) -> None:
        self.body = clean_body(posted.get("body", ""))
        self.audience = posted.get("audience", "")
        version = posted.get("version", "")
        self.version = int(version) if version.isdecimal() and len(version) < 9 else 0
        if self.note is None:
            self.kind = posted.get("kind", "")
            if self.kind not in Note.Kind.values:
                self.errors.append("Choose what it is: a reason, a practice, a question or a note.")
        if self.audience not in NoteAudience.values:
            self.errors.append("Choose who may read it.")
        if not self.body:
            self.errors.append("Write something first.")
        if len(self.body) > MAX_BODY:
            self.errors.append(f"That is {len(self.body):,} characters; a note has at most {MAX_BODY:,}.")

    def add_error(self, error: ValidationError | IntegrityError) -> None:
        if isinstance(error, ValidationError):
            self.errors += error.messages
        elif self.is_by_curator:
            self.errors.append("The note you answer has changed in the meantime. Load the page to see it as it is now.")
        else:
            self.errors.append("Another person of your government was faster. Load the page to see what they wrote.")

    def show_conflict(self, error: StaleError) -> None:
        assert isinstance(error.stored, Note)
        self.stored, self.version = error.stored, error.stored.version

    def use_earlier_reason(self, earlier: Note | None) -> None:
        self.errors = []
        if earlier is not None and not self.body:
            self.body = earlier.body

    def show_preview(self) -> None:
        named = Government.objects.filter(slug__in=mentioned_slugs(self.body))
        names = tuple(named.order_by("slug").values_list("slug", "name"))
        self.preview = to_html(self.body[:MAX_BODY], names)

    @property
    def url(self) -> str:
        notes_url = f"{self.entry.get_absolute_url()}notes/"
        return f"{notes_url}{self.note.pk}/" if self.note else notes_url

    @property
    def heading(self) -> str:
        if self.reply_to:
            return "Your answer"
        return HEADINGS.get(self.fixed_kind or (self.note.kind if self.note else ""), "")

    @property
    def kinds(self) -> list[tuple[str, str]]:
        if self.note or self.fixed_kind or self.is_by_curator:
            return []
        if self.reply_to:
            return [("note", "An answer"), ("practice", "A practice: what worked for us")]
        return [
            ("question", "A question"),
            ("practice", "A practice: what worked for us"),
            ("note", "A note"),
        ]

    @property
    def audiences(self) -> list[NoteAudience]:
        choices = NoteAudience(self.parent.audience).reply_audiences if self.parent else list(NoteAudience)
        edition = self.entry.edition
        if edition.is_drafting or edition.is_open or self.audience == NoteAudience.CURATORS:
            return choices
        return [audience for audience in choices if audience != NoteAudience.CURATORS]

    @property
    def key(self) -> str:
        if self.note:
            return f"edit-{self.note.pk}"
        if self.reply_to:
            return f"answer-{self.reply_to.pk}"
        return f"{self.fixed_kind or 'write'}-{self.entry.slug}"


def reason_form(discussion: Discussion, *, continues: bool) -> NoteForm | None:
    if not (discussion.is_voter and discussion.accepts_reasons) or discussion.own_reason:
        return None
    form = NoteForm(discussion.entry, fixed_kind="reason")
    if continues:
        form.earlier_reason = Note.objects.earlier_reason(discussion.entry, discussion.government_id)
    return form
