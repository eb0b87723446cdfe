from datetime import date, datetime
from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.dateformat import format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from mixportal.editions.models import Edition

register = template.Library()

CLOCK = "g:i a T"


@register.filter
def moment(at: datetime, edition: Edition) -> SafeString:
    """Return a time like Wednesday, June 30, 2027, at 5:00 p.m. EDT."""
    local = at.astimezone(edition.zone)
    words = f"{local:%A, %B} {local.day}, {local.year}, at {format(local, CLOCK)}"
    return format_html('<time class="moment" datetime="{}">{}</time>', local.isoformat(timespec="seconds"), words)


@register.filter
def short_moment(at: datetime, edition: Edition) -> SafeString:
    local = at.astimezone(edition.zone)
    words = f"{_day(local, edition)} at {format(local, CLOCK)}"
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="seconds"), words)


@register.filter
def day(when: datetime | date, edition: Edition) -> SafeString:
    local = when.astimezone(edition.zone).date() if isinstance(when, datetime) else when
    return _day_element(local, _day(local, edition))


@lru_cache(maxsize=1024)
def _day_element(local: date, words: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), words)


def _day(local: date, edition: Edition) -> str:
    year = "" if local.year == edition.year == timezone.now().year else f", {local.year}"
    return f"{local:%B} {local.day}{year}"


@register.filter
def days_between(first: date, last: date | None) -> str:
    if last is None or last == first:
        return f"{first:%B} {first.day}, {first.year}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first:%B} {first.day} to {last.day}, {last.year}"
    year = "" if first.year == last.year else f", {first.year}"
    return f"{first:%B} {first.day}{year} to {last:%B} {last.day}, {last.year}"


@register.filter
def until(at: datetime, edition: Edition) -> str:
    minutes = (at - edition.read_at).total_seconds() / 60
    for amount, unit, fewest in (
        (minutes / 1440, "day", 2),
        (minutes / 60, "hour", 2),
        (minutes, "minute", 1),
    ):
        if amount >= fewest:
            return f"{int(amount)} {unit}{'' if amount < 2 else 's'}"
    return "less than a minute"
