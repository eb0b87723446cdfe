import hashlib
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


def migrations_digest() -> str:
    rooms = [Path(app.path) for app in apps.get_app_configs() if Path(app.path).is_relative_to(settings.BASE_DIR)]
    files = {file for room in rooms if ".venv" not in room.parts for file in room.glob("migrations/*.py")}
    return hashlib.sha256(b"".join(file.read_bytes() for file in sorted(files))).hexdigest()


class Marker(models.Model):
    """Without this row, `demo` does not change an existing database."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seed = models.BigIntegerField()
    migrations = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(name="demo_marker_is_one_row", condition=Q(id=1))]

    def __str__(self) -> str:
        return f"Demonstration of seed {self.seed}"
