from typing import Any

from django.db.models import Exists, F, Func, JSONField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from members.models import Government, Viewer
from mixportal.ballots.models import Ballot, Placement
from mixportal.editions.models import Edition, EditionQuerySet, Kind
from mixportal.results.models import Tally
from mixportal.tables.values import grouped


def years_of(
    government: Government, editions: list[Edition], user: Viewer
) -> list[tuple[Edition, list[dict[str, object]]]]:
    """Ask one query. `editions` come from `with_part_of`."""
    shown = [edition for edition in editions if _can_see_turnout(edition, government, user)]
    placements = _placements(government, shown, user)
    return [(edition, [_part(kind, edition, government, placements) for kind in Kind]) for edition in shown]


def with_part_of(editions: EditionQuerySet, government: Government) -> EditionQuerySet:
    """Annotate `cast_<kind>` and `roster_<kind>`: None without a tally, empty without a seat."""
    on_roster = Func(
        F("roster"),
        Value("$[*] ? (@.id == $id)"),
        Value({"id": government.pk}, JSONField()),
        function="jsonb_path_query_first",
        output_field=JSONField(),
    )
    parts: dict[str, Any] = {}
    for kind in Kind:
        of_list = {"annual_list__edition": OuterRef("pk"), "annual_list__kind": kind}
        tally = Tally.objects.filter(**of_list).order_by("-number")
        parts[f"cast_{kind.value}"] = Exists(Ballot.objects.cast().filter(government=government, **of_list))
        parts[f"roster_{kind.value}"] = Subquery(
            tally.values(entry=Coalesce(on_roster, Value({}, JSONField())))[:1],
            output_field=JSONField(),
        )
    return editions.annotate(**parts)


def _can_see_turnout(edition: Edition, government: Government, user: Viewer) -> bool:
    if edition.is_drafting or not edition.was_ranked:
        return False
    if edition.is_published or (user.is_authenticated and user.is_insider):
        return True
    return edition.is_closed and user.is_authenticated and user.is_leader and user.government_id == government.pk


def _part(
    kind: Kind,
    edition: Edition,
    government: Government,
    placements: dict[tuple[int, str], list[Placement]],
) -> dict[str, object]:
    if edition.is_open:
        was_seated, has_cast = government.seat is not None, getattr(edition, f"cast_{kind.value}")
    else:
        row = getattr(edition, f"roster_{kind.value}")
        if row is None:
            roster = Tally.objects.get_or_compute(edition.list_of(kind)).roster
            row = next((each for each in roster if each["id"] == government.pk), {})
        was_seated, has_cast = bool(row), row.get("cast", False)
    own = placements.get((edition.pk, kind.value), []) if has_cast else []
    return {"kind": kind, "was_seated": was_seated, "has_cast": has_cast, "placements": own}


def _placements(
    government: Government, editions: list[Edition], user: Viewer
) -> dict[tuple[int, str], list[Placement]]:
    closed = [edition.pk for edition in editions if not edition.is_open]
    ballots = Ballot.objects.visible_to(user).cast().filter(government=government, annual_list__edition__in=closed)
    ranked = Placement.objects.filter(ballot__in=ballots, cast_place__isnull=False)
    in_order = ranked.select_related("entry__annual_list").order_by("cast_place", "entry__position")
    lists = ((placement.entry.annual_list, placement) for placement in in_order)
    return grouped(((annual_list.edition_id, annual_list.kind), placement) for annual_list, placement in lists)
