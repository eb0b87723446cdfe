from django.urls import path

from mixportal.comparison.trends_views import trends, trends_csv

urlpatterns = [
    path("trends/<slug:key>/", trends, name="trends"),
    path("trends/<slug:key>/places.csv", trends_csv, name="trends-csv"),
]
