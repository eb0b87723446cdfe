from django.urls import path

from mixportal.pages.views import about, feeds, governments, lists

urlpatterns = [
    path("governments/", governments.directory, name="governments"),
    path("governments/export.csv", governments.governments_csv, name="governments-csv"),
    path("<year:year>/<kind:kind>/", lists.entries, name="list"),
    path("", lists.home, name="home"),
    path("<year:year>/", lists.edition, name="edition"),
    path("<year:year>/archive.zip", lists.archive, name="archive"),
    path("feed/", feeds.feed, name="feed"),
    path("data/", about.data, name="data"),
    path("sitemap.xml", feeds.sitemap, name="sitemap"),
    path("robots.txt", feeds.robots_txt, name="robots"),
    path("governments/<slug:slug>/", governments.government, name="government"),
    path("methods/", about.methods, name="methods"),
    path("about/", about.about, name="about"),
    path("about/accessibility/", about.accessibility, name="accessibility"),
    path("about/security/", about.security, name="security"),
    path("about/speed/", about.speed, name="speed"),
    path("about/privacy/", about.privacy, name="privacy"),
    path("about/operating/", about.operating, name="operating"),
    path("search/", lists.search, name="search"),
    path("notes/", lists.notes, name="all-notes"),
    path("<year:year>/<kind:kind>/<slug:slug>/", lists.entry, name="entry"),
]
