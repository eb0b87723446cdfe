from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from challenges.obstacles import HindranceGrid
from members.access import Audience, PortalRequest, open_to
from members.models import User
from members.sessions import last_visit
from mixportal.ballots.models import Ballot
from mixportal.comparison.query import printable
from mixportal.editions.corrections import corrections_of
from mixportal.editions.lineage import lineage_of
from mixportal.editions.models import Edition, Entry, EntryQuerySet, Kind
from mixportal.editions.shortcuts import list_or_404
from mixportal.notes.discussion import Discussion
from mixportal.notes.forms import NoteForm, reason_form
from mixportal.notes.models import NEWS_PERIOD, Note
from mixportal.pages.archive import files_of
from mixportal.pages.home import TOTAL_ENTRIES, colleagues_of, news_for, tasks_for, turnouts_of, with_news
from mixportal.pages.kept import Kept, list_with_results, list_without_own_order, render_newest_list, render_obstacles
from mixportal.pages.list_table import ListTable
from mixportal.pages.models import PAGE_VERSION
from mixportal.pages.search import Search
from mixportal.proposals.models import Proposal
from mixportal.results.views import requested_tally_number
from mixportal.summaries.summary import summary_for
from mixportal.summaries.views import render_summary
from mixportal.tables.writer import zip_response
from mixportal.trends.entry_history import EntryHistory, with_places
from mixportal.trends.models import OutsideItem
from priorities.investments import governments_beside, investments_in

LATEST_NOTES = 3


@open_to(Audience.EVERYONE, stored=True)
def home(request: HttpRequest) -> HttpResponse:
    user = request.user
    visible = Edition.objects.visible_to(user).latest_first()
    if not user.is_authenticated or not user.is_insider:
        editions = list(visible)
        newest = next((edition for edition in editions if edition.is_published), None)
        if newest is None:
            return render(request, "pages/empty.html")
        awaiting = [edition for edition in editions if edition.is_closed and edition.results_visible_to(user)]
        return render_summary(request, newest, awaiting)
    last_visited = last_visit(request)
    since = last_visited or timezone.now() - NEWS_PERIOD
    editions = list(with_news(visible, user, since).annotate(**PAGE_VERSION))
    newest = next((edition for edition in editions if edition.is_published), None)
    edition = next((edition for edition in editions if edition.is_open), None)
    others = Note.objects.of_others(user)
    people = colleagues_of(user, since)
    turnouts = turnouts_of(edition, user.government, since) if edition else []
    context = {
        "edition": edition,
        "editions": editions,
        "tasks": tasks_for(edition, user) if edition and user.is_voter else [],
        "voters": [person for person in people if person.role != User.Role.LEADER],
        "turnouts": turnouts,
        "awaiting": [edition for edition in editions if edition.is_closed],
        "drafting": [edition for edition in editions if edition.is_drafting],
        "newest_list": render_newest_list(newest, user) if newest else "",
        "last_visit": last_visited,
        "news": news_for(user, editions, turnouts, people, others, since),
        "latest_notes": others.newest_threads().with_mentioned()[:LATEST_NOTES],
    }
    return render(request, "pages/home.html", context)


@open_to(Audience.EVERYONE, stored=True)
def edition(request: HttpRequest, year: int) -> HttpResponse:
    shown = get_object_or_404(Edition.objects.visible_to(request.user).annotate(**TOTAL_ENTRIES), year=year)
    user = request.user
    insider = user if user.is_authenticated and user.is_insider and shown.is_open else None
    context = {
        "edition": shown,
        "summary": summary_for(shown, user),
        "turnouts": turnouts_of(shown, insider.government) if insider else [],
        "tasks": tasks_for(shown, insider) if insider and insider.is_voter else [],
        "hindrances": HindranceGrid(shown, user) if shown.is_open or shown.has_results else None,
    }
    return render(request, "pages/edition.html", context)


@open_to(Audience.INSIDERS)
def archive(request: HttpRequest, year: int) -> HttpResponse:
    edition = get_object_or_404(Edition.objects.visible_to(request.user), year=year)
    return zip_response(f"mix-{edition.year}.zip", files_of(edition, request.user))


@open_to(Audience.EVERYONE, stored=True)
def entries(request: PortalRequest, year: int, kind: Kind) -> HttpResponse:
    user = request.user
    annual_list = list_or_404(request, year, kind, **PAGE_VERSION)
    kept = Kept(user, annual_list.page_version)
    edition = annual_list.edition
    number = requested_tally_number(request)
    annual_list, results = list_with_results(annual_list, user, kept)
    results = results.of_count(number) if results else None
    if number is not None and results is None:
        raise Http404
    order, sort = request.GET.get("order", ""), request.GET.get("sort", "")
    table = None
    if results and results.shows_figures:
        table = ListTable(results, user, kept, order=order, sort=sort)
    context = {
        "edition": edition,
        "kind": kind,
        "results": results,
        "table": table,
        "ignored": table.ignored if table else [printable(value) for value in (order, sort) if value],
        "entries": annual_list.entries.all(),
        "may_rank": user.is_authenticated and user.is_voter and edition.is_open,
        "is_fragment": request.htmx,
    }
    if request.htmx and table:
        return render(request, "pages/_list_table.html", context)
    context["editions"] = kept.get(edition, "editions", lambda: list(Edition.objects.visible_to(user).latest_first()))
    return render(request, "pages/list.html", context)


EntryEvent = Entry.pgh_event_model

_FLAGS = {
    "was_corrected": Exists(EntryEvent.objects.filter(pgh_obj=OuterRef("pk"), pgh_context__has_key="corrects")),
    "was_proposed": Exists(Proposal.objects.filter(Q(entry=OuterRef("pk")) | Q(into__entry=OuterRef("pk")))),
    "is_elsewhere": Exists(OutsideItem.objects.filter(line=OuterRef("line"))),
}


def _flagged_entries() -> EntryQuerySet[Entry]:
    return Entry.objects.annotate(**_FLAGS)


@open_to(Audience.EVERYONE, stored=True)
def entry(request: HttpRequest, year: int, slug: str, kind: Kind) -> HttpResponse:
    user = request.user
    annual_list = list_or_404(request, year, kind, **PAGE_VERSION)
    kept = Kept(user, annual_list.page_version)
    edition = annual_list.edition
    annual_list, results = list_without_own_order(annual_list, "entry", _flagged_entries, user, kept)
    entries = [row.entry for row in results.rows] if results else list(annual_list.entries.all())
    at = next((index for index, each in enumerate(entries) if each.slug == slug), None)
    if at is None:
        raise Http404
    shown = entries[at]
    following = entries[at + 1] if at + 1 < len(entries) else None
    lineage = kept.get(edition, f"lineage-{shown.pk}", lambda: lineage_of(shown, user, with_places()))
    for other in lineage.on_line:
        other.edition.read_at = edition.read_at
    lists = [each.annual_list_id for each in lineage.on_line]
    orders = Ballot.objects.filter(annual_list__in=lists).cast_orders_of(user)
    results = results.with_own(orders, user) if results else None
    discussion = Discussion(
        shown,
        user,
        last_visit(request),
        results.seats if results else None,
        request.GET.get("note") or request.GET.get("all", ""),
    )
    outside: list[OutsideItem] = []
    if shown.is_elsewhere:
        items = OutsideItem.objects.visible_to(user).with_list().filter(line=shown.line_id)
        kept_outside = Kept(user, None) if discussion.is_curator else kept  # curators see unpublished lists
        outside = kept_outside.get(edition, f"outside-{shown.line_id}", lambda: list(items))
    corrected = shown.was_corrected and not edition.is_drafting
    investments = None
    if kind == Kind.PRIORITIES:
        governments = None
        if kept.keeps(edition):
            governments = kept.get(edition, f"governments-{edition.pk}", lambda: governments_beside(edition))
        investments = investments_in(shown, user, governments)
    drawn = ""
    if investments and investments.shows_figures:
        figure = {"shown": investments}
        drawn = kept.get(
            edition,
            f"investments-{shown.pk}",
            lambda: render_to_string("priorities/_investments_drawn.html", figure),
        )
    form = NoteForm(shown) if discussion.is_voter else None
    if form and investments and (asked := investments.investor(request.GET.get("ask", ""))):
        form.body = f"@{asked.slug} "
    context = {
        "edition": edition,
        "kind": kind,
        "entry": shown,
        "results": results,
        "row": results.row_of(shown) if results else None,
        "total": len(entries),
        "following": following,
        "following_row": results.row_of(following) if results and following else None,
        "corrections": corrections_of([shown]) if corrected else [],
        "continues": lineage.continues,
        "continued_by": lineage.continued_by,
        "outside_items": outside,
        "history": EntryHistory(lineage.on_line, outside, user, orders),
        "investments": investments,
        "investments_drawn": drawn,
        "hindrances": kept.get(edition, f"obstacles-{shown.pk}", lambda: render_obstacles(shown, user)),
        "discussion": discussion,
        "reason_form": reason_form(discussion, continues=bool(lineage.continues)),
        "form": form,
    }
    return render(request, "pages/entry.html", context)


@open_to(Audience.EVERYONE)
def notes(request: PortalRequest) -> HttpResponse:
    query = request.GET.urlencode()
    return redirect(reverse("search") + (f"?{query}" if query else ""))


@open_to(Audience.EVERYONE)
def search(request: PortalRequest) -> HttpResponse:
    asked = Search(request.GET.dict(), request.user, last_visit(request))
    of_others = Note.objects.of_others(request.user)
    counts_new = asked.is_insider and not (asked.asked or asked.only_new or request.htmx)
    context = {
        "search": asked,
        "is_fragment": request.htmx,
        "new": of_others.new_for(request.user, last_visit(request)).count() if counts_new else 0,
    }
    if not request.htmx:
        return render(request, "pages/search.html", context)
    response = render(request, "pages/_found.html", context)
    response["HX-Push-Url"] = asked.address()
    return response
