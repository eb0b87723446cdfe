from collections.abc import Sequence
from dataclasses import dataclass

from mixportal.ballots import order
from mixportal.ballots.models import Ballot
from mixportal.editions.lineage import LineageLink, links_between
from mixportal.editions.models import Entry


@dataclass(frozen=True)
class EarlierOrder:
    year: int
    places: order.Places
    links: list[LineageLink]

    @property
    def rows(self) -> list[tuple[int, Entry, str]]:
        return [
            (
                self.places[link.later.slug],
                link.later,
                "" if link.earlier.title.casefold() == link.later.title.casefold() else link.earlier.title,
            )
            for link in self.links
        ]


def follow(ballot: Ballot, entries: Sequence[Entry]) -> EarlierOrder:
    """Give entries the best place of those that they continue or were merged from."""
    counted = ballot.counted
    earlier = [placement.entry for placement in ballot.placements.all() if placement.cast_place]
    best: dict[str, LineageLink] = {}
    for link in links_between(earlier, entries):
        known = best.get(link.later.slug)
        if known is None or counted[link.earlier.slug] < counted[known.earlier.slug]:
            best[link.later.slug] = link
    places = order.renumber({slug: counted[link.earlier.slug] for slug, link in best.items()})
    return EarlierOrder(ballot.edition.year, places, sorted(best.values(), key=lambda link: places[link.later.slug]))
