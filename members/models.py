"""Who belongs: people, the governments they speak for, the seats those hold, and the offices of MIX."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any, ClassVar

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Collate, Lower
from django.urls import reverse
from django.utils import timezone

from members.geography import REGION_OF_STATE, STATES, Region

MAX_SEATS = 64


class PopulationBand(enum.StrEnum):
    """The bands that cohorts use: under 250,000, from there to 750,000, and above."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class GovernmentQuerySet(models.QuerySet["Government"]):
    def by_name(self) -> GovernmentQuerySet:
        """In an order that does not depend on the server's locale."""
        return self.order_by(Collate(Lower("name"), "C"), "state")

    def seated(self) -> GovernmentQuerySet:
        return self.filter(seat__isnull=False)

    def seated_at(self, moment: datetime) -> list[dict[str, Any]]:
        """The governments that held a seat at `moment`, by the history, each with the facts cohorts are made of.

        A government entered into the portal only later stands as it was first entered.
        """
        events = Government._meta.get_field("events").related_model
        known: dict[int, Any] = {}
        for event in events.objects.order_by("pgh_created_at", "pgh_id"):
            if event.pgh_created_at <= moment or event.pgh_obj_id not in known:
                known[event.pgh_obj_id] = event
        return [
            {
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


@pghistory.track()
class Government(models.Model):
    class Kind(models.TextChoices):
        CITY = "city", "City"
        COUNTY = "county", "County"
        CONSOLIDATED = "consolidated", "Consolidated city and county"
        OTHER = "other", "Other"

    class Form(models.TextChoices):
        COUNCIL_MANAGER = "council_manager", "Council and manager"
        MAYOR_COUNCIL = "mayor_council", "Mayor and council"
        COMMISSION = "commission", "Commission"
        COUNTY_EXECUTIVE = "county_executive", "County executive"
        COUNTY_ADMINISTRATOR = "county_administrator", "County administrator"
        OTHER = "other", "Other"

    class ITStructure(models.TextChoices):
        CENTRALIZED = "centralized", "Centralized"
        FEDERATED = "federated", "Federated"
        DECENTRALIZED = "decentralized", "Decentralized"

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    state = models.CharField(max_length=2, choices=STATES)
    population = models.PositiveIntegerField(null=True, blank=True)
    population_year = models.PositiveSmallIntegerField(null=True, blank=True, help_text="The year of that figure.")
    form_of_government = models.CharField(max_length=24, choices=Form.choices, blank=True)
    it_structure = models.CharField("IT structure", max_length=16, choices=ITStructure.choices, blank=True)
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

    objects: ClassVar[models.Manager[Government]] = GovernmentQuerySet.as_manager()

    class Meta:
        ordering = ("name", "state")
        constraints = [
            models.CheckConstraint(
                name="government_seat_1_to_64",
                condition=Q(seat__isnull=True) | Q(seat__range=(1, MAX_SEATS)),
                violation_error_message=f"MIX has seats 1 to {MAX_SEATS}.",
            ),
            models.CheckConstraint(
                name="government_population_has_a_year",
                condition=Q(population__isnull=True, population_year__isnull=True)
                | Q(population__gt=0, population_year__range=(1900, 2200)),
                violation_error_message="Give a population together with its year.",
            ),
            models.CheckConstraint(
                name="government_kind_is_known", condition=Q(kind__in=["city", "county", "consolidated", "other"])
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("government", args=[self.slug])

    @property
    def region(self) -> Region:
        return REGION_OF_STATE[self.state]

    @property
    def population_band(self) -> PopulationBand | None:
        """None where the population is not known."""
        return self.band_of(self.population)

    @staticmethod
    def band_of(population: int | None) -> PopulationBand | None:
        if population is None:
            return None
        if population < 250_000:
            return PopulationBand.SMALL
        return PopulationBand.MEDIUM if population <= 750_000 else PopulationBand.LARGE


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, **fields) -> User:
        """A person without a password: sign-in is by mailed code or passkey."""
        user = self.model(email=email.strip(), **fields)
        user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> User:
        user = self.model(email=email.strip(), is_staff=True, is_superuser=True, **fields)
        user.set_password(password)  # unusable when None
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email__iexact=email)


@pghistory.track(exclude=["password", "last_login"])
class User(AbstractBaseUser, PermissionsMixin):
    class Role(models.TextChoices):
        MEMBER = "member", "Member"
        DELEGATE = "delegate", "Delegate"
        LEADER = "leader", "Leader"
        NONE = "none", "None"

    # unique twice: by the index below for every spelling, and by itself because Django's deploy check asks for it
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

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique_in_any_case",
                violation_error_message="Somebody has this e-mail address already.",
            ),
            models.UniqueConstraint(
                fields=["government"],
                condition=Q(role="member", is_active=True),
                name="user_one_active_member_per_government",
                violation_error_message="This government has an active member already.",
            ),
            models.CheckConstraint(
                name="user_role_goes_with_a_government",
                condition=Q(role="none", government__isnull=True)
                | Q(role__in=["member", "delegate", "leader"], government__isnull=False),
                violation_error_message="A member, delegate or leader has a government; nobody else does.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @property
    def is_curator(self) -> bool:
        return self.is_active and self.is_staff

    @property
    def is_voter(self) -> bool:
        """Speaks for a government on a ballot: a member or delegate."""
        return self.is_active and self.role in (self.Role.MEMBER, self.Role.DELEGATE)

    @property
    def is_leader(self) -> bool:
        return self.is_active and self.role == self.Role.LEADER

    @property
    def is_insider(self) -> bool:
        """Sees what the network shares with itself: members, delegates and curators."""
        return self.is_voter or self.is_curator


class OfficeQuerySet(models.QuerySet["Office"]):
    def presidents(self) -> OfficeQuerySet:
        """Latest first; those whose years nobody recorded after them, by name."""
        return (
            self.filter(office=Office.Kind.PRESIDENT)
            .select_related("government")
            .order_by(models.F("from_year").desc(nulls_last=True), Collate(Lower("person_name"), "C"))
        )


@pghistory.track()
class Office(models.Model):
    """Somebody's office in MIX. It names a person, not an account: many held it before there was a portal."""

    class Kind(models.TextChoices):
        PRESIDENT = "president", "President"
        VICE_PRESIDENT = "vice_president", "Vice president"
        SECRETARY = "secretary", "Secretary"
        TREASURER = "treasurer", "Treasurer"
        BOARD = "board", "Board member"

    person_name = models.CharField("person", max_length=120)
    title_then = models.CharField(max_length=120, blank=True, help_text="The person's title at the time.")
    government = models.ForeignKey(Government, models.PROTECT, related_name="offices")
    office = models.CharField(max_length=16, choices=Kind.choices, default=Kind.PRESIDENT)
    from_year = models.PositiveSmallIntegerField("from", null=True, blank=True, help_text="Blank when not recorded.")
    to_year = models.PositiveSmallIntegerField("to", null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    objects: ClassVar[models.Manager[Office]] = OfficeQuerySet.as_manager()

    class Meta:
        ordering = ("-from_year", "person_name")
        constraints = [
            models.UniqueConstraint(
                fields=["person_name", "office", "from_year"],
                nulls_distinct=False,
                name="office_once_per_person_and_start",
            ),
            models.CheckConstraint(
                name="office_years_in_order",
                condition=Q(to_year__isnull=True) | Q(from_year__isnull=True) | Q(to_year__gte=models.F("from_year")),
                violation_error_message="The office ends before it begins.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_office_display()}: {self.person_name}"
