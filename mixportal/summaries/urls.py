from django.urls import path

from mixportal.summaries import views

urlpatterns = [
    path("<year:year>/summary/", views.summary, name="summary"),
    path("<year:year>/summary.pdf", views.summary_pdf, name="summary-pdf"),
    path("<year:year>/slides/", views.slides, name="slides"),
    path("<year:year>/embed/", views.embed, name="embed"),
    path("governments/<slug:slug>/<year:year>/", views.brief, name="brief"),
    path("governments/<slug:slug>/<year:year>/brief.pdf", views.brief_pdf, name="brief-pdf"),
    path("governments/<slug:slug>/shares/", views.shares, name="shares"),
    path("share/<str:token>/", views.shared_brief, name="shared-brief"),
    path("share/<str:token>/brief.pdf", views.shared_brief_pdf, name="shared-brief-pdf"),
]
