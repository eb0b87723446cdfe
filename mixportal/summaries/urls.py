from django.urls import path

from mixportal.summaries.views import briefs, embed, share_links, summary

urlpatterns = [
    path("<year:year>/summary/", summary.summary, name="summary"),
    path("<year:year>/summary.pdf", summary.summary_pdf, name="summary-pdf"),
    path("<year:year>/slides/", summary.slides, name="slides"),
    path("<year:year>/embed/", embed.embed, name="embed"),
    path("governments/<slug:slug>/<year:year>/", briefs.brief, name="brief"),
    path("governments/<slug:slug>/<year:year>/brief.pdf", briefs.brief_pdf, name="brief-pdf"),
    path("governments/<slug:slug>/shares/", share_links.shares, name="shares"),
    path("share/<str:token>/", briefs.shared_brief, name="shared-brief"),
    path("share/<str:token>/brief.pdf", briefs.shared_brief_pdf, name="shared-brief-pdf"),
]
