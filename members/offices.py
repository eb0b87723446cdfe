import pghistory
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Collate, Lower


class OfficeQuerySet(models.QuerySet["Office"]):
    def latest_first(self) -> "OfficeQuerySet":
        return self.order_by(F("from_year").desc(nulls_last=True), Collate(Lower("person_name"), "C"))

    def presidents(self) -> "OfficeQuerySet":
        return self.filter(office="president").select_related("government").latest_first()


@pghistory.track()
class Office(models.Model):
    """Offices predate the portal, so they name a person instead of an account."""

    KINDS = [
        ("president", "President"),
        ("vice_president", "Vice president"),
        ("secretary", "Secretary"),
        ("treasurer", "Treasurer"),
        ("board", "Board member"),
    ]

    person_name = models.CharField("person", max_length=120)
    title_then = models.CharField(max_length=120, blank=True, help_text="The person's title at the time.")
    government = models.ForeignKey("members.Government", models.PROTECT, related_name="offices")
    office = models.CharField(max_length=16, choices=KINDS, default="president")
    from_year = models.PositiveSmallIntegerField("from", null=True, blank=True, help_text="Blank when not recorded.")
    to_year = models.PositiveSmallIntegerField("to", null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    objects = OfficeQuerySet.as_manager()

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
                condition=Q(to_year__isnull=True) | Q(from_year__isnull=True) | Q(to_year__gte=F("from_year")),
                violation_error_message="The office ends before it begins.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_office_display()}: {self.person_name}"
