"""Random sequences of steps, clock changes and raw SQL never put an edition into a forbidden state."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

import pgtrigger
import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from members.models import User
from mixportal.ballots.models import Ballot
from mixportal.editions.models import Edition, Kind, WindowClosedError, database_now
from mixportal.results.publishing import publish
from tests.worlds import make_edition, make_government

MAY_FOLLOW = {
    "drafting": {"drafting", "open", "closed", "published"},  # a window of the past is over lists that nobody ranked
    "open": {"open", "closed"},
    "closed": {"closed", "published"},
    "published": {"published"},
}
MOMENTS = (
    "NULL", "clock_timestamp()", "clock_timestamp() + interval '1 day'", "clock_timestamp() - interval '1 day'",
    "clock_timestamp() + interval '3 days'", "closes_at + interval '1 day'", "closes_at - interval '1 hour'",
    "opens_at - interval '1 hour'", "opens_at",
)  # fmt: skip
COLUMNS = st.sampled_from(["opens_at", "closes_at", "published_at", "mail_previewed_at"])
TEXTS = ("title = 'Raw'", "introduction = 'Raw'", "time_zone = 'UTC'", "year = 2050", "close_moved_because = 'Raw'")
OF_LIST = "annual_list_id IN (SELECT id FROM editions_annuallist WHERE edition_id = %s AND kind = '{kind}')"
ENTRIES = (
    f"DELETE FROM editions_entry WHERE {OF_LIST}",
    f"DELETE FROM editions_entry WHERE {OF_LIST} AND slug = 'data'",
    f"UPDATE editions_entry SET position = position + 90 WHERE {OF_LIST}",
    f"UPDATE editions_entry SET slug = 'raw' WHERE {OF_LIST} AND slug IN ('data', 'shadow-it')",
    f"UPDATE editions_entry SET title = 'Raw', description = 'Raw' WHERE {OF_LIST} AND position = 1",
)
BALLOTS = (
    "INSERT INTO ballots_ballot (annual_list_id, government_id, version)"
    " SELECT list.id, government.id, 1 FROM editions_annuallist list, members_government government"
    " WHERE list.edition_id = %s AND list.kind = 'priorities' LIMIT 1 ON CONFLICT DO NOTHING",
    f"UPDATE ballots_ballot SET version = version + 1 WHERE {OF_LIST.format(kind='priorities')}",
    f"DELETE FROM ballots_ballot WHERE {OF_LIST.format(kind='priorities')}",
)


class EditionsLife(RuleBasedStateMachine):
    begins_open = False
    reached: ClassVar[set[str]] = set()
    done: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.world = transaction.atomic()
        self.world.__enter__()
        government = make_government("Port Merrow County", 1)
        self.member = User.objects.create_user("rosa@port.example", name="Rosa", role="member", government=government)
        self.key = make_edition(2031, mail_previewed_at=None).pk

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.world.__exit__(None, None, None)

    def edition(self) -> Edition:
        return Edition.objects.get(pk=self.key)

    def seen(self) -> dict[str, Any]:
        edition = self.edition()
        words = ("slug", "position", "title", "description")
        return {
            "phase": str(edition.phase),
            "window": (edition.opens_at, edition.closes_at),
            "opens_at": edition.opens_at,
            "published": (edition.published_at, edition.title, edition.introduction, edition.time_zone),
            "year": edition.year,
            "mail": edition.mail_previewed_at,
            "lists": [list(edition.list_of(kind).entries.in_order().values_list(*words)) for kind in Kind],
            "ballots": list(edition.list_of(Kind.PRIORITIES).ballots.values_list("pk", "version")),
        }

    def attempt(self, name: str, deed, *, corrects: bool = False) -> None:
        before = self.last
        try:
            with transaction.atomic():
                deed()
                connection.check_constraints()
        except (ValidationError, WindowClosedError, DatabaseError):
            assert self.seen() == before
            return
        self.done.add(name)
        after = self.last = self.seen()
        self.reached.add(after["phase"])
        phase, changed = before["phase"], {each for each in before if before[each] != after[each]}
        assert after["phase"] in MAY_FOLLOW[phase], (name, phase, after["phase"])
        if after["window"] != (None, None):
            assert after["mail"] is not None, "a window before anybody had read the mail"
            assert all(after["lists"]), "a window over an empty list"
        if phase != "drafting":
            assert not changed & {"opens_at", "year"}, name
            keys = [[entry[:2] for entry in entries] for entries in before["lists"]]
            assert keys == [[entry[:2] for entry in entries] for entries in after["lists"]], name
            assert corrects or "lists" not in changed, name
        if phase != "open":
            assert "ballots" not in changed, name
        if phase in ("closed", "published"):
            assert "window" not in changed, name
        if phase == "published":
            assert not changed & {"published", "lists"}, name

    @initialize()
    def begin(self) -> None:
        if self.begins_open:
            self.edition().mark_mail_read()
            self.edition().open_now(closes_at=database_now() + timedelta(days=2))
        self.last = self.seen()
        self.reached.add(self.last["phase"])

    @rule()
    def read_the_mail(self) -> None:
        self.attempt("mail", lambda: self.edition().mark_mail_read())

    @rule(opens=st.integers(-1, 2), lasts=st.integers(0, 3))
    def set_window(self, opens: int, lasts: int) -> None:
        now = database_now()
        at = now + timedelta(days=opens)
        self.attempt("set", lambda: self.edition().set_window(opens_at=at, closes_at=at + timedelta(days=lasts)))

    @rule()
    def take_the_window_back(self) -> None:
        self.attempt("unset", lambda: self.edition().set_window(opens_at=None, closes_at=None))

    @rule()
    def open_now(self) -> None:
        self.attempt("open", lambda: self.edition().open_now(closes_at=database_now() + timedelta(days=2)))

    @rule(by=st.integers(-3, 3), reason=st.sampled_from(["", "A storm."]))
    def move_the_close(self, by: int, reason: str) -> None:
        closes = self.edition().closes_at or database_now()
        self.attempt("move", lambda: self.edition().move_close(closes + timedelta(days=by), reason=reason))

    @rule()
    def close_now(self) -> None:
        self.attempt("close", lambda: self.edition().close_now())

    @rule()
    def publish(self) -> None:
        self.attempt("publish", lambda: publish(self.edition()))

    @rule()
    def save_a_ballot(self) -> None:
        def save() -> None:
            annual_list = self.edition().list_of(Kind.PRIORITIES)
            stored = annual_list.ballots.first()
            places = {"data": 1, "workforce": 1 + (stored.version if stored else 0) % 2}
            Ballot.record(
                annual_list=annual_list, government=self.member.government, user=self.member, places=places,
                version=stored.version if stored else 0, action="cast",
            )  # fmt: skip

        self.attempt("save", save)

    @rule()
    def correct_an_entry(self) -> None:
        entry = self.edition().list_of(Kind.PRIORITIES).entries.first()
        if entry is not None:
            words = f"{entry.description} Indeed."
            self.attempt("correct", lambda: entry.correct(reason="A typo.", description=words), corrects=True)

    @rule(days=st.integers(1, 3))
    def let_days_pass(self, days: int) -> None:
        """Advance the clock by moving all stored times back."""
        before = self.last["phase"]
        back = ", ".join(
            f"{name} = {name} - interval '{days} days'" for name in ("opens_at", "closes_at", "published_at")
        )
        with pgtrigger.ignore("editions.Edition:never_reopens"), connection.cursor() as cursor:
            cursor.execute(f"UPDATE editions_edition SET {back} WHERE id = %s", [self.key])
        connection.check_constraints()
        self.last = self.seen()
        after = self.last["phase"]
        self.reached.add(after)
        assert after in MAY_FOLLOW[before]

    @rule(column=COLUMNS, moment=st.sampled_from(MOMENTS))
    def edit_a_date(self, column: str, moment: str) -> None:
        self.sql("date", f"UPDATE editions_edition SET {column} = {moment} WHERE id = %s")

    @rule(opens=st.sampled_from(MOMENTS), closes=st.sampled_from(MOMENTS))
    def edit_the_window(self, opens: str, closes: str) -> None:
        self.sql("window", f"UPDATE editions_edition SET opens_at = {opens}, closes_at = {closes} WHERE id = %s")

    @rule(text=st.sampled_from(TEXTS))
    def edit_a_text(self, text: str) -> None:
        self.sql("text", f"UPDATE editions_edition SET {text} WHERE id = %s")

    @rule(statement=st.sampled_from(ENTRIES), kind=st.sampled_from(Kind))
    def edit_a_list(self, statement: str, kind: Kind) -> None:
        self.sql("list", statement.format(kind=kind.value))

    @rule(statement=st.sampled_from(BALLOTS))
    def edit_ballots(self, statement: str) -> None:
        self.sql("ballots", statement)

    def sql(self, name: str, statement: str) -> None:
        with connection.cursor() as cursor:
            self.attempt(name, lambda: cursor.execute(statement, [self.key]))


class LifeFromTheOpening(EditionsLife):
    begins_open = True


@pytest.mark.django_db
def test_no_sequence_of_verbs_clock_steps_and_raw_edits_reaches_a_forbidden_state():
    quick = settings(
        max_examples=6,
        stateful_step_count=20,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    for machine in (EditionsLife, LifeFromTheOpening):
        run_state_machine_as_test(machine, settings=quick)
    assert EditionsLife.reached == set(MAY_FOLLOW), "the machine went everywhere it may"
    assert len(EditionsLife.done) >= 10, EditionsLife.done
