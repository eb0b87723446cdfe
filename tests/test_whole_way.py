"""The portal's main job from end to end: a list comes in, governments rank it, the window closes, and leaders read what came of it."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.test import Client

from members.models import User
from mixportal.editions.models import Edition, Phase, database_now
from tests.curating import do
from tests.reading import page, text
from tests.worlds import make_government

PASTED = """\
What keeps us busy in 2031
Written down at the autumn meeting, and pasted here whole.

PRIORITIES

• Old Systems – Replacing what nobody dares to switch off,
  one system a year.
• Safe Networks — Keeping strangers out; noticing when one got in.
* Good Data: Kept once, described well.
- Broadband – Lines to every household.
- Smart Lamps - Lampposts that count.

Challenges

1. Thin Budgets – Less money each year.
2. Few Applicants – Nobody answers our advertisements.

The author has written about cities since 1999.
"""

# Three ballots, and what they come to by hand. Equal places share the places they stand for, and so do those left blank:
#                 Alder Falls   Birch Harbor   Cedar County
# Old Systems     1             2 and 3: 2.5   2              5.5 in all, 1.83 on average
# Safe Networks   2             1              3              6           2
# Good Data       3 to 5: 4     2 and 3: 2.5   1              7.5         2.5
# Broadband       3 to 5: 4     4              5              13          4.33
# Smart Lamps     3 to 5: 4     5              4              13          4.33
BALLOTS = {
    "alder-falls": {"old-systems": 1, "safe-networks": 2},
    "birch-harbor": {"safe-networks": 1, "old-systems": 3, "good-data": 3, "broadband": 8, "smart-lamps": 9},
    "cedar-county": {"good-data": 1, "old-systems": 2, "safe-networks": 3, "smart-lamps": 4, "broadband": 5},
}
TALLY = [
    ("1", "no", "old-systems", round(5.5 / 3, 6)),
    ("2", "no", "safe-networks", 2),
    ("3", "no", "good-data", 2.5),
    ("4", "yes", "broadband", round(13 / 3, 6)),
    ("4", "yes", "smart-lamps", round(13 / 3, 6)),
]
BASE = "/2031/priorities"


@pytest.fixture
def people(db):
    """A member of each of three seated governments, by slug; a curator, and a leader of the first."""
    governments = [make_government(name, seat) for seat, name in enumerate(("Alder Falls", "Birch Harbor"), start=1)]
    governments.append(make_government("Cedar County", 3, kind="county"))
    people = {
        government.slug: User.objects.create_user(
            f"cio@{government.slug}.example", name=f"CIO of {government}", role="member", government=government
        )
        for government in governments
    }
    people["leader"] = User.objects.create_user(
        "mayor@alder-falls.example", name="Mayor", role="leader", government=governments[0]
    )
    return people | {"curator": User.objects.create_superuser("curator@mix.example", name="Cora Curator")}


def test_the_whole_way_from_a_pasted_list_to_the_page_that_leaders_read(people, sign_in, tmp_path):
    # A curator pastes the list in and sets the window.
    pasted = tmp_path / "list.txt"
    pasted.write_text(PASTED, encoding="utf-8")
    call_command("import_list", "2031", str(pasted), stdout=io.StringIO())
    edition = Edition.objects.get(year=2031)
    assert edition.is_drafting
    curator = sign_in(people["curator"])
    now = database_now().astimezone(ZoneInfo("America/New_York"))
    window = {"opens_at": f"{now:%Y-%m-%dT%H:%M}", "closes_at": f"{now + timedelta(days=5):%Y-%m-%dT%H:%M}"}
    assert curator.post(f"/admin/editions/edition/{edition.pk}/desk/mail/").status_code == 302
    assert do(curator, edition, "window", **window).status_code == 200
    assert phase() is Phase.OPEN

    # Three governments rank: one in part, one with ties and gaps, one in full.
    for government, places in BALLOTS.items():
        member = sign_in(people[government])
        assert "Nothing ranked yet" in body(member.get(f"{BASE}/ballot/"))
        posted = {"version": 0, "action": "cast", "consent": "yes"} | {
            f"rank-{slug}": place for slug, place in places.items()
        }
        assert member.post(f"{BASE}/ballot/", posted).status_code == 302
        assert "Cast, counts as it stands" in body(member.get(f"{BASE}/ballot/"))
        assert member.get(f"{BASE}/results.csv").status_code == 404
        assert member.get(f"{BASE}/ballots.csv").status_code == 404

    # The curator closes the ballots; the network sees who ranked what, and nobody else sees anything yet.
    do(curator, edition, "close")
    assert phase() is Phase.CLOSED
    member, leader, visitor = sign_in(people["birch-harbor"]), sign_in(people["leader"]), Client()
    late = member.post(f"{BASE}/ballot/", {"version": 1, "action": "cast", "rank-smart-lamps": 1})
    assert late.status_code == 409
    ballots = member.get(f"{BASE}/ballots.csv").content.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(ballots))) == [
        ["government", "old-systems", "safe-networks", "good-data", "broadband", "smart-lamps"],
        ["alder-falls", "1", "2", "", "", ""],
        ["birch-harbor", "2", "1", "2", "4", "5"],
        ["cedar-county", "2", "3", "1", "5", "4"],
    ]
    assert tally(member) == TALLY
    for address in ("/2031/", "/2031/summary/", f"{BASE}/", f"{BASE}/results.csv"):
        assert visitor.get(address).status_code == 404
    assert visitor.get(f"{BASE}/ballots.csv").status_code == 302  # whatever the year
    assert leader.get(f"{BASE}/ballots.csv").status_code == 404

    # It is published: leaders and visitors read what the network found.
    do(curator, edition, "publish")
    assert phase() is Phase.PUBLISHED
    for reader in (leader, visitor):
        summary = body(reader.get("/2031/summary/"))
        assert "Old Systems comes first" in summary
        assert "3 of 3 governments took part" in summary
        assert "Replacing what nobody dares to switch off, one system a year." in summary
        order = [row["slug"] for row in rows(reader.get(f"{BASE}/results.csv"))]
        assert order == [slug for _, _, slug, _ in TALLY]
    assert "Old Systems comes first" in body(visitor.get("/"))
    assert tally(member) == TALLY

    # Anyone of the network can count the ballots again, by the same code and without the portal's database.
    downloaded, recount = tmp_path / "ballots.csv", io.StringIO()
    downloaded.write_text(ballots, encoding="utf-8")
    call_command("tally", str(downloaded), "--json", stdout=recount)
    counted = json.loads(recount.getvalue())
    averages = dict(zip(counted["alternatives"], counted["average_place"], strict=True))
    assert averages == pytest.approx({slug: average for _, _, slug, average in TALLY}, abs=1e-6)
    assert sorted(averages, key=averages.__getitem__) == [slug for _, _, slug, _ in TALLY]


def phase() -> Phase:
    return Edition.objects.get(year=2031).phase


def body(answer) -> str:
    assert answer.status_code == 200
    return text(page(answer))


def rows(answer) -> list[dict[str, str]]:
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def tally(client: Client) -> list[tuple[str, str, str, float]]:
    return [
        (row["place"], row["joint"], row["slug"], round(float(row["average_place"]), 6))
        for row in rows(client.get(f"{BASE}/results.csv"))
    ]
