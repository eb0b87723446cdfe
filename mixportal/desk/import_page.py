from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from members.requests import UserRequest
from mixportal.desk.base import CleanedData, Context, CuratedAdmin, Row
from mixportal.desk.forms import ImportForm
from mixportal.tables.imports import Import, OutdatedPlanError
from mixportal.tables.reader import TableError


@dataclass
class ImportPage:
    form: ImportForm
    plan: Import | None = None
    status: int = 200  # 409 if the plan is not the previewed one
    is_kept: bool = False  # for a page that the browser can load again
    is_written: bool = False


KEPT = "preview"  # in the session, by path


def preview_or_write(
    request: HttpRequest,
    form_class: type[ImportForm],
    make_import: Callable[[CleanedData], Import],
    *,
    reason: str,
) -> ImportPage:
    if request.method == "POST":
        form = form_class(request.POST, request.FILES)
    elif "preview" in request.GET and (kept := request.session.get(KEPT, {}).get(request.path)):
        form = form_class(kept)
    else:
        request.session.pop(KEPT, None)
        return ImportPage(form_class())
    if not form.is_valid():
        return ImportPage(form, status=422)
    plan = make_import(form.cleaned_data)
    page = ImportPage(form_class(initial=form.cleaned_data), plan)
    try:
        if "previewed" in request.POST:
            plan.apply(reason=reason, previewed=request.POST["previewed"])
            page.is_written = True
            request.session.pop(KEPT, None)
        else:
            plan.plan()
            page.is_kept = request.method == "POST"
            request.session[KEPT] = {request.path: form.cleaned_data}
    except OutdatedPlanError:
        page.status = 409
    except TableError as refused:
        form.add_error(None, list(map(str, refused.problems)))
        return ImportPage(form, status=422)
    return page


class ImportAdmin(CuratedAdmin[Row]):
    change_list_template = "desk/change_list_with_import.html"
    import_title: str
    import_template: str

    @abstractmethod
    def make_import(self, request: UserRequest, text: str) -> Import: ...

    def may_import(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_import"
        return [
            path("import/", self.admin_site.admin_view(self.import_view), name=name),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Context | None = None) -> HttpResponse:
        shown: Context = {"may_import": self.may_import(request), "import_title": self.import_title}
        return super().changelist_view(request, shown | (extra_context or {}))

    def import_view(self, request: UserRequest) -> HttpResponse:
        if not self.may_import(request):
            raise PermissionDenied
        page = preview_or_write(
            request,
            ImportForm,
            lambda typed: self.make_import(request, typed["text"]),
            reason=f"{self.import_title.lower()}, in the admin",
        )
        if page.is_kept:
            return redirect(f"{request.path}?preview")
        if page.plan and page.is_written:
            self.message_user(request, f"Imported: {page.plan.counts}.", messages.SUCCESS)
            return redirect(self.list_url)
        context = {
            **self.admin_site.each_context(request),
            "title": self.import_title,
            "back_url": self.list_url,
            "opts": self.opts,
            "page": page,
            "form": page.form,
        }
        return TemplateResponse(request, self.import_template, context, status=page.status)
