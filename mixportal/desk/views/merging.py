from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from mixportal.desk.forms import MergeForm
from mixportal.desk.pages import EditionAdmin, add_refusal, desk_page, entry_admin_url
from mixportal.desk.views.lists import form_page
from mixportal.editions.models import AnnualList, Edition, Entry
from mixportal.notes.models import Note
from mixportal.proposals.models import Proposal
from mixportal.trends.models import OutsideItem
from priorities.models import Investment


@transaction.atomic
def merge_entries(keep: Entry, other: Entry) -> None:
    """Merge `other` into `keep` with all that refers to it. Raises ValidationError."""
    keep.annual_list.require_drafting()
    if other.annual_list_id == keep.annual_list_id and other.pk != keep.pk:
        Note.objects.filter(entry=other).update(entry=keep)
        Proposal.objects.filter(entry=other).update(entry=keep)
        _move_investments(keep, other)
    line = other.line
    keep.absorb(other)
    if not line.entries.exists():
        OutsideItem.objects.filter(line=line).update(line=keep.line)


def _move_investments(keep: Entry, other: Entry) -> None:
    investments = Investment.objects.filter(priority=other.pk)
    twice = investments.filter(government__in=Investment.objects.filter(priority=keep.pk).values("government"))
    twice.filter(withdrawn_at__isnull=False).delete()
    if row := twice.select_related("government").first():
        raise ValidationError(
            f"Both have the same investment ({row.government}: {other}): settle it first, nothing was merged."
        )
    investments.update(priority=keep.pk)


@desk_page(entries=True)
def merge(admin: EditionAdmin, request: HttpRequest, edition: Edition, annual_list: AnnualList) -> HttpResponse:
    form = MergeForm(request.POST or None, annual_list=annual_list)
    if request.method == "POST" and form.is_valid():
        keep, other = form.cleaned_data["keep"], form.cleaned_data["other"]
        try:
            merge_entries(keep, other)
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            admin.log_change(request, edition, f"Merged “{other.title}” into “{keep.title}”.")
            words = f"“{other.title}” is merged into “{keep.title}”. Read its text: both stand in it."
            admin.message_user(request, words, messages.SUCCESS)
            return redirect(entry_admin_url(keep))
    title = f"Merge two {annual_list.words.plural}"
    return form_page(admin, request, edition, title, "merge", [form], "Merge them")
