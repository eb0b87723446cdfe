"""The admin explains what the database refuses."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.db import IntegrityError

from mixportal.desk.base import NOTHING_SAVED, CuratedAdmin, refusal_message
from mixportal.editions.models import Kind
from priorities.models import Priority
from tests.curating import (
    PRIORITIES,
    order,
)


class Unguarded(CuratedAdmin):
    """Check only Django's permissions, so that the database refuses."""

    list_display = ("title", "position")
    list_editable = ("position",)


@pytest.mark.parametrize("way", ["change", "delete", "list", "action"])
def test_what_a_trigger_refuses_comes_back_as_its_own_words(world, rf, way):
    entry = world.edition.list_of(Kind.PRIORITIES).entries.in_order()[0]
    site = admin.AdminSite()
    site.register(Priority, Unguarded)
    unguarded = site.get_model_admin(Priority)
    whole = {"title": "Changed", "slug": "changed", "description": "d", "position": 1}
    whole |= {"annual_list": entry.annual_list_id, "line": entry.line_id}
    row = {
        "form-TOTAL_FORMS": 1,
        "form-INITIAL_FORMS": 1,
        "form-0-id": entry.pk,
        "form-0-position": 70,
        "_save": "Save",
    }
    chosen = {"action": "delete_selected", "_selected_action": entry.pk, "post": "yes"}
    posted = {"change": whole, "delete": {"post": "yes"}, "list": row, "action": chosen}[way]
    request = rf.post(PRIORITIES, posted)
    request.user, request.session, request._dont_enforce_csrf_checks = world.curator, {}, True
    request._messages = FallbackStorage(request)
    view = {"change": unguarded.change_view, "delete": unguarded.delete_view}.get(way, unguarded.changelist_view)
    answer = view(request, *([str(entry.pk)] if way in ("change", "delete") else []))
    assert answer.status_code == 302
    assert answer["Location"] == PRIORITIES
    assert [str(message) for message in get_messages(request)] == [
        "Nothing was saved: The list of 2030 has opened. Only the wording of its entries can change, and with a reason."
    ]
    assert order(world.edition)[0] == "Cybersecurity"


def test_a_refusal_without_words_of_its_own_says_that_nothing_was_saved():
    assert refusal_message(IntegrityError("anything")) == NOTHING_SAVED
