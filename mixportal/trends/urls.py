from django.urls import path

from mixportal.trends.views import outside, outside_series, trends, trends_csv, trends_without_kind

urlpatterns = [
    path("trends/", trends_without_kind, name="trends-without-kind"),
    path("trends/<kind:kind>/", trends, name="trends"),
    path("trends/<kind:kind>/places.csv", trends_csv, name="trends-csv"),
    path("outside/", outside, name="outside"),
    path("outside/<slug:series>/", outside_series, name="outside-series"),
]
