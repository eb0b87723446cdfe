from django.urls import path

from mixportal.notes import views

urlpatterns = [
    path("<year:year>/<kind:kind>/ballot/reasons/", views.reasons, name="reasons"),
    path("<year:year>/<kind:kind>/<slug:slug>/notes/", views.notes, name="notes"),
    path("<year:year>/<kind:kind>/<slug:slug>/notes/<int:number>/", views.note, name="note"),
]
