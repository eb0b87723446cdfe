"""The portal's addresses and one more: the constant view that page times are set against."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from members.access import Audience, open_to
from members.models import Government


@open_to(Audience.EVERYONE)
def constant(request: HttpRequest) -> HttpResponse:
    """Reads one row, behind the same middleware as every page."""
    return HttpResponse(Government.objects.values_list("name", flat=True).get(seat=1))


urlpatterns = [path("constant/", constant), path("", include("mixportal.urls"))]
