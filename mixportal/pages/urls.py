from django.urls import path

from mixportal.pages import views

urlpatterns = [
    path("governments/", views.directory, name="governments"),
    path("governments/export.csv", views.governments_csv, name="governments-csv"),
    path("<year:year>/<kind:kind>/", views.entries, name="list"),
    path("", views.home, name="home"),
    path("<year:year>/", views.edition, name="edition"),
    path("<year:year>/archive.zip", views.archive, name="archive"),
    path("feed/", views.feed, name="feed"),
    path("data/", views.data, name="data"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("robots.txt", views.robots_txt, name="robots"),
    path("governments/<slug:slug>/", views.government, name="government"),
    path("methods/", views.methods, name="methods"),
    path("about/", views.about, name="about"),
    path("about/accessibility/", views.accessibility, name="accessibility"),
    path("about/security/", views.security, name="security"),
    path("about/speed/", views.speed, name="speed"),
    path("about/privacy/", views.privacy, name="privacy"),
    path("about/operating/", views.operating, name="operating"),
    path("search/", views.search, name="search"),
    path("notes/", views.notes, name="all-notes"),
    path("<year:year>/<kind:kind>/<slug:slug>/", views.entry, name="entry"),
]
