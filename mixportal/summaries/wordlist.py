import re
from dataclasses import dataclass
from functools import cache, lru_cache


@dataclass(frozen=True)
class Term:
    """`also` are regular expressions."""

    name: str
    meaning: str
    also: tuple[str, ...] = ()
    acronyms: tuple[str, ...] = ()


TERMS = (
    Term("311", "The number to call a city or county about anything that is no emergency."),
    Term("911", "The number to call in an emergency, and the equipment that answers it."),
    Term("Application", "A program that does one job, such as issuing permits.", ("applications",)),
    Term("Artificial intelligence", "Programs that write, sort or predict from examples.", acronyms=("AI",)),
    Term("Backup", "A second copy of what computers hold, kept apart.", ("backups",)),
    Term("Broadband", "A fast connection to the internet."),
    Term("Chatbot", "A program that answers questions in writing.", ("chatbots",)),
    Term("CIO", "Chief information officer: who answers for a government’s technology.",
         ("chief information officers?", "CIOs"), ("CIO", "CIOs")),
    Term("Cloud", "Computers of a supplier, rented and used over the internet.", ("hosted services?",)),
    Term("Data center", "The rooms where a government’s computers run.", ("data centers",)),
    Term("Dispatch", "Taking emergency calls and sending help.", ("dispatch centers?",)),
    Term("Encryption", "Scrambling information so that only those with the key can read it.", ("encrypted",)),
    Term("Enterprise system", "One large program for the whole government, such as payroll and accounts.",
         ("enterprise systems", "ERP"), ("ERP",)),
    Term("GIS", "Geographic information system: maps that hold facts about each place.",
         ("geographic information systems?",), ("GIS",)),
    Term("Infrastructure", "The networks, machines and buildings that everything else runs on."),
    Term("Internet of things", "Equipment that reports or is steered over a network.", ("IoT",), ("IoT", "IOT")),
    Term("IT", "Information technology: computers, networks, programs, and those who run them.",
         ("information technology",), ("IT",)),
    Term("Legacy system", "An old program still in use because the work depends on it.", ("legacy systems?",)),
    Term("Machine learning", "Programs that find rules in examples instead of being told them."),
    Term("Multi-factor sign-in", "Signing in with a second proof, such as a code on a telephone.",
         ("multi-?factor authentication", "MFA", "stronger sign-in"), ("MFA",)),
    Term("Open data", "Public records put where everybody may read and use them."),
    Term("Phishing", "Mail that pretends to come from somebody you trust."),
    Term("Pilot", "A trial on a small scale, before money is spent on a large one.", ("pilots", "small trials")),
    Term("Portfolio", "All the systems and projects that one department looks after.", ("portfolios",)),
    Term("Radio core", "The equipment that all radios of a public safety system depend on.", ("radio cores",)),
    Term("Ransomware", "A program that locks up a computer’s records until money is paid."),
    Term("Sensor", "A device that measures something, such as water or traffic, and reports it.", ("sensors",)),
    Term("Shadow IT", "Technology that a department buys or uses without the technology office."),
    Term("Smart city", "Using connected equipment to run streets, water or parking better.", ("smart cities",)),
    Term("Subscription", "Paying by month or year for a program instead of buying it.", ("subscriptions",)),
    Term("Zero trust", "Checking every access anew, from inside the building as well."),
)  # fmt: skip

ACRONYMS = frozenset(acronym for term in TERMS for acronym in term.acronyms)


@lru_cache(maxsize=64)
def terms_in(text: str, titles: tuple[str, ...] = ()) -> tuple[Term, ...]:
    own = {title.casefold() for title in titles}
    return tuple(term for term in TERMS if term.name.casefold() not in own and _pattern(term).search(text))


@cache
def _pattern(term: Term) -> re.Pattern[str]:
    spellings = "|".join((re.escape(term.name), *term.also))
    # "it" is not IT.
    return re.compile(rf"(?<![\w-])(?:{spellings})(?![\w-])", 0 if term.name.isupper() else re.I)
