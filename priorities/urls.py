"""Everything that priorities can do, by address: the shared views bound to this kind."""

from django.urls import path

from mixportal.ballots.ballot_page import ballot
from mixportal.ballots.views import ballots_csv, entries, results_csv, results_json
from mixportal.comparison.cohort_views import cohorts
from mixportal.comparison.compare_views import compare, compare_csv
from mixportal.comparison.map_views import likeness_map
from mixportal.editions import kinds
from mixportal.notes.notes import note, notes, reasons
from mixportal.notes.views import entry
from priorities.investing import investment, investments_csv

app_name = "priorities"
kind = {"kind": kinds.get("priorities")}

urlpatterns = [
    path("", entries, kind, name="list"),
    path("results.csv", results_csv, kind, name="results-csv"),
    path("results.json", results_json, kind, name="results-json"),
    path("ballots.csv", ballots_csv, kind, name="ballots-csv"),
    path("investments.csv", investments_csv, name="investments-csv"),
    path("ballot/", ballot, kind, name="ballot"),
    path("compare/", compare, kind, name="compare"),
    path("compare.csv", compare_csv, kind, name="compare-csv"),
    path("compare/cohorts/", cohorts, kind, name="cohorts"),
    path("map/", likeness_map, kind, name="map"),
    path("<slug:slug>/", entry, kind, name="entry"),
    path("<slug:slug>/investment/", investment, name="investment"),
    path("ballot/reasons/", reasons, kind, name="reasons"),
    path("<slug:slug>/", entry, kind, name="entry"),
    path("<slug:slug>/notes/", notes, kind, name="notes"),
    path("<slug:slug>/notes/<int:number>/", note, kind, name="note"),
]
