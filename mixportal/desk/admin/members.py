from collections.abc import Iterable, Sequence

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models.functions import Collate, Lower
from django.http import HttpRequest

from members.access import UserRequest
from members.curators import hand_over_curating
from members.government_import import GovernmentImport
from members.models import Government, Invitation, Office, User
from mixportal.desk.admin.people import (
    GOVERNMENT_VERBS,
    HAND_OVER_CURATING,
    USER_VERBS,
    CuratingForm,
    InvitationAdmin,
)
from mixportal.desk.base import CleanedData, CuratedAdmin, FormSet, KeptMixin, ModelForm, StateFilter, moment_column
from mixportal.desk.forms import GovernmentForm
from mixportal.desk.import_page import ImportAdmin
from mixportal.desk.verbs import RowVerb, RowVerbsAdmin

admin.site.register(Invitation, InvitationAdmin)


@admin.register(User)
class UserAdmin(KeptMixin, RowVerbsAdmin[User]):
    verbs = USER_VERBS
    list_display = (
        "name",
        "email",
        "title",
        "role",
        "government",
        "is_active",
        "is_staff",
        "last_sign_in",
    )
    list_filter = ("role", "is_active", "is_staff")
    list_select_related = ("government",)
    search_fields = ("name", "email", "title", "government__name")
    ordering = (Collate(Lower("name"), "C"),)
    readonly_fields = ("email", "role", "government", "is_active", "last_sign_in", "joined")
    last_sign_in = moment_column("last_login", "last sign-in")
    joined = moment_column("joined_at", "in the portal since")
    fieldsets = (
        (None, {"fields": ("name", "email", "title")}),
        (
            "Part in MIX",
            {
                "fields": ("role", "government", "is_active"),
                "description": "People join by an invitation, and move by a hand-over. The buttons above do the rest.",
            },
        ),
        (
            "Curating",
            {
                "fields": ("is_staff", "is_superuser"),
                "description": "Only a superuser changes these. A curator may do what this admin offers.",
            },
        ),
        ("Record", {"fields": ("joined", "last_sign_in")}),
    )

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Refuse changes to other curators: a new address would let this one sign in as them."""
        other_curator = obj is not None and (obj.is_staff or obj.is_superuser) and obj != request.user
        return super().has_change_permission(request, obj) and (request.user.is_superuser or not other_curator)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        if request.user.is_superuser and obj != request.user:  # curators cannot lock themselves out
            return self.readonly_fields
        return (*self.readonly_fields, "is_staff", "is_superuser")

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Sequence[FormSet], change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if "is_staff" in form.changed_data:
            if form.instance.is_staff:
                form.instance.join_curators()
            else:
                form.instance.leave_curators()

    def offered(self, request: HttpRequest, row: User) -> list[str]:
        if row.anonymized_at:
            return []
        leaving = ["leave"] if row.government_id else []
        gone = not row.is_active or (row.role == User.Role.NONE and not row.is_staff)
        anonymizing = ["anonymize"] if gone else []
        handing_over = [HAND_OVER_CURATING.key] if row == request.user else []
        return ["bind", *handing_over, *leaving, "deactivate" if row.is_active else "reactivate", *anonymizing]

    def make_form(self, request: UserRequest, row: User, verb: RowVerb) -> forms.Form:
        if verb is HAND_OVER_CURATING and row != request.user:
            raise PermissionDenied
        form = super().make_form(request, row, verb)
        if isinstance(form, CuratingForm):
            form.offer(User.objects.curators().exclude(pk=row.pk))
        return form

    def act(self, request: UserRequest, row: User, verb: str, given: CleanedData) -> str:
        match verb:
            case HAND_OVER_CURATING.key:
                hand_over_curating(row, given["successor"], reason=given["reason"])
                request.user.refresh_from_db()
                return f"{given['successor']} curates from now on in your place. You no longer do."
            case "leave":
                government = row.government
                row.leave(reason=given["reason"])
                return f"{row} is a former member of {government}, and signed out."
            case "deactivate":
                if row == request.user:
                    raise ValidationError("Ask another curator to deactivate your own account.")
                row.deactivate(reason=given["reason"])
                return f"{row} is signed out, and cannot sign in until a curator reactivates the account."
            case "reactivate":
                row.reactivate(by=request.user, reason=given["reason"])
                return f"{row} can sign in again."
            case "anonymize":
                row.anonymize(reason=given["reason"])
                return "The name and the addresses are removed. The account now reads: " + row.name
        before = row.email
        row.bind_to(given["email"], by=request.user, checked=given["checked"])
        return f"{row} signs in with {row.email} from now on. {before} was told."


class SeatFilter(StateFilter):
    title = "seat"
    parameter_name = "seated"
    states = {
        "yes": ("Holds a seat", models.Q(seat__isnull=False)),
        "no": ("Holds none", models.Q(seat__isnull=True)),
    }


@admin.register(Government)
class GovernmentAdmin(ImportAdmin[Government], RowVerbsAdmin[Government]):
    form = GovernmentForm
    import_title = "Import governments"
    import_template = "desk/import_governments.html"
    verbs = GOVERNMENT_VERBS
    list_display = ("name", "seat", "kind", "state", "population_then", "member")
    list_filter = (SeatFilter, "kind", "form_of_government", "it_structure")
    search_fields = ("name", "=state", "people__name")
    ordering = (Collate(Lower("name"), "C"), "state")
    fieldsets = (
        (None, {"fields": ("name", "slug", "kind", "state", "website")}),
        ("Seat", {"fields": ("seat",)}),
        ("Population", {"fields": (("population", "population_year"),)}),
        (
            "Government and IT",
            {"fields": ("form_of_government", "it_structure", "it_staff", "annual_it_budget")},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Government]:
        return Government.objects.with_member().order_by(*self.ordering)

    def reasons_to_keep(self, objects: Iterable[Government]) -> list[str]:
        return [f"{each} has held a seat and stays in the record." for each in objects if self._has_held_a_seat(each)]

    def get_readonly_fields(self, request: HttpRequest, obj: Government | None = None) -> tuple[str, ...]:
        """Keep the slug after a seat, since links and receipts contain it."""
        if obj is None:
            return ()
        return ("seat", "slug") if self._has_held_a_seat(obj) else ("seat",)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Government | None = None) -> dict[str, Sequence[str]]:
        return {} if "slug" in self.get_readonly_fields(request, obj) else {"slug": ("name",)}

    def offered(self, request: HttpRequest, row: Government) -> list[str]:
        if row.seat is None:
            return ["give-seat"]
        return ["invite", "release-seat", *(["hand-over"] if row.current_member else [])]

    def act(self, request: UserRequest, row: Government, verb: str, given: CleanedData) -> str:
        by = request.user
        match verb:
            case "give-seat":
                seat = row.give_seat(given["number"], reason=given["reason"])
                return f"{row} holds seat {seat}. Now invite its member."
            case "release-seat":
                free = row.seat
                row.release_seat(reason=given["reason"])
                return f"Seat {free} is free. The people of {row} are former members, and signed out."
            case "hand-over":
                leaving = row.current_member
                invitation = row.hand_over(given["email"], name=given["name"], by=by, reason=given["reason"])
                next_step = f"{given['email']} is invited" if invitation else f"{row.current_member} is the member now"
                return f"{leaving} is a former member, and signed out. {next_step}."
        invitation = Invitation.objects.invite(row, given["role"], given["email"], by=by, name=given["name"])
        other = invitation.elsewhere
        only_one = f" It also has one to {other.government}, and can accept only one." if other else ""
        return f"An invitation is on its way to {given['email']}.{only_one}"

    def make_import(self, request: UserRequest, text: str) -> GovernmentImport:
        return GovernmentImport(text)

    def _has_held_a_seat(self, government: Government) -> bool:
        events: models.QuerySet[models.Model] = government.events  # type: ignore[attr-defined]  # made by pghistory
        return events.filter(seat__isnull=False).exists()

    @admin.display(description="population", ordering="population")
    def population_then(self, government: Government) -> str:
        return f"{government.population:,} ({government.population_year})" if government.population else "–"

    @admin.display(description="member", ordering="member")
    def member(self, government: Government) -> str:
        return vars(government)["member"] or "–"


@admin.register(Office)
class OfficeAdmin(CuratedAdmin[Office]):
    list_display = ("person_name", "office", "from_year", "to_year", "title_then", "government")
    list_filter = ("office",)
    list_select_related = ("government",)
    search_fields = ("person_name", "title_then", "government__name", "note")
    ordering = (
        "office",
        models.F("from_year").desc(nulls_last=True),
        Collate(Lower("person_name"), "C"),
    )
    fieldsets = (
        (None, {"fields": ("office", "person_name", "title_then", "government")}),
        ("Years", {"fields": (("from_year", "to_year"),)}),
        (None, {"fields": ("note",)}),
    )


admin.site.unregister(Group)
