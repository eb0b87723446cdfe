from django.urls import path

from mixportal.trends.views import outside, outside_series, trends, trends_csv

urlpatterns = [
    path("trends/<kind:kind>/", trends, name="trends"),
    path("trends/<kind:kind>/places.csv", trends_csv, name="trends-csv"),
    path("outside/", outside, name="outside"),
    path("outside/<slug:series>/", outside_series, name="outside-series"),
]
