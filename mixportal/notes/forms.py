from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import IntegrityError

from members.models import User
from mixportal.ballots.order import standing
from mixportal.consensus.words import place_words
from mixportal.editions.models import AnnualList, Entry
from mixportal.notes.discussion import Discussion
from mixportal.notes.markdown import clean_body
from mixportal.notes.models import MAX_BODY, Note
from mixportal.notes.visibility import SEALED, NoteAudience


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
        self.stored: Note | None = None  # after a conflict
        self.earlier_reason: Note | None = None
        if note:
            self.body, self.kind, self.version = note.body, note.kind, note.version
        else:
            self.body, self.kind, self.version = "", fixed_kind or ("note" if reply_to else "question"), 0
        shared = note or reply_to
        self.audience = shared.audience if shared else NoteAudience.MEMBERS

    def fill(self, posted: Mapping[str, str]) -> None:
        self.body = clean_body(posted.get("body", ""))
        self.audience = clean_body(posted.get("audience", ""))
        version = posted.get("version", "")
        self.version = int(version) if version.isdecimal() and len(version) < 9 else 0
        if self.note is None:
            self.kind = clean_body(posted.get("kind", ""))

    def save(self, user: User) -> Note:
        if self.note:
            return self.note.edit(user, body=self.body, audience=self.audience, version=self.version)
        return Note.write(
            entry=self.entry,
            user=user,
            kind=self.kind,
            body=self.body,
            audience=self.audience,
            reply_to=self.reply_to,
        )

    def add_error(self, error: ValidationError | IntegrityError) -> None:
        if isinstance(error, ValidationError):
            self.errors += error.messages
        else:
            self.errors.append("Someone else was faster. Load the page to see what is there now.")

    @property
    def url(self) -> str:
        notes_url = f"{self.entry.get_absolute_url()}notes/"
        return f"{notes_url}{self.note.pk}/" if self.note else notes_url

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


class ReasonsPage:
    def __init__(self, annual_list: AnnualList, user: User) -> None:
        self.annual_list, self.edition, self.government = annual_list, annual_list.edition, user.government
        ballot = annual_list.ballots.of_voter(user).with_placements().first()
        self.is_sealed = ballot is not None and self.edition.is_open and not ballot.sees_working
        places = {}
        if ballot is not None and not self.is_sealed:
            places = ballot.working if self.edition.is_open else ballot.counted
        entries = list(annual_list.entries.in_order())
        entries.sort(key=lambda entry: (entry.slug not in places, places.get(entry.slug, 0)))
        own = Note.objects.visible_to(user).filter(kind=SEALED, government=user.government, withdrawn_at=None)
        given = own.filter(entry__annual_list=annual_list).with_mentioned().with_orders(user)
        reasons = {reason.entry_id: reason for reason in given}
        year = "entry__annual_list__edition__year"
        lines = [entry.line_id for entry in entries]
        earlier = own.active().filter(**{"entry__line__in": lines, f"{year}__lt": self.edition.year})
        oldest_first = earlier.select_related("entry__annual_list__edition").order_by(year)
        earlier_by_line = {reason.entry.line_id: reason for reason in oldest_first if reason.entry}
        self.rows = []
        for entry in entries:
            form = NoteForm(entry, fixed_kind="reason")
            form.earlier_reason = earlier_by_line.get(entry.line_id)
            at = standing(places, entry.slug)
            self.rows.append(
                {"entry": entry, "place": at and place_words(*at), "reason": reasons.get(entry.pk), "form": form}
            )

    @property
    def reason_count(self) -> int:
        return sum(1 for row in self.rows if row["reason"])
