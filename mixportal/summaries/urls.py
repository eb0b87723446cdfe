from django.urls import path

from mixportal.summaries import publishing, views

urlpatterns = [
    path("", views.home, name="home"),
    path("<year:year>/", views.edition, name="edition"),
    path("<year:year>/summary/", views.summary, name="summary"),
    path("<year:year>/embed/", publishing.embed, name="embed"),
    path("<year:year>/picture.png", publishing.share_picture, name="share-picture"),
    path("feed/", publishing.feed, name="feed"),
    path("data/", publishing.data, name="data"),
    path("sitemap.xml", publishing.sitemap, name="sitemap"),
    path("robots.txt", publishing.robots_txt, name="robots"),
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
