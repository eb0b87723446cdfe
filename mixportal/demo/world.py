import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.utils.text import slugify

from members.models import NOTICE_VERSION, Government, User

DATA = Path(__file__).parent / "data"
A, B = "port-merrow-county", "halloran-county"
POPULATION_YEAR = 2024
CONTACT_INTERVAL = 3
EASTERN = ZoneInfo("America/New_York")
CONSENT = {"consented_at": datetime(2026, 11, 22, 9, tzinfo=EASTERN), "consent_version": NOTICE_VERSION}
OLD_CONSENT = {"consented_at": datetime(2024, 6, 3, 10, tzinfo=EASTERN), "consent_version": "2024-05-20"}


class Seat(NamedTuple):
    government: Government
    voters: list[User]  # the member, and the delegate if there is one
    leader: User | None

    @property
    def member(self) -> User:
        return self.voters[0]

    def caster(self, index: int) -> User:
        return self.voters[-1] if index % 4 == 3 else self.member


class Persona(NamedTuple):
    key: str
    role: str
    what: str
    person: User | None = None

    @property
    def name(self) -> str:
        return self.person.name if self.person else "a visitor"

    @property
    def who(self) -> str:
        if self.person is None:
            return self.name
        government = [self.person.government.name] if self.person.government else []
        return ", ".join([self.name, self.role, *government])


@dataclass(frozen=True)
class World:
    seats: Mapping[str, Seat]
    curator: User
    former_member: User

    @property
    def governments(self) -> list[Government]:
        return [seat.government for seat in self.seats.values()]

    @property
    def personas(self) -> list[Persona]:
        a, b = self.seats[A], self.seats[B]
        return [
            Persona("member-a", "member", "Starts with a saved ballot of priorities, not yet cast.", a.member),
            Persona("delegate-a", "delegate", "Works on the same ballot as the member.", a.voters[1]),
            Persona("leader-a", "leader", "Reads in plain language, and can change nothing.", a.leader),
            Persona("member-b", "member", "Starts with a ballot of priorities that is cast.", b.member),
            Persona("curator", "curator", "Makes the lists, opens, closes and publishes the editions.", self.curator),
            Persona("former-member", "former member", "Sees what any visitor sees.", self.former_member),
            Persona("visitor", "visitor", "Nobody is signed in."),
        ]


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def build_world() -> World:
    seats = [_seat(number, row) for number, row in enumerate(rows_of(DATA / "governments.csv"), start=1)]
    former_title = "Chief Information Officer of Port Merrow County until 2025"
    return World(
        seats={seat.government.slug: seat for seat in seats},
        curator=_user("Adaeze Lindholm", "Curator of the list", "mix.example", is_staff=True, is_superuser=True),
        former_member=_user("Stanley Overgaard", former_title, "mix.example"),
    )


def _seat(number: int, row: dict[str, str]) -> Seat:
    people = {role: (row.pop(role), row.pop(f"{role}_title")) for role in ("member", "delegate", "leader")}
    slug = slugify(row["name"])
    domain = f"{slug.removesuffix('-county')}.example"
    government = Government(seat=number, slug=slug, population_year=POPULATION_YEAR, website=f"https://{domain}", **row)
    government.clean_fields()  # converts numbers
    agreed = OLD_CONSENT if slug == B else CONSENT
    users = {
        role: _user(name, title, domain, government=government, role=role, **({} if role == "leader" else agreed))
        for role, (name, title) in people.items()
        if name
    }
    if number % CONTACT_INTERVAL == 1:
        users["member"].phone = f"202-555-01{number - 1:02}"
        users["member"].shows_email = number % 2 == 1
    return Seat(government, [users[role] for role in ("member", "delegate") if role in users], users.get("leader"))


def _user(name: str, title: str, domain: str, **fields: Any) -> User:
    email = f"{'.'.join(map(slugify, name.split()))}@{domain}"
    return User(name=name, title=title, email=email, password=make_password(None), **fields)
