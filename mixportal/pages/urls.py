from django.urls import path

from mixportal.pages.views import data, governments, lists, pages
from mixportal.pages.views.entry import entry
from mixportal.pages.views.search import dialogue

urlpatterns = [
    path("governments/", governments.directory, name="governments"),
    path("governments/export.csv", governments.governments_csv, name="governments-csv"),
    path("<year:year>/<kind:kind>/", lists.entries, name="list"),
    path("", pages.home, name="home"),
    path("<year:year>/", pages.edition, name="edition"),
    path("<year:year>/archive.zip", pages.archive, name="archive"),
    path("feed/", data.feed, name="feed"),
    path("data/", data.data, name="data"),
    path("sitemap.xml", data.sitemap, name="sitemap"),
    path("robots.txt", data.robots_txt, name="robots"),
    path("governments/<slug:slug>/", governments.government, name="government"),
    path("methods/", pages.methods, name="methods"),
    path("about/", pages.about, name="about"),
    path("about/speed/", pages.speed, name="speed"),
    path("about/privacy/", pages.privacy, name="privacy"),
    path("about/operating/", pages.operating, name="operating"),
    path("notes/", dialogue, name="dialogue"),
    path("<year:year>/<kind:kind>/<slug:slug>/", entry, name="entry"),
]
