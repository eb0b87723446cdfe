from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

from mixportal.desk.base import CleanedData
from mixportal.desk.forms import ImportForm
from mixportal.tables.imports import Import, OutdatedPlanError
from mixportal.tables.reader import TableError


@dataclass
class ImportPage:
    form: ImportForm
    plan: Import | None = None
    status: int = 200  # 409 if the plan is not the one that was previewed
    is_written: bool = False


def preview_or_write(
    request: HttpRequest, form_class: type[ImportForm], make_import: Callable[[CleanedData], Import], *, reason: str
) -> ImportPage:
    """Show the form, then what would change, then write what the user has seen."""
    if request.method != "POST":
        return ImportPage(form_class())
    form = form_class(request.POST, request.FILES)
    if not form.is_valid():
        return ImportPage(form, status=422)
    plan = make_import(form.cleaned_data)
    page = ImportPage(form_class(initial=form.cleaned_data), plan)
    try:
        if "previewed" in request.POST:
            plan.apply(reason=reason, previewed=request.POST["previewed"])
            page.is_written = True
        else:
            plan.plan()
    except OutdatedPlanError:
        page.status = 409
    except TableError as refused:
        form.add_error(None, list(map(str, refused.problems)))
        return ImportPage(form, status=422)
    return page
