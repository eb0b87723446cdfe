from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import datetime
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.dateformat import format

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


def grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    found: dict[K, list[V]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


def set_choices(form: forms.BaseForm, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


def moment_in_words(at: datetime | None) -> str:
    if at is None:
        return "–"
    return format(timezone.localtime(at), "F j, Y, g:i a T")


def value_in_words(field: models.Field[Any, Any], value: Any) -> str:
    if value is None or value == "":
        return ""
    try:
        value = field.to_python(value)
    except (ValidationError, TypeError, ValueError):
        return str(value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return moment_in_words(value)
    if isinstance(value, int) and abs(value) >= 10_000:  # no comma in years
        return f"{value:,}"
    return str(value)
