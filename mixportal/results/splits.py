from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from mixportal.consensus import disclosure
from mixportal.tables.text import listed, sentence

RosterRow: TypeAlias = Mapping[str, Any]  # JSON: the facts of a government at the close

MIN_BALLOTS_FOR_COHORT = 10  # in each public part

UNKNOWN = ""


@dataclass(frozen=True)
class Part:
    """Governments whose `fact` has one of `values`. Only public parts have several."""

    split: "Split"
    values: tuple[str, ...]

    @property
    def key(self) -> str:
        return f"{self.split.key}-{'+'.join(self.values)}"

    @property
    def words(self) -> str:
        return listed([self.split.words[value] for value in self.values])

    @property
    def title(self) -> str:
        return sentence(self.words)

    def holds(self, government: RosterRow) -> bool:
        return (government[self.split.fact] or UNKNOWN) in self.values


@dataclass(frozen=True, eq=False)
class Split:
    key: str
    title: str
    by: str
    fact: str
    words: Mapping[str, str]
    in_a_row: bool = False  # only neighboring parts may be merged

    @property
    def parts(self) -> list[Part]:
        return [Part(self, (value,)) for value in self.words]


SPLITS = (
    Split(
        "kind",
        "Cities and counties",
        "kind",
        "kind",
        {
            "city": "cities",
            "county": "counties",
            "consolidated": "consolidated governments",
            "other": "others",
        },
    ),
    Split(
        "population",
        "Population",
        "population",
        "band",
        {
            "small": "governments of under 250,000 people",
            "medium": "governments of 250,000 to 750,000 people",
            "large": "governments of more than 750,000 people",
            UNKNOWN: "governments whose population is not recorded",
        },
        in_a_row=True,
    ),
    Split(
        "form",
        "Form of government",
        "form of government",
        "form",
        {
            "council_manager": "council-manager governments",
            "mayor_council": "mayor-council governments",
            "commission": "commission governments",
            "county_executive": "governments with a county executive",
            "county_administrator": "governments with a county administrator",
            "other": "governments of another form",
            UNKNOWN: "governments whose form is not recorded",
        },
    ),
    Split(
        "region",
        "Census region",
        "census region",
        "region",
        {
            "northeast": "governments in the Northeast",
            "midwest": "governments in the Midwest",
            "south": "governments in the South",
            "west": "governments in the West",
        },
    ),
    Split(
        "structure",
        "How IT is organized",
        "how IT is organized",
        "it_structure",
        {
            "centralized": "governments with centralized IT",
            "federated": "governments with federated IT",
            "decentralized": "governments with decentralized IT",
            UNKNOWN: "governments whose IT structure is not recorded",
        },
    ),
)


def get_part(key: str) -> Part | None:
    return next((part for split in SPLITS for part in split.parts if part.key == key), None)


def members_of(part: Part, governments: Sequence[RosterRow]) -> list[bool]:
    return [part.holds(government) for government in governments]


def parts_of(split: Split, governments: Sequence[RosterRow]) -> list[Part]:
    found = [part for part in split.parts if any(members_of(part, governments))]
    return found if len(found) > 1 else []


def public_parts(governments: Sequence[RosterRow], *, seed: int) -> dict[str, list[Part]]:
    """Return the parts that leaders and visitors may see, by split.

    Merge small parts until each has MIN_BALLOTS_FOR_COHORT. If a split would together with those
    before it reveal figures of fewer ballots, merge it further, and finally leave it out.
    """
    shown: dict[str, list[Part]] = {}
    indicators: list[list[bool]] = []
    for split in SPLITS:
        singles = split.parts
        sizes = [sum(members_of(part, governments)) for part in singles]
        groups = disclosure.merged(sizes, MIN_BALLOTS_FOR_COHORT, in_a_row=split.in_a_row)
        while groups:
            parts = [Part(split, tuple(singles[number].values[0] for number in group)) for group in groups]
            added = [members_of(part, governments) for part in parts]
            if not disclosure.isolates_few_ballots([*indicators, *added], MIN_BALLOTS_FOR_COHORT, seed=seed):
                shown[split.key] = parts
                indicators += added
                break
            groups = disclosure.coarser(sizes, groups, in_a_row=split.in_a_row) if len(groups) > 2 else []
    return shown
