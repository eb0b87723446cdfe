from django.urls import path

from mixportal.pages.views.entry import entry
from mixportal.pages.views.search import dialogue

urlpatterns = [
    path("notes/", dialogue, name="dialogue"),
    path("<year:year>/<kind:kind>/<slug:slug>/", entry, name="entry"),
]
