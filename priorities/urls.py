"""Everything that priorities can do, by address: the shared views bound to this kind."""

from django.urls import path

from mixportal.annotation.notes import note, notes, reasons, watch
from mixportal.annotation.views import entry
from mixportal.editions import kinds
from mixportal.ranking.ballot_page import ballot
from mixportal.ranking.views import ballots_csv, entries, results_csv, results_json

app_name = "priorities"
kind = {"kind": kinds.get("priorities")}

urlpatterns = [
    path("", entries, kind, name="list"),
    path("results.csv", results_csv, kind, name="results-csv"),
    path("results.json", results_json, kind, name="results-json"),
    path("ballots.csv", ballots_csv, kind, name="ballots-csv"),
    path("ballot/", ballot, kind, name="ballot"),
    path("ballot/reasons/", reasons, kind, name="reasons"),
    path("<slug:slug>/", entry, kind, name="entry"),
    path("<slug:slug>/notes/", notes, kind, name="notes"),
    path("<slug:slug>/notes/<int:number>/", note, kind, name="note"),
    path("<slug:slug>/watch/", watch, kind, name="watch"),
]
