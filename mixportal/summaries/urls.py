from django.urls import path

from mixportal.summaries import views

urlpatterns = [
    path("", views.home, name="home"),
    path("<year:year>/", views.edition, name="edition"),
    path("<year:year>/summary/", views.summary, name="summary"),
    path("governments/<slug:slug>/", views.government, name="government"),
    path("methods/", views.methods, name="methods"),
    path("about/", views.about, name="about"),
    path("about/speed/", views.speed, name="speed"),
    path("about/privacy/", views.privacy, name="privacy"),
    path("about/operating/", views.operating, name="operating"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
]
