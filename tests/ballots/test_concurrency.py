"""Concurrent saves on real connections: none is lost, counted twice or accepted after the close."""

from __future__ import annotations

import itertools
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from mixportal.ballots.models import Ballot, Placement
from mixportal.editions.models import Edition, Kind, WindowClosedError, slug_for
from mixportal.editions.saving import StaleError
from mixportal.results.models import Tally
from mixportal.results.publishing import publish
from tests.worlds import PRIORITIES, closed, make_edition, open_edition, rank, seat_governments

pytestmark = pytest.mark.django_db(transaction=True)

URL = "/2030/priorities/ballot/"
SLUGS = [slug_for(title) for title in PRIORITIES]


class Later:
    """A call that runs in its own thread with its own connection. `result()` waits for it."""

    def __init__(self, call) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._future = self._thread.submit(self._run, call)

    @staticmethod
    def _run(call):
        try:
            return call()
        finally:
            connection.close()

    def result(self):
        try:
            return self._future.result(timeout=120)
        finally:
            self._thread.shutdown()


def together(*calls) -> list:
    """Run the calls at the same time and return their results."""
    barrier = threading.Barrier(len(calls))

    def run(call):
        barrier.wait(timeout=60)
        return call()

    return [later.result() for later in [Later(lambda call=call: run(call)) for call in calls]]


def wait_until_blocked(seconds: float = 60, *, waiting: int = 1) -> None:
    """Wait until the given number of other connections wait for a lock."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # within a transaction it would always say the same
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()"
            )
            if cursor.fetchone()[0] >= waiting:
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits for a lock")


def signed_in(user) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def post(client: Client, version: int, order: tuple[str, ...], action: str = "save") -> int:
    form = {"version": version, "action": action} | {f"rank-{slug}": n for n, slug in enumerate(order, start=1)}
    return client.post(URL, form, HTTP_HX_REQUEST="true").status_code


def stored_order(government) -> tuple[str, ...]:
    places = Ballot.objects.get(government=government).working
    return tuple(sorted(places, key=places.__getitem__))


def test_of_two_delegates_saving_at_once_one_is_stored_and_one_is_told_a_hundred_times(world, count):
    rank(world.edition, world.member_a, *PRIORITIES)
    clients = signed_in(world.member_a), signed_in(world.delegate_a)
    orders = itertools.permutations(SLUGS)
    next(orders)  # the one that is stored
    rounds = [(next(orders), next(orders)) for _ in range(100)]
    barrier = threading.Barrier(2)
    answers: tuple[list[int], list[int]] = ([], [])
    stored = []

    def delegate(who: int) -> None:
        for number, orders in enumerate(rounds, start=1):
            barrier.wait(timeout=60)
            answers[who].append(post(clients[who], number, orders[who]))
            if barrier.wait(timeout=60) == 0:
                stored.append(stored_order(world.port))

    together(lambda: delegate(0), lambda: delegate(1))
    pairs = [tuple(sorted(pair)) for pair in zip(*answers, strict=True)]
    count("two delegates at once", pairs_of_saves=len(pairs), lost=len(pairs) - pairs.count((200, 409)))
    assert set(pairs) == {(200, 409)}
    assert stored == [pair[0 if first == 200 else 1] for pair, first in zip(rounds, answers[0], strict=True)]
    assert Ballot.objects.get().version == 101


def test_ten_equal_posts_at_once_are_one_save(world):
    clients = [signed_in(world.member_a) for _ in range(10)]
    answers = together(*[lambda client=client: post(client, 0, ("data", "workforce"), "cast") for client in clients])
    assert answers == [200] * 10
    assert Ballot.objects.get().version == 1
    assert Placement._meta.get_field("events").related_model.objects.count() == 2


def test_two_first_saves_at_once_make_one_ballot(world):
    clients = signed_in(world.member_a), signed_in(world.delegate_a)
    for _ in range(5):
        answers = together(lambda: post(clients[0], 0, ("data",)), lambda: post(clients[1], 0, ("workforce",)))
        assert sorted(answers) == [200, 409]
        assert Ballot.objects.get().version == 1
        Ballot.objects.all().delete()


def test_a_save_that_waited_for_another_across_the_close_is_refused(world, stop_database_clock):
    edition = open_edition(make_edition(2032))
    rank(edition, world.member_a, "Data")
    with transaction.atomic():
        Ballot.objects.select_for_update().get()
        saving = Later(lambda: rank(edition, world.delegate_a, "Workforce"))
        wait_until_blocked()
        stop_database_clock(edition.closes_at)
    with pytest.raises(WindowClosedError):
        saving.result()
    assert stored_order(world.port) == ("data",)


def test_a_save_that_waited_for_the_close_itself_is_refused(world):
    rank(world.edition, world.member_a, "Data")
    client = signed_in(world.delegate_a)
    with transaction.atomic():
        world.edition.close_now()
        saving = Later(lambda: post(client, 1, ("workforce",)))
        wait_until_blocked()
    assert saving.result() == 409
    assert stored_order(world.port) == ("data",)


def test_a_close_waits_for_the_save_in_flight_and_counts_it(world):
    with transaction.atomic():
        rank(world.edition, world.member_a, "Data")
        closing = Later(lambda: Edition.objects.get(year=2030).close_now())
        wait_until_blocked()
    closing.result()
    tally = Tally.objects.get_or_compute(Edition.objects.get(year=2030).list_of(Kind.PRIORITIES))
    assert tally.figures["used"] == 1
    assert Ballot.objects.get().updated_at < Edition.objects.get(year=2030).closes_at


def test_after_the_close_no_ballot_changes_and_every_accepted_save_is_stored(world):
    members = [world.member_a, world.member_b, *seat_governments(2)]
    orders = list(itertools.permutations(SLUGS[:4]))
    edition = Edition.objects.get(year=2030)
    acknowledged: dict[int, tuple[str, ...]] = {}
    ended = []
    closing, is_closed = threading.Event(), threading.Event()

    def keep_saving(member) -> None:
        since = 0
        for number in itertools.count():
            since += closing.is_set()
            if since == 20:  # savers who never pause hand the lock to each other, and the close waits for good
                is_closed.wait(timeout=60)
            order = orders[(number + member.pk) % len(orders)]
            try:
                rank(edition, member, *(PRIORITIES[SLUGS.index(slug)] for slug in order))
            except WindowClosedError:
                ended.append(member)
                return
            acknowledged[member.government_id] = order

    savers = [Later(lambda member=member: keep_saving(member)) for member in members]
    while len(acknowledged) < len(members):
        time.sleep(0.01)
    closing.set()
    Edition.objects.get(year=2030).close_now()
    is_closed.set()
    at_close = {ballot.government_id: (ballot.version, ballot.counted) for ballot in Ballot.objects.all()}
    for saver in savers:
        saver.result()
    assert len(ended) == 4
    after = {ballot.government_id: (ballot.version, ballot.counted) for ballot in Ballot.objects.all()}
    assert after == at_close
    assert {
        government: tuple(sorted(counted, key=counted.__getitem__)) for government, (_, counted) in after.items()
    } == acknowledged
    closes_at = Edition.objects.get(year=2030).closes_at
    assert not Ballot.objects.filter(updated_at__gt=closes_at).exists()


def test_forty_concurrent_writers_never_fill_more_than_64_seats(world):
    seat_governments(58)  # sixty are held now, and each writer wants two

    def take_two_seats(writer: int) -> int:
        taken = 0
        for number in range(2):
            for _ in range(200):
                try:
                    with connection.cursor() as cursor:
                        cursor.execute(
                            "INSERT INTO members_government"
                            " (name, slug, kind, state, form_of_government, it_structure, website, seat)"
                            " SELECT %s, %s, 'city', 'AZ', '', '', '', count(*) + 1"
                            " FROM members_government WHERE seat IS NOT NULL",
                            [f"Late {writer}", f"late-{writer}-{number}"],
                        )
                    taken += 1
                    break
                except IntegrityError as refused:
                    if "government_seat_1_to_64" in str(refused):
                        return taken
        return taken

    taken = together(*[lambda writer=writer: take_two_seats(writer) for writer in range(40)])
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), min(seat), max(seat), count(DISTINCT seat) FROM members_government")
        assert cursor.fetchone() == (64, 1, 64, 64)
    assert sum(taken) == 4


def test_sixteen_concurrent_readers_compute_one_tally(world):
    for member in (world.member_a, world.member_b, *seat_governments(10)):
        rank(world.edition, member, *PRIORITIES)
    edition = closed(world.edition)
    tallies = together(*[lambda: Tally.objects.get_or_compute(edition.list_of(Kind.PRIORITIES))] * 16)
    assert len({(tally.pk, tally.computed_at, tally.digest) for tally in tallies}) == 1
    events = Tally._meta.get_field("events").related_model.objects
    assert [event.pgh_label for event in events.all()] == ["insert"]


def test_publishing_and_reading_at_once_compute_one_tally_that_everybody_sees(world):
    for member in (world.member_a, world.member_b):
        rank(world.edition, member, *PRIORITIES)
    closed(world.edition)
    reader = signed_in(world.member_b)
    answers = together(
        lambda: publish(Edition.objects.get(year=2030)),
        *[lambda: reader.get("/2030/priorities/").status_code] * 4,
        *[lambda: reader.get("/2030/summary/").status_code] * 4,
    )
    assert answers == [None] + [200] * 8
    assert Tally.objects.count() == 2  # one for each list


def test_a_save_that_loses_a_deadlock_is_tried_again_and_stored(world):
    rank(world.edition, world.member_a, "Data", "Workforce")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL deadlock_timeout = '1min'")  # so that the other connection is the one to give way
        Placement.objects.select_for_update().get(entry__slug="data")
        saving = Later(lambda: rank(world.edition, world.delegate_a, "Workforce", "Data"))
        wait_until_blocked()  # it holds the ballot and wants the placement
        list(Ballot.objects.select_for_update())  # and here the other way round
    assert saving.result().version == 2
    assert stored_order(world.port) == ("workforce", "data")


def test_sixty_four_governments_saving_at_once_lose_nothing(world):
    members = [world.member_a, world.member_b, *seat_governments(62)]
    orders = {member.pk: PRIORITIES[n % 8 :] + PRIORITIES[: n % 8] for n, member in enumerate(members)}
    batches = [members[start::8] for start in range(8)]

    def save(batch) -> None:
        for member in batch:
            rank(world.edition, member, *orders[member.pk])

    together(*[lambda batch=batch: save(batch) for batch in batches])
    assert Ballot.objects.cast().count() == 64
    for ballot in Ballot.objects.with_placements().select_related("cast_by"):
        assert ballot.counted == {slug_for(title): n for n, title in enumerate(orders[ballot.cast_by_id], start=1)}


def test_a_stale_save_leaves_no_lock_behind(world):
    rank(world.edition, world.member_a, "Data")
    for _ in range(3):
        with pytest.raises(StaleError):
            Ballot.record(
                annual_list=world.edition.list_of(Kind.PRIORITIES),
                government=world.port,
                user=world.member_a,
                places={"workforce": 1},
                version=0,
            )
    assert together(lambda: rank(world.edition, world.delegate_a, "Workforce").version) == [2]
