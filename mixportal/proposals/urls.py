from django.urls import path

from mixportal.proposals.views import proposal, proposals, room, support

urlpatterns = [
    path("<year:year>/proposals/", proposals, name="proposals"),
    path("<year:year>/proposals/<kind:kind>/<int:number>/", proposal, name="proposal"),
    path("<year:year>/proposals/<kind:kind>/<int:number>/support/", support, name="proposal-support"),
    path("<year:year>/room/", room, name="room"),
]
