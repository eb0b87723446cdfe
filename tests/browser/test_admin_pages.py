"""The curators' pages: nothing that axe objects to, no sideways scroll, no error in the console."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.urls import reverse

from members.admin_people import GOVERNMENT_VERBS, USER_VERBS
from members.models import Government, User
from mixportal.editions.models import Edition
from tests.browser.test_pages import faults_of

pytestmark = pytest.mark.django_db

MODELS = list(admin.site._registry)


def address(model, page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args).removeprefix("/")


def test_the_index_and_every_list(demonstration, enter):
    lists = [address(model, "changelist") for model in MODELS]
    assert faults_of(enter(demonstration["curator"]), "admin/", *lists) == {}


def test_every_form(demonstration, enter):
    forms = [address(model, "change", some.pk) for model in MODELS if (some := model._default_manager.first())]
    forms += [address(model, "add") for model in MODELS if not model._default_manager.exists()]
    drafting = Edition.objects.drafting().first()
    others = [address(Edition, name, drafting.pk) for name in ("change", "history", "delete")]
    verbs = [(Government, verb) for verb in GOVERNMENT_VERBS] + [(User, verb) for verb in USER_VERBS]
    asking = [address(model, verb.key, model.objects.first().pk) for model, verb in verbs]
    assert faults_of(enter(demonstration["curator"]), *forms, *others, *asking) == {}
