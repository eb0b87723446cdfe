from dataclasses import dataclass
from datetime import date, datetime

from mixportal.editions.models import Edition, Entry, Phase
from mixportal.summaries import plain_language
from mixportal.summaries.wordlist import ACRONYMS

PHASES = (
    (Phase.DRAFTING, "Drafting"),
    (Phase.OPEN, "Open"),
    (Phase.CLOSED, "Closed"),
    (Phase.PUBLISHED, "Published"),
)


@dataclass(frozen=True)
class PhaseStep:
    name: str
    state: str  # past, present or coming
    when: datetime | date | None


def phase_steps(edition: Edition) -> list[PhaseStep]:
    begins = (None, edition.opens_at, edition.closes_at, edition.published_at)
    now = [phase for phase, _ in PHASES].index(edition.phase)
    steps = []
    for number, ((_, name), when) in enumerate(zip(PHASES, begins, strict=True)):
        if edition.is_published and not edition.was_ranked and 0 < number < 3:
            continue
        state = "past" if number < now else "present" if number == now else "coming"
        steps.append(PhaseStep(name, state, when))
    return steps


@dataclass(frozen=True)
class TextForLeaders:
    name: str
    entry: Entry
    reading: plain_language.Readability


def texts_for_leaders(edition: Edition) -> list[TextForLeaders]:
    texts = []
    for entry in (
        Entry.objects.filter(annual_list__edition=edition).order_by("-annual_list__kind", "position").with_list()
    ):
        for name, text in (
            ("in plain words", entry.in_plain_words),
            (entry.kind.for_leaders_heading.lower(), entry.for_leaders),
        ):
            if text.strip():
                texts.append(TextForLeaders(name, entry, plain_language.readability_of(text, ACRONYMS)))
    return texts
