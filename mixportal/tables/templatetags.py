from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from mixportal.consensus.words import ordinal
from mixportal.tables import text

register = template.Library()

register.filter(text.spelled)
register.filter(ordinal)
register.filter(text.ordinal_word)


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    return format_html(
        '<svg class="ico" viewBox="0 0 20 20" aria-hidden="true"><use href="{}#{}" /></svg>',
        static("img/icons.svg"),
        name,
    )


@register.simple_block_tag
def oneline(content: str) -> SafeString:
    return SafeString(" ".join(content.split()))


@register.filter
def listed(names: Iterable[object]) -> str:
    return text.listed([str(name) for name in names])


@register.filter
def counted(number: int, words: str) -> str:
    """`{{ 2|counted:"place,places" }}` is "2 places"."""
    singular, plural = words.split(",")
    return text.counted(number, singular, plural)


@register.filter
def absolute(number: int) -> int:
    return abs(number)


@register.filter
def decimals(value: float, places: int) -> str:
    """Return a number with a true minus sign."""
    return f"{value:.{places}f}".replace("-", "−")


@register.filter
def collapsed(value: str) -> str:
    return " ".join(value.split())
