from django.urls import include, path

from members import views

urlpatterns = [
    path("governments/", views.directory, name="governments"),
    path("governments/export.csv", views.governments_csv, name="governments-csv"),
    path("account/", include("members.account_urls")),
]
