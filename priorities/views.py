from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from members.access import Audience, UserRequest, open_to
from members.models import Government, NotSeatedError
from mixportal.editions.models import Edition, Kind
from mixportal.editions.saving import StaleError
from mixportal.editions.shortcuts import list_or_404
from mixportal.tables.writer import csv_response
from priorities.forms import InvestmentForm
from priorities.models import Investment, ListIsPastError, Priority

REMOVE = "remove"


class InvestmentPage:
    def __init__(self, priority: Priority, government: Government) -> None:
        self.priority, self.edition = priority, priority.edition
        self.government = government
        found = Investment.objects.filter(priority=priority, government=government)
        row = found.select_related("updated_by").first()
        self.version = row.version if row else 0
        self.stored = row if row and row.withdrawn_at is None else None
        self.may_change = self.government.seat is not None and Investment.can_change_in(self.edition)
        self.carried: Investment | None = None  # from an earlier list
        self.overtaken = self.was_saved = False
        self.form: InvestmentForm

    def show_stored(self) -> None:
        shown = self.stored
        if shown is None and self.may_change:
            shown = self.carried = Investment.from_last_year(self.priority, self.government)
        facts = shown.facts if shown else {"audience": "members"}
        self.form = InvestmentForm(initial={**facts, "version": self.version})


@open_to(Audience.VOTERS, methods=("GET", "POST"))
def investment(request: UserRequest, year: int, slug: str) -> HttpResponse:
    annual_list = list_or_404(request, year, Kind.PRIORITIES)
    priority = get_object_or_404(Priority.objects.filter(annual_list=annual_list), slug=slug)
    priority.annual_list = annual_list  # with `read_at`
    government = request.user.government
    assert government
    page = InvestmentPage(priority, government)
    if request.method != "POST":
        page.show_stored()
        return _answer(request, page)

    page.form = InvestmentForm(request.POST)
    removing = request.POST.get("action") == REMOVE
    valid = page.form.is_valid()
    version = page.form.cleaned_data.get("version")
    if version is None or not (valid or removing):
        return _answer(request, page, status=422)
    user, facts = request.user, {} if removing else page.form.facts
    try:
        if removing:
            Investment.withdraw(priority=priority, government=government, user=user, version=version)
        else:
            Investment.record(priority=priority, government=government, user=user, facts=facts, version=version)
    except ListIsPastError:
        page.may_change = False
        return _answer(request, page, status=409)
    except NotSeatedError:
        return _answer(request, page, status=403)
    except StaleError as stale:
        stored = stale.stored
        assert isinstance(stored, Investment)
        page.overtaken, page.stored = True, stored if stored.withdrawn_at is None else None
        posted = request.POST.copy()
        posted["version"] = str(stored.version)
        page.form = InvestmentForm(posted)
        return _answer(request, page, status=409)
    if not request.htmx:
        return redirect(reverse("entry", args=[year, Kind.PRIORITIES, slug]) + "#investments")
    page = InvestmentPage(priority, government)
    page.was_saved = True
    page.show_stored()
    return _answer(request, page)


def _answer(request: UserRequest, page: InvestmentPage, status: int = 200) -> HttpResponse:
    template = "priorities/_investment.html" if request.htmx else "priorities/investment.html"
    return render(request, template, {"page": page, "edition": page.edition, "form": page.form}, status=status)


CSV_COLUMNS = "government priority status cost staff from_year to_year audience summary".split()


@open_to(Audience.INSIDERS)
def investments_csv(request: UserRequest, year: int) -> HttpResponse:
    edition = get_object_or_404(Edition.objects.visible_to(request.user), year=year)
    told = Investment.objects.visible_to(request.user).for_edition(edition).select_related("government", "priority")
    rows = [
        [
            each.government.slug,
            each.priority.slug,
            *(getattr(each, name) for name in CSV_COLUMNS[2:]),
        ]
        for each in told.order_by("priority__position", "government__slug")
    ]
    return csv_response(f"mix-{year}-investments.csv", CSV_COLUMNS, rows)
