from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from members.models import User


class PortalRequest(HttpRequest):
    htmx: HtmxDetails


class UserRequest(PortalRequest):
    user: User
