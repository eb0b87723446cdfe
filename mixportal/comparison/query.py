from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.http import QueryDict

from members.models import Government
from mixportal.comparison.network import Network
from mixportal.results.splits import Part, get_part

MAX_GOVERNMENTS = 8
MAX_QUERY_LENGTH = 80


@dataclass(frozen=True)
class CompareQuery:
    governments: tuple[Government, ...] = ()
    part: Part | None = None
    sort: str = "network"
    descending: bool = False
    ignored: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def parse(cls, data: QueryDict, network: Network) -> "CompareQuery":
        ignored: list[str] = []
        chosen: list[Government] = []
        for slug in dict.fromkeys(data.getlist("g")):
            government = network.by_slug.get(slug)
            if government is None:
                if slug:
                    ignored.append(f"Nothing here is called “{printable(slug)}”.")
            elif government == network.own and network.own_row is not None:
                continue
            elif network.row_of(government) is None:
                ignored.append(f"{government} cast no ballot that orders anything.")
            elif len(chosen) == MAX_GOVERNMENTS:
                ignored.append(f"{government} was left out: at most {MAX_GOVERNMENTS} stand side by side.")
            else:
                chosen.append(government)
        cohort = data.get("cohort", "")
        part = get_part(cohort)
        if cohort and (part is None or part.key not in network.cohorts["parts"]):
            ignored.append(f"There is no cohort “{printable(cohort)}” to set beside the others.")
            part = None
        sort = data.get("sort", "")
        keys = {"network", "entry", "you", "cohort", *(government.slug for government in chosen)}
        key = sort.removeprefix("-") if sort.removeprefix("-") in keys else "network"
        return cls(
            governments=tuple(chosen),
            part=part,
            sort=key,
            descending=sort == f"-{key}",
            ignored=tuple(ignored[:MAX_GOVERNMENTS]),
        )

    def url_sorted_by(self, key: str) -> str:
        return replace(self, sort=key, descending=self.sort == key and not self.descending).url

    @property
    def sort_field(self) -> str:
        return f"-{self.sort}" if self.descending else "" if self.sort == "network" else self.sort

    @property
    def url(self) -> str:
        fields = [("g", government.slug) for government in self.governments]
        cohort = self.part.key if self.part else ""
        fields += [(name, value) for name, value in (("cohort", cohort), ("sort", self.sort_field)) if value]
        return f"?{urlencode(fields)}" if fields else ""


def printable(value: str) -> str:
    text = "".join(character for character in value if character.isprintable())
    return text if len(text) <= MAX_QUERY_LENGTH else f"{text[: MAX_QUERY_LENGTH - 1]}…"
