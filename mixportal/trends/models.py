import pghistory
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q
from django.db.models.functions import Lower
from django.urls import reverse

from members.models import Viewer
from mixportal.consensus.words import place_words
from mixportal.editions.models import Entry, Line, database_now
from mixportal.tables.text import listed, sentence


class Certainty(models.TextChoices):
    STATED = "stated", "stated by the source"
    INFERRED = "inferred", "inferred"
    UNSURE = "unsure", "unsure"


class OutsideSeriesQuerySet(models.QuerySet["OutsideSeries"]):
    def visible_to(self, user: Viewer) -> "OutsideSeriesQuerySet":
        return self.filter(pk__in=OutsideList.objects.visible_to(user).values("series"))


@pghistory.track()
class OutsideSeries(models.Model):
    body = models.CharField(max_length=160, help_text="Who publishes it, in full.")
    short_name = models.CharField(
        max_length=60,
        help_text="As in: 2nd on the … list of 2018. For example: state CIOs’, National Counties’",
    )
    name = models.CharField(max_length=160, blank=True, help_text="Where a body has several lists in one year.")
    slug = models.SlugField(max_length=130, unique=True, help_text="A short name for addresses and files.")
    url = models.URLField("address", max_length=400, blank=True, help_text="Where the body publishes it.")
    license = models.CharField(max_length=160, blank=True, help_text="What allows us to show it.")

    objects = OutsideSeriesQuerySet.as_manager()

    class Meta:
        ordering = ("body", "name")
        verbose_name_plural = "outside series"
        constraints = [
            models.UniqueConstraint(
                Lower("body"),
                Lower("name"),
                name="outside_series_once",
                violation_error_message="This body already has a list of that name.",
            ),
            models.CheckConstraint(
                name="outside_series_has_a_web_address",
                condition=Q(url="") | Q(url__startswith="https://") | Q(url__startswith="http://"),
                violation_error_message="Give an address that begins with https://.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body}, {self.name}" if self.name else self.body

    def get_absolute_url(self) -> str:
        return reverse("outside-series", args=[self.slug])


class OutsideListQuerySet(models.QuerySet["OutsideList"]):
    def visible_to(self, user: Viewer) -> "OutsideListQuerySet":
        if user.is_authenticated and user.is_curator:
            return self
        return self.filter(published_at__isnull=False)

    def with_item_counts(self) -> "OutsideListQuerySet":
        return self.annotate(item_count=Count("items")).order_by("-year")

    def with_items(self, user: Viewer) -> "OutsideListQuerySet":
        """With items and the entries on their lines, newest first."""
        entries = Entry.objects.visible_to(user).with_list().order_by("-annual_list__edition__year")
        by_place = F("place").asc(nulls_last=True), F("percent").desc(nulls_last=True), "position"
        items = OutsideItem.objects.with_list().select_related("line").order_by(*by_place)
        return self.prefetch_related(Prefetch("items", items), Prefetch("items__line__entries", entries))


@pghistory.track()
class OutsideList(models.Model):
    series = models.ForeignKey(OutsideSeries, models.PROTECT, related_name="lists")
    year = models.PositiveSmallIntegerField()
    url = models.URLField("address", max_length=400, blank=True, help_text="Where this year’s list can be read.")
    how_made = models.CharField(max_length=400, blank=True, help_text="Who was asked, and how it was counted.")
    note = models.CharField(max_length=400, blank=True)
    published_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="From when everybody sees it here; until then only curators do.",
    )

    objects = OutsideListQuerySet.as_manager()

    class Meta:
        ordering = ("-year", "series__body", "series__name")
        constraints = [
            models.UniqueConstraint(
                fields=["series", "year"],
                name="outside_list_once",
                violation_error_message="This list already has that year.",
            ),
            models.CheckConstraint(
                name="outside_list_year_plausible",
                condition=Q(year__range=(1966, 2200)),
                violation_error_message="Years are from 1966 to 2200.",
            ),
            models.CheckConstraint(
                name="outside_list_has_a_web_address",
                condition=Q(url="") | Q(url__startswith="https://") | Q(url__startswith="http://"),
                violation_error_message="Give an address that begins with https://.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series}, {self.year}"

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    def publish(self) -> None:
        """Publish the list. Raises ValidationError if it is empty."""
        if not self.items.exists():
            raise ValidationError(f"{self} has no items, so there is nothing to publish.")
        if self.published_at is None:
            self.published_at = database_now()
            self.save(update_fields=["published_at"])


class OutsideItemQuerySet(models.QuerySet["OutsideItem"]):
    def visible_to(self, user: Viewer) -> "OutsideItemQuerySet":
        return self.filter(outside_list__in=OutsideList.objects.visible_to(user).values("pk"))

    def with_list(self) -> "OutsideItemQuerySet":
        same_place = OutsideItem.objects.filter(outside_list=OuterRef("outside_list"), place=OuterRef("place"))
        annotations = {"shares_place": Exists(same_place.exclude(pk=OuterRef("pk")))}
        return (
            self.annotate(**annotations)
            .select_related("outside_list__series")
            .order_by("-outside_list__year", "outside_list__series__body", "position", "pk")
        )


@pghistory.track()
class OutsideItem(models.Model):
    outside_list = models.ForeignKey(OutsideList, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(default=1, help_text="The order in which the source lists it.")
    title = models.CharField(max_length=200, help_text="As the source words it.")
    place = models.PositiveSmallIntegerField(null=True, blank=True)
    tied = models.BooleanField(
        default=False,
        help_text="It shares its place with one that is not kept here. Equal places are seen as joint anyway.",
    )
    percent = models.DecimalField(
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        help_text="Of those asked, how many named it.",
    )
    certainty = models.CharField(max_length=8, choices=Certainty.choices, default=Certainty.STATED)
    is_disputed = models.BooleanField("disputed", default=False, help_text="Sources contradict each other.")
    note = models.CharField(max_length=400, blank=True, help_text="What is disputed or inferred, and by whom.")
    line = models.ForeignKey(
        Line,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="outside_items",
        help_text="What it means on our lists.",
    )
    line_certainty = models.CharField(
        max_length=8,
        choices=Certainty.choices,
        default=Certainty.STATED,
        help_text="How sure it is that both mean the same.",
    )
    line_reason = models.CharField(max_length=400, blank=True, help_text="Why both mean the same.")

    objects = OutsideItemQuerySet.as_manager()

    shares_place: bool  # by with_list()

    class Meta:
        ordering = ("outside_list", "position", "pk")
        constraints = [
            models.UniqueConstraint(
                "outside_list",
                Lower("title"),
                name="outside_item_once",
                violation_error_message="The list already has an item with this title.",
            ),
            models.CheckConstraint(
                name="outside_item_place_or_percent",
                condition=Q(place__isnull=True) | Q(percent__isnull=True),
                violation_error_message="Give a place or a percentage, not both.",
            ),
            models.CheckConstraint(
                name="outside_item_place_from_1",
                condition=Q(place__isnull=True) | Q(place__range=(1, 999)),
                violation_error_message="Places are from 1 to 999.",
            ),
            models.CheckConstraint(
                name="outside_item_tied_in_a_place",
                condition=Q(tied=False) | Q(place__isnull=False),
                violation_error_message="Only a place can be shared.",
            ),
            models.CheckConstraint(
                name="outside_item_percent_of_a_hundred",
                condition=Q(percent__isnull=True) | Q(percent__range=(0, 100)),
                violation_error_message="A percentage is from 0 to 100.",
            ),
            models.CheckConstraint(
                name="outside_item_certainty_known",
                condition=Q(certainty__in=Certainty.values, line_certainty__in=Certainty.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.outside_list})"

    @property
    def is_joint(self) -> bool:
        return self.tied or self.shares_place

    @property
    def words(self) -> str:
        where = f"on the {self.outside_list.series.short_name} list of {self.outside_list.year}"
        if self.place is not None:
            return f"{place_words(self.place, self.is_joint)} {where}"
        return where if self.percent is None else f"named by {self.percent.normalize():f} % {where}"

    @property
    def figure(self) -> str:
        if self.place is not None:
            return place_words(self.place, self.is_joint)
        return "listed" if self.percent is None else f"{self.percent.normalize():f} %"

    @property
    def in_one_line(self) -> str:
        return f"{self.words} ({self.doubts[:1].lower()}{self.doubts[1:]})" if self.doubts else self.words

    @property
    def doubts(self) -> str:
        of_place = {
            "inferred": "its place is inferred, not stated",
            "unsure": "its place is not sure",
        }
        of_line = {
            "inferred": "that both mean the same is our reading",
            "unsure": "whether both mean the same is not sure",
        }
        found = ["its place is disputed" if self.is_disputed else ""]
        found += [of_place.get(self.certainty, ""), of_line.get(self.line_certainty, "")]
        return sentence(listed([doubt for doubt in found if doubt]))
