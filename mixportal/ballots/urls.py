from django.urls import path

from mixportal.ballots.ballot_page import ballot

urlpatterns = [path("<year:year>/<kind:kind>/ballot/", ballot, name="ballot")]
