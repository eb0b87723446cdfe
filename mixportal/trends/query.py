from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from members.models import Government
from mixportal.comparison.cohorts import Cohort
from mixportal.comparison.query import printable
from mixportal.results.splits import SPLITS, Part, Split
from mixportal.trends.years import ListHistory


@dataclass(frozen=True)
class TrendQuery:
    government: Government | None
    part: Part | None
    entry: str
    is_own: bool
    governments: list[Government]
    cohorts: Mapping[int, Mapping[str, Cohort]]
    ignored: tuple[str, ...] = ()

    @classmethod
    def parse(cls, data: Mapping[str, str], history: ListHistory) -> "TrendQuery":
        user, ignored = history.user, []
        governments, cohorts = history.governments(), history.cohorts()
        slug, key, entry = (data.get(name, "").strip() for name in ("g", "cohort", "entry"))
        government = next((each for each in governments if each.slug == slug), None)
        if slug and government is None:
            if history.is_insider:
                ignored.append(f"Nothing here is called “{printable(slug)}”, or it has cast no ballot that is closed.")
            else:
                ignored.append("The places that a single government gave are for members of MIX.")
        part = next((parts[key].part for parts in cohorts.values() if key in parts), None)
        if key and part is None:
            ignored.append(f"There is no cohort “{printable(key)}” to show.")
        elif part and government:
            ignored.append("Either a government or a cohort can be shown: the government is.")
            part = None
        own = user.government_id if user.is_authenticated else None
        return cls(
            government=government,
            part=part,
            entry=printable(entry),
            is_own=government is not None and government.pk == own,
            governments=governments,
            cohorts=cohorts,
            ignored=tuple(ignored),
        )

    @property
    def is_network(self) -> bool:
        return self.government is None and self.part is None

    @property
    def parts(self) -> list[tuple[Split, list[Part]]]:
        known = {key: cohort.part for cohorts in self.cohorts.values() for key, cohort in cohorts.items()}
        by_split = [(split, [part for part in known.values() if part.split is split]) for split in SPLITS]
        return [(split, sorted(parts, key=_order)) for split, parts in by_split if parts]

    @property
    def url(self) -> str:
        return self.url_with_entry(self.entry)

    def url_with_entry(self, entry: str) -> str:
        government, cohort = self.government and self.government.slug, self.part and self.part.key
        fields = {"g": government, "cohort": cohort, "entry": entry}
        given = {name: value for name, value in fields.items() if value}
        return f"?{urlencode(given)}" if given else ""


def _order(part: Part) -> tuple[int, int]:
    return list(part.split.words).index(part.values[0]), len(part.values)
