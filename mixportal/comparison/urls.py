from django.urls import path

from mixportal.comparison.views.cohorts import cohorts
from mixportal.comparison.views.compare import compare, compare_csv
from mixportal.comparison.views.map import likeness_map

urlpatterns = [
    path("<year:year>/<kind:kind>/compare/", compare, name="compare"),
    path("<year:year>/<kind:kind>/compare.csv", compare_csv, name="compare-csv"),
    path("<year:year>/<kind:kind>/compare/cohorts/", cohorts, name="cohorts"),
    path("<year:year>/<kind:kind>/map/", likeness_map, name="map"),
]
