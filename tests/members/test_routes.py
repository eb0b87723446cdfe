"""`manage.py routes`: each address with methods and audience, from the declarations of the views themselves."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import path

from members.routes import routes


@pytest.fixture
def listed(capsys) -> dict[str, dict]:
    call_command("routes", "--json")
    return {row["address"]: row for row in json.loads(capsys.readouterr().out)}


def test_each_route_has_the_methods_and_the_audience_that_its_view_declares(listed):
    assert listed["/<year:year>/<kind:kind>/ballot/"] == {
        "address": "/<year:year>/<kind:kind>/ballot/",
        "methods": ["GET", "HEAD", "POST"],
        "audience": "members and delegates",
        "names": ["ballot"],
    }
    assert listed["/account/sign-out/"]["methods"] == ["POST"]
    assert listed["/governments/export.csv"]["audience"] == "members, delegates, curators"
    assert listed["/"]["audience"] == "everyone"


def test_every_route_of_the_resolver_is_listed_once_and_admin_and_static_in_a_line_each(listed):
    ours = {address: row for address, row in listed.items() if not address.endswith("...")}
    assert sorted(name for row in ours.values() for name in row["names"]) == sorted(route.name for route in routes())
    assert listed["/admin/..."]["audience"] == "curators, each as permitted"
    assert listed["/static/..."]["audience"] == "everyone"
    assert not any(address.startswith("/admin/") and address != "/admin/..." for address in listed)


def test_what_declares_nothing_is_not_made_to_look_declared():
    def view(request):
        return None

    [route] = routes([path("x/", view, name="x")])
    assert (route.address, route.audience, route.methods) == ("/x/", None, [])


def test_the_table_has_a_line_for_each_route_under_its_heading(capsys):
    call_command("routes")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["Address", "Methods", "Audience", "Names"]
    assert len(lines) == 1 + len({route.address for route in routes()}) + 2
    [home] = [line.split() for line in lines if line.startswith("/ ")]
    assert home == ["/", "GET", "HEAD", "everyone", "home"]


def test_it_needs_no_database():
    environment = {**os.environ, "DATABASE_URL": "postgres://nobody@127.0.0.1:9/nothing"}
    done = subprocess.run(
        [sys.executable, "manage.py", "routes"], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "/<year:year>/" in done.stdout
