from django.urls import path

from mixportal.changes import views

urlpatterns = [
    path("governments/<slug:slug>/history/", views.history, name="government-history"),
    path("governments/<slug:slug>/history.csv", views.history_csv, name="government-history-csv"),
]
