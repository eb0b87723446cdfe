from django.urls import path

from mixportal.ballots.views import ballot, let_in, receipt

urlpatterns = [
    path("<year:year>/<kind:kind>/ballot/", ballot, name="ballot"),
    path("<year:year>/<kind:kind>/ballot/receipt/", receipt, name="receipt"),
    path("<year:year>/voters/", let_in, name="let-in"),
]
