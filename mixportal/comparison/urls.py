from django.urls import path

from mixportal.comparison.views import cohorts, compare, compare_csv, likeness_map

urlpatterns = [
    path("<year:year>/<kind:kind>/compare/", compare, name="compare"),
    path("<year:year>/<kind:kind>/compare.csv", compare_csv, name="compare-csv"),
    path("<year:year>/<kind:kind>/compare/cohorts/", cohorts, name="cohorts"),
    path("<year:year>/<kind:kind>/map/", likeness_map, name="map"),
]
