"""Wiring: each room lists its own pages."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("mixportal.changes.urls")),
    path("", include("members.urls")),
    path("", include("mixportal.proposals.urls")),
    path("", include("mixportal.ballots.urls")),
    path("", include("mixportal.results.urls")),
    path("", include("mixportal.comparison.urls")),
    path("", include("mixportal.trends.urls")),
    path("", include("priorities.urls")),
    path("", include("challenges.urls")),
    path("", include("mixportal.summaries.urls")),
    path("", include("mixportal.notes.urls")),
    path("", include("mixportal.pages.urls")),  # last: the slug of an entry is any word
    path("admin/", admin.site.urls),
]
if settings.DEMO:
    urlpatterns.insert(0, path("", include("mixportal.demo.urls")))

handler400 = "mixportal.summaries.errors.bad_request"
handler403 = "mixportal.summaries.errors.forbidden"
handler404 = "mixportal.summaries.errors.not_found"
handler500 = "mixportal.summaries.errors.broken"
