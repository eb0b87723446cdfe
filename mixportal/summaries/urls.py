from django.urls import path

from mixportal.summaries import leaders, publishing, shares, views

urlpatterns = [
    path("", views.home, name="home"),
    path("<year:year>/", views.edition, name="edition"),
    path("<year:year>/archive.zip", views.archive, name="archive"),
    path("<year:year>/summary/", views.summary, name="summary"),
    path("<year:year>/summary.pdf", leaders.summary_pdf, name="summary-pdf"),
    path("<year:year>/slides/", leaders.slides, name="slides"),
    path("<year:year>/embed/", publishing.embed, name="embed"),
    path("<year:year>/picture.png", publishing.share_picture, name="share-picture"),
    path("feed/", publishing.feed, name="feed"),
    path("data/", publishing.data, name="data"),
    path("sitemap.xml", publishing.sitemap, name="sitemap"),
    path("robots.txt", publishing.robots_txt, name="robots"),
    path("governments/<slug:slug>/", views.government, name="government"),
    path("governments/<slug:slug>/<year:year>/", leaders.brief, name="brief"),
    path("governments/<slug:slug>/<year:year>/brief.pdf", leaders.brief_pdf, name="brief-pdf"),
    path("governments/<slug:slug>/shares/", shares.shares, name="shares"),
    path("share/<str:token>/", leaders.shared_brief, name="shared-brief"),
    path("share/<str:token>/brief.pdf", leaders.shared_brief_pdf, name="shared-brief-pdf"),
    path("methods/", views.methods, name="methods"),
    path("about/", views.about, name="about"),
    path("about/speed/", views.speed, name="speed"),
    path("about/privacy/", views.privacy, name="privacy"),
    path("about/operating/", views.operating, name="operating"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
]
