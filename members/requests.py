"""The types of the requests that views get, for what middleware and `open_to` guarantee."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from members.models import User


class PortalRequest(HttpRequest):
    """Any request: HtmxMiddleware has added `htmx`."""

    htmx: HtmxDetails


class UserRequest(PortalRequest):
    """A request of someone signed in, as each view gets that is not open to everyone."""

    user: User
