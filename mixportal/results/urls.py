from django.urls import path

from mixportal.results import views

urlpatterns = [
    path("<year:year>/<kind:kind>/list.csv", views.list_csv, name="list-csv"),
    path("<year:year>/<kind:kind>/list.json", views.list_json, name="list-json"),
    path("<year:year>/<kind:kind>/results/", views.certainty, name="results"),
    path("<year:year>/<kind:kind>/results.csv", views.results_csv, name="results-csv"),
    path("<year:year>/<kind:kind>/results.json", views.results_json, name="results-json"),
    path("<year:year>/<kind:kind>/ballots.csv", views.ballots_csv, name="ballots-csv"),
]
