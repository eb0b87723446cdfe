"""The dialogue with many notes: an entry's page with 100, and the search over 5,000. Runs after bench_pages, in its database."""

from __future__ import annotations

import statistics

from tests.benchmarks.bench_pages import YEAR, count_queries, medians
from tests.benchmarks.result import Result, milliseconds, ratio

ROUNDS = 40
OF_ENTRY, IN_ALL = 100, 5_000
WORDS = "county budget council moved records network staff training vendor contract radio tower payroll permit".split()


def results() -> list[Result]:
    from django.db import connection
    from django.test import Client

    from members.models import User
    from mixportal.editions.models import AnnualList, Kind
    from mixportal.notes.models import Note
    from mixportal.pages.search import Search

    entries = list(AnnualList.objects.for_year(YEAR, Kind.PRIORITIES).entries.in_order().with_list())
    voters = list(User.objects.filter(role=User.Role.MEMBER).order_by("pk"))
    _write(entries[1:], voters, IN_ALL)
    _write(entries[:1], voters, OF_ENTRY - Note.objects.filter(entry=entries[0]).count())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    member = Client()
    member.post("/demo/sign-in/", {"persona": "member-a"})
    page = entries[0].get_absolute_url()
    took = medians({"constant": lambda: member.get("/constant/"), "entry": lambda: member.get(page)}, ROUNDS)
    user, asked = voters[0], []
    connection.force_debug_cursor = True
    for _ in range(ROUNDS // 4):
        before = len(connection.queries)
        search = Search({"q": "payroll tow"}, user)
        assert search.found
        assert search.note_counts["found"] > 100
        asked.append(1000 * sum(float(query["time"]) for query in connection.queries[before:]))
    connection.force_debug_cursor = False
    return [
        ratio(
            f"entry with {OF_ENTRY} notes, signed in", took["entry"], took["constant"], 8, count_queries(member, page)
        ),
        milliseconds(f"search of {IN_ALL:,} notes, in the database", statistics.median(asked), 50),
    ]


def _write(entries, voters, count: int) -> None:
    """Notes of 60 words by all governments in turn; every fifth answers the one before it."""
    from mixportal.editions.models import database_now
    from mixportal.notes.models import Note

    now = database_now()

    def made(number: int, reply_to=None):
        voter = voters[number % len(voters)]
        entry = reply_to.entry if reply_to else entries[number % len(entries)]
        return Note(
            entry=entry,
            about=entry.title,
            government=voter.government,
            author=voter,
            kind="note" if reply_to else ("question", "practice", "note")[number % 3],
            audience="members",
            reply_to=reply_to,
            created_at=now,
            body=" ".join(WORDS[(number * 7 + at * (1 + number % 5)) % len(WORDS)] for at in range(60)),
        )

    top = Note.objects.bulk_create(made(number) for number in range(count * 4 // 5))
    Note.objects.bulk_create(made(number + 1, top[number]) for number in range(count - len(top)))
