from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from mixportal import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
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
    path("", include("mixportal.pages.urls")),  # last: an entry's slug is any word
    path("admin/", admin.site.urls),
]
if settings.DEMO:
    urlpatterns.insert(0, path("", include("mixportal.demo.urls")))

handler400 = "mixportal.views.bad_request"
handler403 = "mixportal.views.forbidden"
handler404 = "mixportal.views.not_found"
handler500 = "mixportal.views.broken"
