from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
POPULATION_YEAR = 2024

SMALL_UNDER, LARGE_ABOVE = 250_000, 750_000


@dataclass(frozen=True)
class Person:
    name: str
    title: str
    email: str


@dataclass(frozen=True)
class InventedGovernment:
    seat: int
    slug: str
    name: str
    kind: str
    state: str
    population: int
    form_of_government: str
    it_structure: str
    it_staff: float
    annual_it_budget: int
    website: str
    member: Person
    delegate: Person | None
    leader: Person | None

    @property
    def cohort(self) -> str:
        band = "small" if self.population < SMALL_UNDER else "large" if self.population > LARGE_ABOVE else "medium"
        return f"{self.kind} {band}"


@dataclass(frozen=True)
class Persona:
    key: str
    role: str
    what: str
    person: Person | None = None
    government: InventedGovernment | None = None

    @property
    def name(self) -> str:
        return self.person.name if self.person else "a visitor"

    @property
    def who(self) -> str:
        parts = [
            self.name,
            *([self.role] if self.person else []),
            *([self.government.name] if self.government else []),
        ]
        return ", ".join(parts)


@dataclass(frozen=True)
class World:
    governments: tuple[InventedGovernment, ...]
    curator: Person
    former_member: Person
    government_a: InventedGovernment
    government_b: InventedGovernment
    personas: tuple[Persona, ...]


@cache
def build_world() -> World:
    with (DATA / "governments.csv").open(encoding="utf-8", newline="") as file:
        governments = tuple(_government(seat, row) for seat, row in enumerate(csv.DictReader(file), start=1))
    by_slug = {government.slug: government for government in governments}
    a, b = by_slug["port-merrow-county"], by_slug["halloran-county"]
    curator = Person("Adaeze Lindholm", "Curator of the list", "adaeze.lindholm@mix.example")
    former_member = Person(
        "Stanley Overgaard",
        "Chief Information Officer of Port Merrow County until 2025",
        "stanley.overgaard@mix.example",
    )
    personas = (
        Persona(
            "member-a",
            "member",
            "Starts with a saved ballot of priorities, not yet cast.",
            a.member,
            a,
        ),
        Persona("delegate-a", "delegate", "Works on the same ballot as the member.", a.delegate, a),
        Persona("leader-a", "leader", "Reads in plain language, and can change nothing.", a.leader, a),
        Persona("member-b", "member", "Starts with a ballot of priorities that is cast.", b.member, b),
        Persona(
            "curator",
            "curator",
            "Makes the lists, opens, closes and publishes the editions.",
            curator,
        ),
        Persona("former-member", "former member", "Sees what any visitor sees.", former_member),
        Persona("visitor", "visitor", "Nobody is signed in."),
    )
    return World(governments, curator, former_member, a, b, personas)


def _government(seat: int, row: dict[str, str]) -> InventedGovernment:
    slug = _slug(row["name"])
    domain = f"{slug.removesuffix('-county')}.example"

    def person(role: str) -> Person | None:
        name = row[role]
        address = ".".join(_slug(part) for part in name.split())
        return Person(name, row[f"{role}_title"], f"{address}@{domain}") if name else None

    member = person("member")
    assert member, f"{row['name']} has no member"
    return InventedGovernment(
        seat=seat,
        slug=slug,
        name=row["name"],
        kind=row["kind"],
        state=row["state"],
        population=int(row["population"]),
        form_of_government=row["form_of_government"],
        it_structure=row["it_structure"],
        it_staff=float(row["it_staff"]),
        annual_it_budget=int(row["annual_it_budget"]),
        website=f"https://{domain}",
        member=member,
        delegate=person("delegate"),
        leader=person("leader"),
    )


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
