from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from members.access import Audience, UserRequest, open_to
from members.second_factor import is_proved, lead_to_proof
from mixportal.editions.kinds import Kind
from mixportal.editions.shortcuts import list_or_404
from mixportal.results.certainty import Certainty
from mixportal.results.models import Tally
from mixportal.results.results import Results, results_for
from mixportal.tables.writer import csv_response

RESULT_COLUMNS = (
    "place joint slug title average_place interval_low interval_high top3 ranked_by ballots q1 median q3 "
    "polarisation word"
).split()
LIST_COLUMNS = (
    "position",
    "title",
    "slug",
    "short",
    "description",
    "in_plain_words",
    "for_leaders",
)


@open_to(Audience.EVERYONE, stored=True)
def certainty(request: HttpRequest, year: int, kind: Kind) -> HttpResponse:
    results = _results_or_404(request, year, kind)
    context = {
        "edition": results.edition,
        "kind": results.kind,
        "results": results,
        "certainty": Certainty(results) if results.shows_figures else None,
    }
    return render(request, "results/certainty.html", context)


@open_to(Audience.EVERYONE, stored=True)
def results_csv(request: HttpRequest, year: int, kind: Kind) -> HttpResponse:
    results = _results_or_404(request, year, kind)
    figures, rows = results.figures, []
    for row in results.rows:
        at = row.index
        shown: list[object] = [None] * 11
        if results.shows_figures:
            shown = [
                row.average, figures["interval_low"][at], figures["interval_high"][at],
                row.top3_count.figure, row.ranked_by_count.figure, results.used,
                figures["q1"][at], figures["median"][at], figures["q3"][at],
                results.tally.figures["polarisation"][at] if results.is_insider else None, row.word_or_few,
            ]  # fmt: skip
        rows.append([row.place, "yes" if row.joint else "no", row.entry.slug, row.entry.title, *shown])
    response = csv_response(f"mix-{year}-{kind.value}-results.csv", RESULT_COLUMNS, rows)
    return _open_data(response, is_public=results.edition.is_published and not results.is_insider)


@open_to(Audience.EVERYONE, stored=True)
def results_json(request: HttpRequest, year: int, kind: Kind) -> HttpResponse:
    results = _results_or_404(request, year, kind)
    figures = results.data | {
        "year": year,
        "kind": kind.value,
        "governments_cast": results.cast,
        "governments_seated": results.seats,
        "computed_at": results.tally.computed_at,
        "count": results.tally.number,
        "counted_again_because": results.tally.reason or None,
    }
    response = _json_response(f"mix-{year}-{kind.value}-results.json", figures)
    return _open_data(response, is_public=results.edition.is_published and not results.is_insider)


@open_to(Audience.EVERYONE, stored=True)
def list_csv(request: HttpRequest, year: int, kind: Kind) -> HttpResponse:
    annual_list = list_or_404(request, year, kind)
    rows = annual_list.entries.in_order().values_list(*LIST_COLUMNS)
    response = csv_response(f"mix-{year}-{kind.value}.csv", LIST_COLUMNS, rows)
    return _open_data(response, is_public=annual_list.edition.is_published)


@open_to(Audience.EVERYONE, stored=True)
def list_json(request: HttpRequest, year: int, kind: Kind) -> HttpResponse:
    annual_list = list_or_404(request, year, kind)
    listed = {
        "year": year,
        "kind": kind.value,
        "entries": list(annual_list.entries.in_order().values(*LIST_COLUMNS)),
    }
    response = _json_response(f"mix-{year}-{kind.value}.json", listed)
    return _open_data(response, is_public=annual_list.edition.is_published)


def _json_response(name: str, data: dict[str, object]) -> HttpResponse:
    data["license"] = {"name": settings.DATA_LICENSE_NAME, "url": settings.DATA_LICENSE_URL}
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False})
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@open_to(Audience.INSIDERS)
def ballots_csv(request: UserRequest, year: int, kind: Kind) -> HttpResponse:
    annual_list = list_or_404(request, year, kind)
    slugs = [entry.slug for entry in annual_list.entries.in_order()]
    if not (annual_list.edition.has_results and slugs):
        raise Http404
    if not request.user.is_voter and not is_proved(request):  # a curator gets every ballot by name
        return lead_to_proof(request, request.get_full_path())
    ballots = Tally.objects.counted_ballots(annual_list, request.user)
    rows = [[ballot.government.slug, *map(ballot.counted.get, slugs)] for ballot in ballots]
    return csv_response(f"mix-{year}-{kind.value}-ballots.csv", ["government", *slugs], rows)


def _open_data(response: HttpResponse, *, is_public: bool) -> HttpResponse:
    """Add the license link (RFC 8288), and let any site read what is public."""
    if is_public:
        response["Access-Control-Allow-Origin"] = "*"
    response["Link"] = f'<{settings.DATA_LICENSE_URL}>; rel="license"'
    return response


def _results_or_404(request: HttpRequest, year: int, kind: Kind) -> Results:
    results = results_for(list_or_404(request, year, kind), request.user, requested_tally_number(request))
    if results is None:
        raise Http404
    return results


def requested_tally_number(request: HttpRequest) -> int | None:
    asked = request.GET.get("tally")
    if asked is None:
        return None
    if not (asked.isascii() and asked.isdigit() and len(asked) <= 3):
        raise Http404
    return int(asked)
