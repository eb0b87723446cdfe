from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from members.access import UserRequest
from members.forms import LongTextField
from mixportal.desk.base import CleanedData, CuratedAdmin, refusal_message

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class RowVerb:
    key: str
    label: str
    form: type[forms.Form]


class RowReasonForm(forms.Form):
    reason = LongTextField(
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        help_text="Kept in the history, with your name.",
    )

    required_css_class = "required"


class RowVerbsAdmin(CuratedAdmin[Row]):
    change_form_template = "desk/change_with_verbs.html"
    verbs: Sequence[RowVerb] = ()

    def offered(self, request: HttpRequest, row: Row) -> Sequence[str]:
        return [verb.key for verb in self.verbs]

    @abstractmethod
    def act(self, request: UserRequest, row: Row, verb: str, given: CleanedData) -> str:
        """Do `verb` to the row, and return the sentence that confirms it. Raises ValidationError."""

    def make_form(self, request: UserRequest, row: Row, verb: RowVerb) -> forms.Form:
        return verb.form(request.POST if request.method == "POST" else None)

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        own = [
            path(
                f"<path:object_id>/{verb.key}/",
                guard(partial(self.verb_view, verb=verb)),
                name=self.verb_url(verb),
            )
            for verb in self.verbs
        ]
        return [*own, *super().get_urls()]

    def verb_url(self, verb: RowVerb) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{verb.key}"

    def verb_view(self, request: UserRequest, object_id: str, verb: RowVerb) -> HttpResponse:
        found = self.get_object(request, object_id)
        if found is None:
            response: HttpResponse = self._get_obj_does_not_exist_redirect(  # type: ignore[attr-defined]  # no stub
                request, self.opts, object_id
            )
            return response
        if not self.has_change_permission(request, found):
            raise PermissionDenied
        row = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[found.pk])
        form = self.make_form(request, found, verb)
        if request.method == "POST" and form.is_valid():
            try:
                said = self.act(request, found, verb.key, form.cleaned_data)
            except ValidationError as refusal:
                form.add_error(None, refusal.messages)
            except IntegrityError as refusal:
                form.add_error(None, refusal_message(refusal))
            else:
                self.log_change(request, found, f"{verb.label}.")
                self.message_user(request, said, messages.SUCCESS)
                return redirect(row if self.admin_site.has_permission(request) else "account")
        context = {
            **self.admin_site.each_context(request),
            "title": f"{verb.label}: {found}",
            "verb": verb.key,
            "button": verb.label,
            "form": form,
            "is_offered": verb.key in self.offered(request, found),
            "row": found,
            "row_url": row,
            "opts": self.opts,
        }
        return TemplateResponse(request, "desk/row_verb.html", context, status=422 if form.errors else 200)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Row | None = None,
    ) -> HttpResponse:
        row = context.get("original")
        if row is not None and self.has_change_permission(request, row):
            offered = self.offered(request, row)
            context["verbs"] = [
                (verb.label, reverse(f"admin:{self.verb_url(verb)}", args=[row.pk]))
                for verb in self.verbs
                if verb.key in offered
            ]
        return super().render_change_form(request, context, add, change, form_url, obj)
