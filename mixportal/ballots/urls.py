from django.urls import path

from mixportal.ballots.views import ballot

urlpatterns = [path("<year:year>/<kind:kind>/ballot/", ballot, name="ballot")]
