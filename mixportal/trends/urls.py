from django.urls import path

from mixportal.trends.views import trends, trends_csv

urlpatterns = [
    path("trends/<kind:kind>/", trends, name="trends"),
    path("trends/<kind:kind>/places.csv", trends_csv, name="trends-csv"),
]
