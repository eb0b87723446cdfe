from django.urls import path

from mixportal.proposals.views.proposals import proposal, proposals, support
from mixportal.proposals.views.room import room

urlpatterns = [
    path("<year:year>/proposals/", proposals, name="proposals"),
    path("<year:year>/proposals/<kind:kind>/<int:number>/", proposal, name="proposal"),
    path("<year:year>/proposals/<kind:kind>/<int:number>/support/", support, name="proposal-support"),
    path("<year:year>/room/", room, name="room"),
]
