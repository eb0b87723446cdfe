"""Who belongs: people, the governments they speak for, the seats those hold, and the offices of MIX."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, TypeAlias

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser, PermissionsMixin
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.db.models import Case, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Collate, Lower
from django.urls import reverse
from django.utils import timezone

from members.belonging import Belongs
from members.consent import Consenting
from members.geography import REGION_OF_STATE, STATES, Region
from members.invitations import Invitation as Invitation
from members.preferences import GetsMail, MailPreference  # noqa: F401  (a model of this app)
from members.seats import MAX_SEATS, HoldsSeat

SMALL_UNDER, LARGE_ABOVE = 250_000, 750_000


class PopulationBand(models.TextChoices):
    """The bands that cohorts use."""

    SMALL = "small", f"Under {SMALL_UNDER:,}"
    MEDIUM = "medium", f"{SMALL_UNDER:,} to {LARGE_ABOVE:,}"
    LARGE = "large", f"Above {LARGE_ABOVE:,}"

    @property
    def populations(self) -> Q:
        """The governments of this band; those whose population is not known are in none."""
        return {
            PopulationBand.SMALL: Q(population__lt=SMALL_UNDER),
            PopulationBand.MEDIUM: Q(population__range=(SMALL_UNDER, LARGE_ABOVE)),
            PopulationBand.LARGE: Q(population__gt=LARGE_ABOVE),
        }[self]


class NotSeatedError(Exception):
    """The government holds no seat, so it cannot rank or answer."""


class GovernmentQuerySet(models.QuerySet["Government"]):
    def by_name(self) -> GovernmentQuerySet:
        """In an order that does not depend on the server's locale."""
        return self.order_by(Collate(Lower("name"), "C"), "state")

    def seated(self) -> GovernmentQuerySet:
        return self.filter(seat__isnull=False)

    def filtered(
        self, *, q: str = "", kind: str = "", state: str = "", band: str = "", form: str = "", it_structure: str = ""
    ) -> GovernmentQuerySet:
        """Those that fit all that is given; `q` is words of the name, in any order. Raises ValueError for no band."""
        found = self
        for word in q.split():
            found = found.filter(name__icontains=word)
        if band:
            found = found.filter(PopulationBand(band).populations)
        given = {"kind": kind, "state": state, "form_of_government": form, "it_structure": it_structure}
        return found.filter(**{field: value for field, value in given.items() if value})

    def with_member(self) -> GovernmentQuerySet:
        """With `member`, the name of who speaks for it; None while nobody does. For members' eyes."""
        member = User.objects.filter(government=OuterRef("pk"), role=User.Role.MEMBER, is_active=True)
        return self.annotate(member=Subquery(member.values("name")[:1]))

    def recorded_for(self, user: Any) -> GovernmentQuerySet:
        """Those whose own records somebody may read: that of their voters, and all for curators."""
        if user.is_curator:
            return self
        return self.filter(pk=user.government_id) if user.is_voter else self.none()

    def seated_at(self, moment: datetime) -> list[dict[str, Any]]:
        """The governments that held a seat at `moment`, by the history, each with the facts cohorts are made of.

        Where the record begins only after `moment`, as for editions older than the portal, each government stands as it
        was first entered.
        """
        events = list(Government._meta.get_field("events").related_model.objects.order_by("pgh_created_at", "pgh_id"))
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


@pghistory.track()
class Government(HoldsSeat, models.Model):
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
                | Q(
                    population__isnull=False,
                    population_year__isnull=False,  # named, since SQL takes an unknown for true
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
        return reverse("government", args=[self.slug])

    @property
    def region(self) -> Region:
        return REGION_OF_STATE[self.state]

    @property
    def recorded_at(self) -> datetime:
        """When its facts were last entered or changed."""
        return self.events.aggregate(latest=models.Max("pgh_created_at"))["latest"]

    @property
    def population_band(self) -> PopulationBand | None:
        """None where the population is not known."""
        return self.band_of(self.population)

    @staticmethod
    def band_of(population: int | None) -> PopulationBand | None:
        if population is None:
            return None
        if population < SMALL_UNDER:
            return PopulationBand("small")
        return PopulationBand("medium" if population <= LARGE_ABOVE else "large")


class UserQuerySet(models.QuerySet["User"]):
    def speaking_for(self, government: Government) -> UserQuerySet:
        """Its active people: the member, then delegates, then leaders, each by name."""
        roles = [User.Role.MEMBER, User.Role.DELEGATE, User.Role.LEADER]
        standing = Case(*[When(role=role, then=Value(place)) for place, role in enumerate(roles)])
        return self.filter(government=government, is_active=True).order_by(standing, Collate(Lower("name"), "C"))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, **fields) -> User:
        """A person without a password: sign-in is by mailed code or passkey."""
        user = self.model(email=email.strip(), **fields)
        user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> User:
        """A curator who may do everything. A password (Django's command may bring one) is not kept."""
        return self.create_user(email, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email__iexact=email)


@pghistory.track(exclude=["password", "last_login", "seen_at"])
class User(Belongs, Consenting, GetsMail, AbstractBaseUser, PermissionsMixin):
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
    seen_at = models.DateTimeField(null=True, editable=False, help_text="Their last visit, to the hour.")
    phone = models.CharField(max_length=40, blank=True, help_text="Seen by members, delegates and curators.")
    shows_email = models.BooleanField("shows the address to members", default=False)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ("name",)
        constraints = [
            *Consenting.Meta.constraints,
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

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Whoever is switched off has no session left, not even for the day on which they are switched on again."""
        super().save(*args, **kwargs)
        if not self.is_active:
            self.sessions.all().delete()

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def has_usable_password(self) -> bool:
        return False  # nobody has one, whatever the column holds

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


Viewer: TypeAlias = User | AnonymousUser  # who looks at a page


class SessionManager(BaseSessionManager):
    def of(self, user: User) -> models.QuerySet:
        """Where somebody is signed in now, the latest visit first."""
        return self.filter(user=user, expire_date__gt=timezone.now()).order_by("-seen_at")


class Session(AbstractBaseSession):
    """A browser's session; while somebody is signed in there, whose and on what (members/sessions.py)."""

    user = models.ForeignKey(User, models.CASCADE, null=True, editable=False, related_name="sessions")
    device = models.CharField(max_length=60, blank=True, editable=False)
    signed_in_at = models.DateTimeField(null=True, editable=False)
    seen_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[SessionManager] = SessionManager()


class CacheEntry(models.Model):
    """The table of Django's database cache, as `createcachetable` makes it; a model, so that `migrate` makes it too."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "portal_cache"

    def __str__(self) -> str:
        return self.cache_key


class OfficeQuerySet(models.QuerySet["Office"]):
    def latest_first(self) -> OfficeQuerySet:
        """Those whose years nobody recorded come last, by name."""
        return self.order_by(models.F("from_year").desc(nulls_last=True), Collate(Lower("person_name"), "C"))

    def presidents(self) -> OfficeQuerySet:
        return self.filter(office=Office.Kind.PRESIDENT).select_related("government").latest_first()


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


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent(), obj_field=None)
class CuratorGroup(User.groups.through):
    """Django's table of who is in which group, so that a curator's powers are in the history."""

    class Meta:
        proxy = True


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent(), obj_field=None)
class CuratorPermission(User.user_permissions.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True
