from django.urls import path

from priorities.views import investment, investments_csv

urlpatterns = [
    path("<year:year>/priorities/investments.csv", investments_csv, name="investments-csv"),
    path("<year:year>/priorities/<slug:slug>/investment/", investment, name="investment"),
]
