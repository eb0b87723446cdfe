"""What the desk of an edition leads to: what members propose for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from mixportal.editions import kinds
from mixportal.editions.desk_links import DeskLink


def links_for() -> list[Callable[[Any], DeskLink]]:
    return [_link(kind.proposal, f"{kind.title} proposed") for kind in kinds.registered()]


def _link(model: Any, label: str) -> Callable[[Any], DeskLink]:
    changelist = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    return lambda edition: DeskLink(label, f"{reverse(changelist)}?edition__id__exact={edition.pk}")
