"""The portal's addresses, and some more at which everything goes wrong that has a page of its own."""

from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError
from django.urls import path

from mixportal import urls
from mixportal.views import csrf_failure

TROUBLE = {400: SuspiciousOperation, 500: RuntimeError, 503: OperationalError}


def fail(request, status):
    raise TROUBLE[status]


handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500
urlpatterns = [
    *urls.urlpatterns,
    *(path(f"trouble/{status}/", fail, {"status": status}) for status in TROUBLE),
    path("trouble/403/", csrf_failure),
]
