"""The row that proves that a database is a demonstration, made by the `demo` command and nobody's work."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Marker(models.Model):
    """At most one row. Where it is missing, the `demo` command touches nothing that is there."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seed = models.BigIntegerField()
    loaded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(name="demo_marker_is_one_row", condition=Q(id=1))]

    def __str__(self) -> str:
        return f"Demonstration of seed {self.seed}"
