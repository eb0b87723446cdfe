"""Wiring: each kind lists its own pages; the rest by room."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("<year:year>/priorities/", include("priorities.urls")),
    path("<year:year>/challenges/", include("challenges.urls")),
    path("<year:year>/hindrances/", include("challenges.hindrance_urls")),
    path("", include("members.urls")),
    path("", include("mixportal.proposals.urls")),
    path("", include("mixportal.comparison.urls")),
    path("", include("mixportal.summaries.urls")),
    path("", include("mixportal.notes.urls")),
    path("admin/", admin.site.urls),
]
if settings.DEMO:
    urlpatterns.insert(0, path("", include("mixportal.demo.urls")))

handler400 = "mixportal.summaries.errors.bad_request"
handler403 = "mixportal.summaries.errors.forbidden"
handler404 = "mixportal.summaries.errors.not_found"
handler500 = "mixportal.summaries.errors.broken"
