"""Addresses of the pages that both of a year's lists have."""

from __future__ import annotations

from django import template
from django.urls import reverse

from mixportal.editions.kinds import Kind

register = template.Library()


@register.simple_tag
def list_url(name: str, year: int, kind: Kind | str, *args: str | int) -> str:
    """As `{% url %}`, with the kind as an argument: {% list_url "entry" edition.year kind entry.slug %}."""
    key = kind if isinstance(kind, str) else kind.key
    return reverse(f"{key}:{name}", args=[year, *args])
