"""The picture that a shared link shows: the finding, set as on the page. Pillow draws it, in the portal's own faces."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont

SIZE = WIDTH, HEIGHT = 1200, 630
MARGIN = 72
PAGE, INK, SECOND, RULE = "#fbf8f2", "#16233a", "#4b5669", "#16233a"
FONTS = Path(settings.BASE_DIR) / "static" / "fonts"


def card(label: str, headline: str, words: str, foot: str) -> bytes:
    """A PNG of 1200 x 630: `label` above, the headline large, `words` below as far as they fit, `foot` at the end."""
    image = Image.new("RGB", SIZE, PAGE)
    draw = ImageDraw.Draw(image)
    draw.line((MARGIN, 64, WIDTH - MARGIN, 64), fill=RULE, width=4)
    draw.line((MARGIN, 71, WIDTH - MARGIN, 71), fill=RULE, width=2)
    draw.text((MARGIN, 92), f"MIX · {label}", font=_face("public-sans", 30), fill=SECOND)
    size, lines = _fitted(draw, headline)
    y = 158
    for line in lines:
        draw.text((MARGIN, y), line, font=_face("almanac-display", size), fill=INK)
        y += round(size * 1.12)
    y += 24
    for line in _wrapped(draw, words, _face("almanac-text", 36))[: max(0, (530 - y) // 48)]:
        draw.text((MARGIN, y), line, font=_face("almanac-text", 36), fill=SECOND)
        y += 48
    draw.line((MARGIN, 544, WIDTH - MARGIN, 544), fill=RULE, width=2)
    draw.text((MARGIN, 562), f"Metropolitan Information Exchange · {foot}", font=_face("public-sans", 28), fill=SECOND)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _fitted(draw: ImageDraw.ImageDraw, headline: str) -> tuple[int, list[str]]:
    """The largest size at which the headline takes at most three lines."""
    for size in (96, 84, 72, 60, 48):
        lines = _wrapped(draw, headline, _face("almanac-display", size))
        if len(lines) <= 3:
            break
    return size, lines[:3]


def _wrapped(draw: ImageDraw.ImageDraw, text: str, face: ImageFont.FreeTypeFont) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and draw.textlength(longer, font=face) <= WIDTH - 2 * MARGIN:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


@cache
def _face(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(io.BytesIO(_unpacked(name)), size)


@cache
def _unpacked(name: str) -> bytes:
    """The web font as FreeType reads it, without its compression."""
    font = TTFont(FONTS / f"{name}.woff2")
    font.flavor = None
    plain = io.BytesIO()
    font.save(plain)
    return plain.getvalue()
