from collections.abc import Sequence
from functools import partial

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from members.government_import import government_named
from members.models import Government, Invitation, User
from mixportal.tables.imports import Action, Change, Import
from mixportal.tables.reader import Column, Problem, Row, choice, one_line, quote, read_table

ROLES = {role: role for role in ("member", "delegate", "leader")} | {"": "member"}


def _address(cell: str) -> str:
    address = one_line(cell)
    try:
        validate_email(address)
    except ValidationError as wrong:
        raise ValueError(f"{quote(address)} is not an e-mail address.") from wrong
    return address


class InvitationImport(Import):
    locked = (Government, User, Invitation)
    changes: Sequence[Change[Invitation]] = ()

    def __init__(self, text: str, by: User) -> None:
        super().__init__(text)
        self.by = by

    def read_changes(self) -> list[Change[Invitation]]:
        governments = list(Government.objects.all())
        self.people = {user.email.lower(): user for user in User.objects.filter(is_active=True)}
        self.invited = {(each.email.lower(), each.government_id): each.role for each in Invitation.objects.usable()}
        columns = (
            Column("name", one_line, is_required=True),
            Column("address", _address, is_required=True),
            Column("role", choice(ROLES, "member, delegate or leader")),
            Column("government", partial(government_named, governments=governments), is_required=True),
        )
        rows = read_table(self.text, columns, self.problems)
        changes = [change for row in rows if (change := self._change(row))]
        self.questions = [
            Problem(change.line, f"{other.email} also has an invitation to {other.government}. It can accept only one.")
            for change in changes
            if change.action is Action.NEW and (other := change.instance.elsewhere)
        ]
        return changes

    def _change(self, row: Row) -> Change[Invitation] | None:
        address, role = row.values["address"], row.values.get("role", "member")
        government = row.values["government"]
        if self.is_repeated(row.line, address.lower(), address):
            return None
        if role == "member" and self.is_repeated(row.line, government.pk, f"The member of {government}"):
            return None
        invitation = Invitation(government=government, role=role, email=address, name=row.values["name"])
        invitation.invited_by = self.by
        person, key = self.people.get(address.lower()), (address.lower(), government.pk)
        if (person and (person.government_id, person.role) == (government.pk, role)) or self.invited.get(key) == role:
            return Change(row.line, Action.UNCHANGED, invitation)
        try:
            Invitation.objects.refuse(government, role, address, self.by)
        except ValidationError as refused:
            self.refuse(row.line, " ".join(refused.messages))
        return Change(row.line, Action.NEW, invitation)

    def write(self) -> None:
        for change in self.changes:
            if change.action is Action.NEW:
                new = change.instance
                assert new.government is not None
                try:
                    Invitation.objects.invite(new.government, new.role, new.email, by=self.by, name=new.name)
                except ValidationError as refused:
                    self.refuse(change.line, " ".join(refused.messages))
        self.raise_problems()
