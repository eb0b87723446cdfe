from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import pluralize

from members.forms import LongTextField
from members.models import User
from mixportal.desk.base import CleanedData, Context, CuratedAdmin, CuratedForm, Fieldsets, KeptMixin, StateFilter
from mixportal.editions.models import Entry
from mixportal.proposals.models import MAX_TEXT, Proposal, supports_by_government
from mixportal.tables.values import moment_in_words, set_choices

PROPOSED = ("title", "description", "why", "of_list", "proposed", "supported")
DECIDED = ("state", "decided", "declined_because")
ACCEPT, MERGE, DECLINE = "accept", "merge", "decline"
DECISIONS = [
    ("", "Leave it to be decided"),
    (ACCEPT, "Accept: put it on the list, as its last entry"),
    (MERGE, "Merge it into an entry or another proposal"),
    (DECLINE, "Decline, with a reason"),
]


class DecisionForm(CuratedForm):
    reworded = forms.CharField(required=False, widget=forms.HiddenInput)
    decision = forms.ChoiceField(choices=DECISIONS, required=False, widget=forms.RadioSelect)
    merge_into = forms.ChoiceField(
        required=False, help_text="If you merge it. Whoever proposed or supports it is told."
    )
    reason = LongTextField(
        max_length=MAX_TEXT,
        required=False,
        widget=forms.Textarea({"rows": 3, "cols": 60}),
        help_text="If you decline it. The proposers are told, and members see it.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"reworded": kwargs["instance"].edited_at}, **kwargs)
        annual_list = self.instance.annual_list
        entries = annual_list.entries.in_order()
        others = annual_list.proposals.waiting().exclude(pk=self.instance.pk).select_related("government")
        self.targets: dict[str, Entry | Proposal] = {f"entry:{entry.pk}": entry for entry in entries}
        proposals = {f"proposal:{other.pk}": other for other in others.order_by("-proposed_at", "-pk")}
        choices = [
            ("", "–"),
            ("On the list", [(key, entry.title) for key, entry in self.targets.items()]),
            (
                "Proposed",
                [(key, f"{other.title} ({other.government})") for key, other in proposals.items()],
            ),
        ]
        self.targets |= proposals
        set_choices(self, "merge_into", choices)

    def clean(self) -> CleanedData:
        cleaned = super().clean() or {}
        decision = cleaned.get("decision", "")
        if decision == MERGE and not cleaned.get("merge_into"):
            self.add_error("merge_into", "Choose what the proposal is merged into.")
        if decision == DECLINE and not cleaned.get("reason", "").strip():
            self.add_error("reason", "Say why. The proposers are told.")
        return cleaned

    def decide(self, by: User) -> None:
        decision = self.cleaned_data["decision"]
        if decision == ACCEPT:
            self.instance.accept(by)
        elif decision == MERGE:
            self.instance.merge(self.targets[self.cleaned_data["merge_into"]], by)
        elif decision == DECLINE:
            self.instance.decline(self.cleaned_data["reason"], by)


class ProposalStateFilter(StateFilter):
    title = "state"
    parameter_name = "state"
    states = {
        "waiting": ("Waiting", Q(outcome="", withdrawn_at=None)),
        **{outcome: (words.capitalize(), Q(outcome=outcome)) for outcome, words in Proposal.OUTCOMES},
        "withdrawn": ("Withdrawn", Q(withdrawn_at__isnull=False)),
    }


@admin.register(Proposal)
class ProposalAdmin(KeptMixin, CuratedAdmin[Proposal]):
    form = DecisionForm
    readonly_fields = (*PROPOSED, *DECIDED)
    list_display = ("title", "of_list", "government", "supporters", "state")
    list_filter = (
        ("annual_list__edition", admin.RelatedOnlyFieldListFilter),
        "annual_list__kind",
        ProposalStateFilter,
    )
    search_fields = ("title", "description", "government__name")
    ordering = ("-annual_list__edition__year", "-proposed_at")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Proposal]:
        proposals = super().get_queryset(request).annotate(supporter_count=Count("supports"))
        return proposals.select_related("annual_list__edition", "government", "proposed_by", "entry", "into__entry")

    def get_fieldsets(self, request: HttpRequest, obj: Proposal | None = None) -> Fieldsets:
        may_decide = self.has_change_permission(request, obj)
        decision = ("decision", "merge_into", "reason", "reworded") if may_decide else DECIDED
        return [("Proposed", {"fields": PROPOSED}), ("Decision", {"fields": decision})]

    def has_change_permission(self, request: HttpRequest, obj: Proposal | None = None) -> bool:
        may_decide = obj is None or (obj.is_waiting and obj.edition.is_drafting)
        return super().has_change_permission(request, obj) and may_decide

    def lock(self, obj: Proposal) -> None:
        obj.lock_waiting()

    def save_model(self, request: HttpRequest, obj: Proposal, form: DecisionForm, change: bool) -> None:
        assert isinstance(request.user, User)
        form.decide(request.user)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Context | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ValidationError as refusal:
            reason = request.POST.get("reason", "").strip()
            typed = f" You had typed this reason: “{reason}”" if reason else ""
            self.message_user(request, f"Nothing was decided. {' '.join(refusal.messages)}{typed}", messages.ERROR)
            return redirect(request.get_full_path())

    def response_change(self, request: HttpRequest, obj: Proposal) -> HttpResponse:
        result = {
            "": "still waits. Nothing was decided.",
            "accepted": f"is accepted. It is the last of the {obj.kind.plural} of {obj.edition}.",
            "merged": f"is merged into “{obj.into or obj.entry}”.",
            "declined": "is declined. It stays on the page of proposals, with your reason.",
        }[obj.outcome]
        told = " The proposers are told." if obj.outcome else ""
        self.message_user(request, f"“{obj}” {result}{told}", messages.SUCCESS)
        return self.response_post_save_change(request, obj)

    def view_on_site(self, obj: Proposal) -> str:
        return obj.get_absolute_url()

    @admin.display(description="list", ordering="annual_list__edition__year")
    def of_list(self, proposal: Proposal) -> str:
        return str(proposal.annual_list)

    @admin.display(description="supported by", ordering="supporter_count")
    def supporters(self, proposal: Proposal) -> str:
        count = vars(proposal)["supporter_count"]
        return f"{count} government{pluralize(count)}"

    @admin.display(description="state", ordering="outcome")
    def state(self, proposal: Proposal) -> str:
        return proposal.status.capitalize()

    @admin.display(description="proposed by")
    def proposed(self, proposal: Proposal) -> str:
        return f"{proposal.proposed_by}, {proposal.government}, {moment_in_words(proposal.proposed_at)}"

    @admin.display(description="supported by")
    def supported(self, proposal: Proposal) -> str:
        said = [
            f"{support.government}: {support.reason}" if support.reason else str(support.government)
            for support in supports_by_government().filter(proposal=proposal)
        ]
        return "\n".join(said) or "no one yet"

    @admin.display(description="decided")
    def decided(self, proposal: Proposal) -> str:
        if proposal.decided_at is None:
            return "–"
        return f"{moment_in_words(proposal.decided_at)}, by {proposal.decided_by}"
