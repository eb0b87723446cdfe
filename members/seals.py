from __future__ import annotations

import base64
import hashlib
import io
import struct
import zlib
from typing import TYPE_CHECKING

import pghistory
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from PIL import Image, ImageOps

if TYPE_CHECKING:
    from members.models import Government, User

MAX_BYTES = 200_000
MAX_PIXELS = 4_000_000  # 200 kB can hold a picture that fills the memory
SIDE = 192
UNREADABLE = (
    EOFError, OSError, SyntaxError, ValueError, struct.error, zlib.error,
    Image.DecompressionBombError, Image.DecompressionBombWarning,
)  # fmt: skip


def read_seal(file: File[bytes]) -> bytes:
    """Return a PNG or JPEG file as a small, clean PNG. Raises ValidationError."""
    if file.size > MAX_BYTES:
        raise ValidationError("The file is larger than 200 kB.")
    try:
        with Image.open(io.BytesIO(file.read()), formats=("PNG", "JPEG")) as image:
            if image.width * image.height > MAX_PIXELS:
                raise ValidationError("The picture has more than 4 million pixels.")
            picture = ImageOps.exif_transpose(image).convert("RGBA")
    except UNREADABLE as error:
        raise ValidationError("Choose a PNG or JPEG file.") from error
    picture.thumbnail((SIDE, SIDE))
    clean = Image.new("RGBA", picture.size)  # without notes, places or color profiles
    clean.paste(picture)
    target = io.BytesIO()
    clean.save(target, "PNG", optimize=True)
    return target.getvalue()


class SealManager(models.Manager["Seal"]):
    def put(self, government: Government, image: bytes, *, by: User) -> Seal:
        values = {
            "image": image,
            "digest": hashlib.sha256(image).hexdigest()[:16],
            "updated_at": timezone.now(),
            "updated_by": by,
        }
        return self.update_or_create(government=government, defaults=values)[0]


@pghistory.track(exclude=["image"])
class Seal(models.Model):
    government = models.OneToOneField("members.Government", models.PROTECT, related_name="seal")
    image = models.BinaryField()
    digest = models.CharField(max_length=16)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = SealManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="seal_of_at_most_200_kb", condition=LessThanOrEqual(Length("image"), MAX_BYTES)
            ),
        ]

    def __str__(self) -> str:
        return f"Seal of {self.government}"

    @property
    def data_uri(self) -> str:
        return f"data:image/png;base64,{base64.b64encode(bytes(self.image)).decode()}"
