from django.urls import path

from mixportal.ballots.views.ballot import ballot

urlpatterns = [path("<year:year>/<kind:kind>/ballot/", ballot, name="ballot")]
