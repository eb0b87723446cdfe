from django.urls import path

from mixportal.ballots.views import ballot, let_in

urlpatterns = [
    path("<year:year>/<kind:kind>/ballot/", ballot, name="ballot"),
    path("<year:year>/voters/", let_in, name="let-in"),
]
