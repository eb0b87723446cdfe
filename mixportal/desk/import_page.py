from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.crypto import get_random_string

from members.access import UserRequest
from mixportal.desk.base import CleanedData, Context, CuratedAdmin, Row
from mixportal.desk.forms import ImportForm
from mixportal.tables.imports import Import, OutdatedPlanError
from mixportal.tables.reader import TableError


@dataclass
class ImportPage:
    form: ImportForm
    plan: Import | None = None
    status: int = 200  # 409 if the plan is not the previewed one
    key: str = ""  # in the preview’s address
    is_new: bool = False
    is_lost: bool = False
    is_written: bool = False


KEPT = "preview"  # in the session, by key
MAX_PREVIEWS = 4


def preview_or_write(
    request: HttpRequest,
    form_class: type[ImportForm],
    make_import: Callable[[CleanedData], Import],
    *,
    reason: str,
) -> ImportPage:
    key, kept = request.GET.get(KEPT, ""), request.session.get(KEPT, {})
    path, typed = kept.get(key, ("", {}))
    if request.method == "POST":
        form = form_class(request.POST, request.FILES)
    elif path == request.path and typed:
        form = form_class(typed)
    else:
        return ImportPage(form_class(), is_lost=KEPT in request.GET, is_written=path == request.path)
    if not form.is_valid():
        return ImportPage(form, key=key, status=422)
    plan = make_import(form.cleaned_data)
    page = ImportPage(form_class(initial=form.cleaned_data), plan, key=key)
    try:
        if "previewed" in request.POST:
            plan.apply(reason=reason, previewed=request.POST["previewed"])
            page.is_written = True
            others = {each: row for each, row in kept.items() if row[0] != request.path or not row[1]}
            request.session[KEPT] = others | {key: (request.path, {})}
        else:
            plan.plan()
            if request.method == "POST":
                page.key, page.is_new = get_random_string(6), True
                latest = [*kept.items(), (page.key, (request.path, form.cleaned_data))][-MAX_PREVIEWS:]
                request.session[KEPT] = dict(latest)
    except OutdatedPlanError:
        page.status = 409
    except TableError as refused:
        form.add_error(None, list(map(str, refused.problems)))
        return ImportPage(form, key=key, status=422)
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
        if page.is_new:
            return redirect(f"{request.path}?{KEPT}={page.key}")
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
