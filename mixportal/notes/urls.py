from django.urls import path

from mixportal.notes import notes

urlpatterns = [
    path("<year:year>/<kind:kind>/ballot/reasons/", notes.reasons, name="reasons"),
    path("<year:year>/<kind:kind>/<slug:slug>/notes/", notes.notes, name="notes"),
    path("<year:year>/<kind:kind>/<slug:slug>/notes/<int:number>/", notes.note, name="note"),
]
