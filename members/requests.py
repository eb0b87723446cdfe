from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from members.models import User


class PortalRequest(HttpRequest):
    htmx: HtmxDetails


class UserRequest(PortalRequest):
    """A request of a signed-in user, which every view that is not open to everyone gets."""

    user: User
