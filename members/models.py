from __future__ import annotations

import re
from datetime import datetime
from typing import Any, ClassVar, TypeAlias

import pghistory
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser, Group, PermissionsMixin
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import F, Max, OuterRef, Q, Subquery, Value
from django.db.models.functions import Collate, Least, Lower, Now, StrIndex
from django.utils import timezone
from django.utils.functional import cached_property

from members.codes import SignInCode as SignInCode
from members.geography import REGION_OF_STATE, STATES, Region
from members.invitations import Invitation as Invitation
from members.mails import notify_of_address, notify_of_voter, notify_voters
from members.names import initials, name_key
from members.offices import Office as Office
from members.preferences import AT_ONCE, OFF, SALT
from members.preferences import MailPreference as MailPreference
from members.seals import Seal as Seal
from members.security import log_changed_rights
from members.stored import CacheEntry as CacheEntry
from members.stored import Session as Session
from members.triggers import A_CURATOR_REMAINS, ANONYMIZES_EVERYWHERE, KEEPS_VOTER_SINCE
from mixportal.mail.kinds import MAIL_KINDS
from mixportal.mail.models import Mail
from mixportal.tables.addresses import address

MAX_SEATS = 64
CURATORS = "Curators"
NOTICE_VERSION = "2026-11-29"  # a new one requires new consent

SMALL_UNDER, LARGE_ABOVE = 250_000, 750_000


class PopulationBand(models.TextChoices):
    SMALL = "small", f"Under {SMALL_UNDER:,}"
    MEDIUM = "medium", f"{SMALL_UNDER:,} to {LARGE_ABOVE:,}"
    LARGE = "large", f"Above {LARGE_ABOVE:,}"

    @property
    def populations(self) -> Q:
        return {
            PopulationBand.SMALL: Q(population__lt=SMALL_UNDER),
            PopulationBand.MEDIUM: Q(population__range=(SMALL_UNDER, LARGE_ABOVE)),
            PopulationBand.LARGE: Q(population__gt=LARGE_ABOVE),
        }[self]


class NotSeatedError(Exception):
    pass


class GovernmentQuerySet(models.QuerySet["Government"]):
    def by_name(self) -> GovernmentQuerySet:
        return self.order_by(Collate(Lower("name"), "C"), "state")

    def seated(self) -> GovernmentQuerySet:
        return self.filter(seat__isnull=False)

    def filtered(
        self, *, q: str = "", kind: str = "", state: str = "", band: str = "", form: str = "", it_structure: str = ""
    ) -> GovernmentQuerySet:
        found = self
        if q.strip():
            words, names = name_key(q).split(), self.values_list("pk", "name")
            fitting = [pk for pk, name in names if words and all(word in name_key(name) for word in words)]
            found = found.filter(pk__in=fitting)
        if band:
            found = found.filter(PopulationBand(band).populations)
        given = {"kind": kind, "state": state, "form_of_government": form, "it_structure": it_structure}
        return found.filter(**{field: value for field, value in given.items() if value})

    def with_member(self) -> GovernmentQuerySet:
        member = User.objects.filter(government=OuterRef("pk"), role=User.Role.MEMBER, is_active=True)
        return self.annotate(member=Subquery(member.values("name")[:1]))

    def recorded_for(self, user: User) -> GovernmentQuerySet:
        if user.is_curator:
            return self
        if not user.is_voter or user.government_id is None:
            return self.none()
        return self.filter(pk=user.government_id)

    def seated_at(self, moment: datetime) -> list[dict[str, Any]]:
        """Return the governments seated then, or their first states if the history begins later."""
        events = list(_events_of(Government).order_by("pgh_created_at", "pgh_id"))
        until_then = [event for event in events if event.pgh_created_at <= moment]
        known = {event.pgh_obj_id: event for event in until_then or reversed(events)}
        return [
            {
                "id": event.pgh_obj_id,
                "slug": event.slug,
                "seat": event.seat,
                "kind": event.kind,
                "band": Government.band_of(event.population),
                "form": event.form_of_government,
                "region": REGION_OF_STATE[event.state],
                "it_structure": event.it_structure,
            }
            for event in sorted(known.values(), key=lambda event: event.slug)
            if event.seat is not None and event.pgh_label != "delete"
        ]


def _events_of(model: type[models.Model]) -> models.QuerySet[Any]:
    events: Any = model._meta.get_field("events").related_model
    return events.objects.all()  # type: ignore[no-any-return]


@pghistory.track()
class Government(models.Model):
    KINDS = [
        ("city", "City"),
        ("county", "County"),
        ("consolidated", "Consolidated city and county"),
        ("other", "Other"),
    ]

    FORMS = [
        ("council_manager", "Council and manager"),
        ("mayor_council", "Mayor and council"),
        ("commission", "Commission"),
        ("county_executive", "County executive"),
        ("county_administrator", "County administrator"),
        ("other", "Other"),
    ]

    IT_STRUCTURES = [
        ("centralized", "Centralized"),
        ("federated", "Federated"),
        ("decentralized", "Decentralized"),
    ]

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=20, choices=KINDS)
    state = models.CharField(max_length=2, choices=STATES)
    population = models.PositiveIntegerField(null=True, blank=True)
    population_year = models.PositiveSmallIntegerField(null=True, blank=True, help_text="The year of that figure.")
    form_of_government = models.CharField(max_length=24, choices=FORMS, blank=True)
    it_structure = models.CharField("IT structure", max_length=16, choices=IT_STRUCTURES, blank=True)
    it_staff = models.DecimalField(
        "IT staff", max_digits=7, decimal_places=1, null=True, blank=True, help_text="Full-time equivalents."
    )
    annual_it_budget = models.PositiveBigIntegerField(
        "annual IT budget", null=True, blank=True, help_text="In dollars a year."
    )
    website = models.URLField(blank=True)
    seat = models.PositiveSmallIntegerField(
        null=True, blank=True, unique=True, help_text=f"1 to {MAX_SEATS}; blank when it holds none."
    )

    objects = GovernmentQuerySet.as_manager()

    class Meta:
        ordering = ("name", "state")
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                "state",
                name="government_once_in_a_state",
                violation_error_message="This state already has a government with this name.",
            ),
            models.CheckConstraint(
                name="government_seat_1_to_64",
                condition=Q(seat__isnull=True) | Q(seat__range=(1, MAX_SEATS)),
                violation_error_message=f"Give a seat from 1 to {MAX_SEATS}.",
            ),
            models.CheckConstraint(
                name="government_population_has_a_year",
                condition=Q(population__isnull=True, population_year__isnull=True)
                | Q(
                    population__isnull=False,
                    population_year__isnull=False,  # else NULL passes the check
                    population__gt=0,
                    population_year__range=(1900, 2200),
                ),
                violation_error_message="Give a population together with its year.",
            ),
            models.CheckConstraint(
                name="government_kind_is_known", condition=Q(kind__in=["city", "county", "consolidated", "other"])
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("government", self.slug)

    @property
    def initials(self) -> str:
        return initials(self.name)

    @cached_property
    def seal_digest(self) -> str:
        return Seal.objects.filter(government=self).values_list("digest", flat=True).first() or ""

    @property
    def region(self) -> Region:
        return REGION_OF_STATE[self.state]

    @property
    def population_band(self) -> PopulationBand | None:
        return self.band_of(self.population)

    @staticmethod
    def band_of(population: int | None) -> PopulationBand | None:
        if population is None:
            return None
        if population < SMALL_UNDER:
            return PopulationBand("small")
        return PopulationBand("medium" if population <= LARGE_ABOVE else "large")

    @property
    def current_member(self) -> User | None:
        return self.people.filter(role="member", is_active=True).first()

    def give_seat(self, number: int | None = None, *, reason: str) -> int:
        with transaction.atomic(), pghistory.context(reason=reason):
            with connection.cursor() as cursor:  # blocks other seatings
                cursor.execute(f'LOCK TABLE "{Government._meta.db_table}" IN SHARE ROW EXCLUSIVE MODE')
            holders = {each.seat: each for each in Government.objects.seated()}
            held = next((seat for seat, each in holders.items() if each.pk == self.pk), None)
            if held is not None:
                raise ValidationError(f"{self} already holds seat {held}.")
            free = [seat for seat in range(1, MAX_SEATS + 1) if seat not in holders]
            if not free:
                raise ValidationError(f"All {MAX_SEATS} seats are taken. Release one first.")
            if number is not None and number not in free:
                raise ValidationError(
                    f"{holders[number]} holds seat {number}."
                    if number in holders
                    else f"Give a seat from 1 to {MAX_SEATS}."
                )
            seat = free[0] if number is None else number
            self.seat = seat
            self.save(update_fields=["seat"])
        return seat

    def release_seat(self, *, reason: str) -> None:
        """Also remove its people and revoke its invitations. Raises ValidationError."""
        with transaction.atomic(), pghistory.context(reason=reason):
            government = self._locked()
            if government.seat is None:
                raise ValidationError(f"{self} holds no seat.")
            for person in government.people.filter(is_active=True):
                person.leave(reason=reason)
            for invitation in Invitation.objects.live().filter(government=government):
                invitation.revoke(reason=reason)
            government.seat = self.seat = None
            government.save(update_fields=["seat"])

    def hand_over(self, email: str, *, by: User, reason: str, name: str = "") -> Invitation | None:
        """Make a delegate or leader the member, or invite anyone else. Raises ValidationError."""
        with transaction.atomic(), pghistory.context(reason=reason):
            government = self._locked()
            leaving = government.current_member
            if leaving is None:
                raise ValidationError(f"{self} has no member. Invite one.")
            if leaving.email.lower() == email.lower():
                raise ValidationError(f"{leaving} is already its member.")
            leaving._leave()
            successor = government.people.filter(email__iexact=email, is_active=True).first()
            if successor is not None:
                successor.role = successor.Role.MEMBER
                successor.save(update_fields=["role"])
                notify_of_voter(successor, "promoted", by=by, replaced=leaving)
                return None
            for invitation in Invitation.objects.live().filter(government=government, email__iexact=email):
                invitation.revoke(reason=reason)
            invited = Invitation.objects.invite(
                government, Invitation.Role.MEMBER, email, by=by, name=name, reason=reason
            )
            notify_voters(government, "invited", replaced=leaving, by=by, invitation=invited)
            return invited

    def _locked(self) -> Government:
        return Government.objects.select_for_update().get(pk=self.pk)


class UserQuerySet(models.QuerySet["User"]):
    def speaking_for(self, government: Government) -> UserQuerySet:
        by_role = StrIndex(Value("member, delegate, leader"), F("role"))
        return self.filter(government=government, is_active=True).order_by(by_role, Collate(Lower("name"), "C"))

    def curators(self) -> UserQuerySet:
        return self.filter(is_active=True, is_staff=True).order_by(Collate(Lower("name"), "C"))

    def latest_visit(self) -> datetime | None:
        """Return when anyone but a curator last came, as far as visits are noted."""
        found: datetime | None = self.filter(is_active=True, is_staff=False).aggregate(last=Max("seen_at"))["last"]
        return found

    def await_visits(self) -> None:
        """Have each person's next visit noted at once, and not only an hour after the one before."""
        self.filter(is_staff=False, is_visit_awaited=False).update(is_visit_awaited=True)

    def voting_for(self, government: Government) -> UserQuerySet:
        return self.speaking_for(government).exclude(role=User.Role.LEADER)


UserManagerBase = models.Manager.from_queryset(UserQuerySet)


class UserManager(UserManagerBase["User"], BaseUserManager["User"]):
    def create_user(self, email: str, **fields: Any) -> User:
        user = self.model(email=email.strip(), **fields)
        user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email__iexact=email)


@pghistory.track(exclude=["password", "last_login", "seen_at", "is_visit_awaited", "voter_since", "sees_since"])
class User(AbstractBaseUser, PermissionsMixin):
    class Role(models.TextChoices):
        MEMBER = "member", "Member"
        DELEGATE = "delegate", "Delegate"
        LEADER = "leader", "Leader"
        NONE = "none", "None"

    consented_at = models.DateTimeField(null=True, blank=True, editable=False)
    consent_version = models.CharField("version of the privacy notice", max_length=10, blank=True, editable=False)
    # The deploy check wants unique=True beside the index.
    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=120)
    title = models.CharField(max_length=120, blank=True)
    government = models.ForeignKey(Government, models.PROTECT, null=True, blank=True, related_name="people")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.NONE)
    is_staff = models.BooleanField("curator", default=False, help_text="May curate in this admin.")
    is_active = models.BooleanField(
        "active", default=True, help_text="Switch off instead of deleting: people stay in the record."
    )
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    seen_at = models.DateTimeField(null=True, editable=False, help_text="Their last visit, to the hour.")
    is_visit_awaited = models.BooleanField(default=False, editable=False)
    phone = models.CharField(
        max_length=40, blank=True, help_text="Seen by members, delegates and curators, and on the brief."
    )
    shows_email = models.BooleanField("shows the address to members", default=False)
    # The trigger sets them. A voter sees own ballots of editions that opened after `sees_since`.
    voter_since = models.DateTimeField("in this role since", db_default=Now(), editable=False)
    sees_since = models.DateTimeField(db_default=Now(), editable=False)
    let_in_by = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="+")
    anonymized_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ("name",)
        triggers: ClassVar = [KEEPS_VOTER_SINCE, A_CURATOR_REMAINS, ANONYMIZES_EVERYWHERE]
        constraints = [
            models.CheckConstraint(
                name="user_sees_earlier_only_if_let_in",
                condition=Q(let_in_by__isnull=True, sees_since=F("voter_since"))
                | Q(let_in_by__isnull=False, sees_since__lte=F("voter_since")) & ~Q(let_in_by=F("id")),
            ),
            models.CheckConstraint(
                name="user_anonymized_has_left",
                condition=Q(anonymized_at__isnull=True)
                | Q(is_active=False, is_staff=False, is_superuser=False, role="none", title="", phone=""),
            ),
            models.CheckConstraint(
                name="user_consent_has_date_and_version",
                condition=Q(consented_at__isnull=True, consent_version="")
                | Q(consented_at__isnull=False) & ~Q(consent_version=""),
            ),
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique_in_any_case",
                violation_error_message="Another account has this email address.",
            ),
            models.UniqueConstraint(
                fields=["government"],
                condition=Q(role="member", is_active=True),
                name="user_one_active_member_per_government",
                violation_error_message="This government already has an active member.",
            ),
            models.CheckConstraint(
                name="user_role_goes_with_a_government",
                condition=Q(role="none", government__isnull=True)
                | Q(role__in=["member", "delegate", "leader"], government__isnull=False),
                violation_error_message="Only a member, delegate or leader has a government, and must have one.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        log_changed_rights(self, kwargs.get("update_fields"))
        super().save(*args, **kwargs)
        if not self.is_active:
            self.sessions.all().delete()

    def has_usable_password(self) -> bool:
        return False

    @property
    def phone_link(self) -> str:
        number, *extension = (re.sub(r"[^0-9+]", "", part) for part in re.split("[xX]|[eE][xX][tT]", self.phone))
        return ";ext=".join([f"tel:{number}", *filter(None, extension[:1])])

    @property
    def is_curator(self) -> bool:
        return self.is_active and self.is_staff

    @property
    def is_voter(self) -> bool:
        return self.is_active and self.role in (self.Role.MEMBER, self.Role.DELEGATE)

    @property
    def is_leader(self) -> bool:
        return self.is_active and self.role == self.Role.LEADER

    @property
    def is_insider(self) -> bool:
        return self.is_voter or self.is_curator

    def is_member_of(self, government: Government) -> bool:
        return self.is_active and self.role == self.Role.MEMBER and self.government_id == government.pk

    def may_invite(self, government: Government | None, role: str) -> bool:
        if government is None:
            return role == "curator" and self.is_active and self.is_superuser
        if self.is_curator:
            return role in ("member", "delegate", "leader")
        return self.is_member_of(government) and role in ("delegate", "leader")

    def leave(self, *, reason: str) -> None:
        with transaction.atomic(), pghistory.context(reason=reason):
            government, voted = self.government, self.is_voter
            self._leave()
            if government is not None and voted:
                notify_voters(government, "lost", replaced=self, reason=reason)

    def _leave(self) -> None:
        self.role, self.government = self.Role.NONE, None
        self.save(update_fields=["role", "government"])
        self.sessions.all().delete()

    def deactivate(self, *, reason: str) -> None:
        with transaction.atomic(), pghistory.context(reason=reason):
            voted = self.is_voter
            self.is_active = False
            self.save(update_fields=["is_active"])
            if self.government is not None and voted:
                notify_voters(self.government, "lost", replaced=self, reason=reason)

    def reactivate(self, *, by: User, reason: str) -> None:
        with transaction.atomic(), pghistory.context(reason=reason):
            if self.is_active:
                raise ValidationError(f"{self} is already active.")
            if self.government is not None:
                self._refuse_return_to(self.government._locked())
            self.is_active = True
            self.save(update_fields=["is_active"])
            notify_of_voter(self, "reactivated", by=by)

    def _refuse_return_to(self, government: Government) -> None:
        if government.seat is None:
            raise ValidationError(f"{government} holds no seat. Make {self} a former member first.")
        member = government.current_member
        if self.role == self.Role.MEMBER and member is not None:
            raise ValidationError(f"{government} already has a member, {member}. Make {self} a former member first.")

    def anonymize(self, *, reason: str) -> None:
        """Remove the name and addresses of a person who has left, also from history and mails.

        A trigger changes the other tables. What people wrote stays. Raises ValidationError.
        """
        with transaction.atomic(), pghistory.context(reason=reason):
            if self.anonymized_at is not None:
                raise ValidationError(f"{self} is already anonymized.")
            if self.is_active and (self.role != self.Role.NONE or self.is_staff or self.is_superuser):
                raise ValidationError(f"{self} is still active. Deactivate the account first.")
            for invitation in Invitation.objects.live().filter(email__iexact=self.email):
                invitation.revoke(reason=reason)
            last = _events_of(User).filter(pgh_obj=self.pk, government__isnull=False).order_by("pgh_id").last()
            named = f"former member of {last.government}"[:120] if last else "former curator"
            for known_as in (self.name, self.email):
                Mail.objects.replace_in_unsent(known_as, by=named)
            self.revoke_access()
            EmailAddress.objects.filter(user=self).delete()
            self.leave_curators()
            self.name, self.email = named, f"removed-{self.pk}@removed.invalid"
            self.title = self.phone = ""
            self.role, self.government = self.Role.NONE, None
            self.is_active = self.is_staff = self.is_superuser = self.shows_email = False
            self.anonymized_at = timezone.now()
            self.save()

    def let_in(self, by: User, *, seeing_from: datetime) -> None:
        User.objects.filter(pk=self.pk).update(let_in_by=by, sees_since=Least(F("voter_since"), seeing_from))

    def undo_let_in(self) -> None:
        User.objects.filter(pk=self.pk).update(let_in_by=None, sees_since=F("voter_since"))

    def bind_to(self, email: str, *, by: User | None, checked: str) -> None:
        """Move the account to a new address, revoke its access and notify both addresses.

        `by` is None for the operator; `checked` says how the person was identified. Raises
        ValidationError.
        """
        before, email = self.email, email.strip()
        if email.lower() == before.lower():
            raise ValidationError("The account already has this address.")
        with transaction.atomic(), pghistory.context(reason=f"bound to a new address; checked: {checked}"):
            if holder := User.objects.filter(email__iexact=email).exclude(pk=self.pk).first():
                raise ValidationError(f"{holder} already has this email address.")
            self.email = email
            self.save(update_fields=["email"])
            self.revoke_access()
            notify_of_address(self, before)
            notify_of_voter(self, "bound", by=by)

    def revoke_access(self) -> None:
        self.sessions.all().delete()
        Authenticator.objects.filter(user=self).delete()

    def join_curators(self) -> None:
        self.groups.add(Group.objects.get_or_create(name=CURATORS)[0])

    def leave_curators(self) -> None:
        self.groups.remove(*Group.objects.filter(name=CURATORS))

    @property
    def has_consented(self) -> bool:
        return self.consented_at is not None and self.consent_version == NOTICE_VERSION

    def consent(self) -> None:
        if not self.has_consented:
            self.consented_at, self.consent_version = timezone.now(), NOTICE_VERSION
            self.save(update_fields=["consented_at", "consent_version"])

    def mail_preference(self, kind: str) -> str:
        return self.mail_preferences_of_all()[kind]

    def mail_preferences_of_all(self) -> dict[str, str]:
        chosen = dict(self.mail_preferences.values_list("kind", "how"))
        return {kind.key: chosen.get(kind.key, AT_ONCE) if kind.can_be_off else AT_ONCE for kind in MAIL_KINDS.values()}

    def wants(self, kind: str) -> bool:
        return self.mail_preference(kind) != OFF

    def unsubscribe_address(self, kind: str) -> str:
        if not MAIL_KINDS[kind].can_be_off:
            return ""
        return settings.PORTAL_URL + address("mail-stop", signing.dumps([self.pk, kind], salt=SALT))


Viewer: TypeAlias = User | AnonymousUser


@pghistory.track(obj_field=None)
class CuratorGroup(User.groups.through):  # type: ignore[misc, name-defined]  # a model made by Django
    class Meta:
        proxy = True


@pghistory.track(obj_field=None)
class CuratorPermission(User.user_permissions.through):  # type: ignore[misc, name-defined]  # a model made by Django
    class Meta:
        proxy = True
