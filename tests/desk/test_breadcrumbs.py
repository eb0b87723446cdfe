"""The breadcrumbs of the admin name each step once and lead to the list of what the page is about."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.urls import reverse

from tests.curating import EDITIONS
from tests.reading import links, page, text
from tests.worlds import make_edition


def crumbs(answer) -> tuple[list[str], list[str]]:
    """Return the steps and where they lead."""
    assert answer.status_code == 200
    found = next(each for each in page(answer).iter("div") if each.get("class") == "breadcrumbs")
    return [step.strip() for step in text(found).split("›")], links(found)


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model._meta.model_name)
def test_breadcrumbs_go_from_home_to_the_list_to_the_row(phases, sign_in, model):
    curator, prefix = sign_in(phases.curator), f"admin:{model._meta.app_label}_{model._meta.model_name}"
    rows, name = reverse(f"{prefix}_changelist"), model._meta.verbose_name_plural.capitalize()
    assert crumbs(curator.get(rows)) == (["Home", name], ["/admin/"])
    if (row := model._default_manager.last()) is not None:
        own = reverse(f"{prefix}_change", args=[row.pk])
        assert crumbs(curator.get(own)) == (["Home", name, str(row)], ["/admin/", rows])
        history = crumbs(curator.get(reverse(f"{prefix}_history", args=[row.pk])))
        assert history == (["Home", name, str(row), "History"], ["/admin/", rows, own])


def test_breadcrumbs_lead_back_from_adding_and_deleting_too(curator, draft):
    own = f"{EDITIONS}{draft.pk}"
    assert crumbs(curator.get(f"{EDITIONS}add/")) == (["Home", "Editions", "Add edition"], ["/admin/", EDITIONS])
    leads = ["/admin/", EDITIONS, f"{own}/change/"]
    assert crumbs(curator.get(f"{own}/delete/")) == (["Home", "Editions", "2031", "Delete"], leads)
    chosen = {"action": "delete_selected", "_selected_action": [draft.pk, make_edition(2032).pk]}
    assert crumbs(curator.post(EDITIONS, chosen)) == (["Home", "Editions", "Delete multiple objects"], leads[:2])
