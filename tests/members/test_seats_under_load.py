"""The 64 seats under load: through the admin, through imports and in raw SQL, never more, and the losers are told."""

from __future__ import annotations

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client, RequestFactory
from django.test.client import ClientHandler

from members.government_import import GovernmentImport
from mixportal.tables.reader import TableError
from tests.curating import notices
from tests.worlds import seat_governments

pytestmark = pytest.mark.django_db(transaction=True)

ADD = "/admin/members/government/add/"


def form(name: str, seat: int) -> dict[str, object]:
    """What the admin's page for a new government posts."""
    return {"name": name, "slug": name.lower().replace(" ", "-"), "kind": "city", "state": "FL", "seat": seat}


def closing(call):
    """The call, after which its thread's connection is closed."""

    def run():
        try:
            return call()
        finally:
            connection.close()

    return run


def at_once(calls) -> list:
    """What each of the calls returned, all begun at the same moment, each on a connection of its own."""
    barrier = threading.Barrier(len(calls))

    def run(call):
        connection.ensure_connection()
        barrier.wait(timeout=60)
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        begun = [threads.submit(closing(lambda call=call: run(call))) for call in calls]
        return [later.result(timeout=120) for later in begun]


def wait_until_blocked(seconds: float = 60) -> None:
    """Until another connection to this database waits for a lock."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # within a transaction it would always say the same
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits for a lock")


def seats() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT seat FROM members_government WHERE seat IS NOT NULL ORDER BY seat")
        return [seat for (seat,) in cursor.fetchall()]


class Watch:
    """Counts the seats held, over and over, on a connection of its own; `most` is the highest count."""

    def __enter__(self):
        self.most, self.looks, self._stop = 0, 0, threading.Event()
        self._thread = threading.Thread(target=closing(self._look))
        self._thread.start()
        return self

    def __exit__(self, *exception):
        self._stop.set()
        self._thread.join()

    def _look(self):
        while not self._stop.is_set():
            self.most = max(self.most, len(seats()))
            self.looks += 1
            time.sleep(0.02)


def insert(writer: int, seat: int) -> bool:
    """Seats a government past every form; False where the database refuses."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO members_government (name, slug, kind, state, form_of_government, it_structure, website, seat)"
                " VALUES (%s, %s, 'city', 'AZ', '', '', '', %s)",
                [f"Raw {writer}", f"raw-{writer}-{seat}", seat],
            )
    except IntegrityError:
        return False
    return True


def test_two_hundred_requests_at_once_fill_the_last_two_seats_and_each_loser_is_told(world, count):
    seat_governments(60)  # sixty-two are held
    curator = Client()
    curator.force_login(world.curator)
    cookies = curator.cookies.output(header="", sep=";")
    # not the test client: each one copies the contexts of all templates that the others render meanwhile
    handler = ClientHandler(enforce_csrf_checks=False)
    handler.load_middleware()

    def ask(number: int):
        seat = 1 if number < 10 else (63, 64, 65)[number % 3]
        request = RequestFactory().post(ADD, form(f"Late {number}", seat), HTTP_COOKIE=cookies)
        return seat, handler(request.environ)

    with Watch() as watch:
        answers = at_once([lambda number=number: ask(number) for number in range(200)])
    count("seats race", writers=len(answers), seats_over_64=max(0, watch.most - 64))
    assert seats() == list(range(1, 65))
    assert watch.most == 64
    assert watch.looks > 3

    outcomes: Counter[str] = Counter()
    for seat, answer in answers:
        if answer.status_code == 200:
            page = answer.content.decode()
            if seat == 65:
                assert "Give a seat from 1 to 64." in page
            else:
                assert "Government with this Seat already exists." in page
            outcomes["told at the field"] += 1
        else:
            assert answer.status_code == 302
            outcomes["refused by the database" if answer["Location"] == ADD else "seated"] += 1
    assert outcomes["seated"] == 2
    assert outcomes.total() == 200


def test_who_loses_the_seat_between_the_forms_check_and_the_write_is_told(world):
    """The form sees the seat free, then waits at the constraint for a writer who commits."""
    curator = Client()
    curator.force_login(world.curator)
    with ThreadPoolExecutor(1) as thread:
        with transaction.atomic():
            assert insert(1, 40)
            later = thread.submit(closing(lambda: curator.post(ADD, form("Late", 40))))
            wait_until_blocked()
        answer = later.result(timeout=120)
    assert answer["Location"] == ADD
    assert "The database refused this, and nothing was saved" in notices(curator.get(ADD))
    assert seats() == [1, 2, 40]


def test_eighty_writers_in_raw_sql_at_once_never_fill_more_than_64(world, count):
    seat_governments(58)  # sixty are held
    wanted = range(61, 67)
    with Watch() as watch:
        taken = at_once([lambda writer=writer: sum(insert(writer, seat) for seat in wanted) for writer in range(80)])
    count("seats race", writers=len(taken), seats_over_64=max(0, watch.most - 64))
    assert seats() == list(range(1, 65))
    assert sum(taken) == 4
    assert watch.most == 64


def test_imports_at_once_with_raw_writers_fill_64_and_each_loser_is_told_its_line(world):
    seat_governments(60)

    def bring(number: int) -> str:
        rows = f"first-{number},First {number},city,AZ,\nlate-{number},Late {number},city,AZ,{63 + number % 2}\n"
        try:
            GovernmentImport(f"slug,name,kind,state,seat\n{rows}").apply(reason="a race")
        except TableError as refused:
            return str(refused)
        return "seated"

    imports = [lambda number=number: bring(number) for number in range(20)]
    writers = [lambda writer=writer: insert(writer, 63 + writer % 2) for writer in range(10)]
    answers = at_once([*imports, *writers])
    assert seats() == list(range(1, 65))
    seated = [answer for answer in answers[:20] if answer == "seated"]
    told = [answer for answer in answers[:20] if answer != "seated"]
    assert len(seated) + sum(answers[20:]) == 2
    assert all(answer.startswith("Line 3: seat 6") and " is held by " in answer for answer in told)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM members_government WHERE slug LIKE 'first-%'")
        assert cursor.fetchone() == (len(seated),), "an import that loses leaves nothing behind"


def test_no_seat_is_given_twice_however_many_want_it(world):
    assert sum(at_once([lambda writer=writer: insert(writer, 40) for writer in range(20)])) == 1
