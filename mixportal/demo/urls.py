from django.urls import path

from mixportal.demo import views

app_name = "demo"
urlpatterns = [
    path("demo/", views.personas, name="personas"),
    path("demo/sign-in/", views.sign_in, name="sign-in"),
]
