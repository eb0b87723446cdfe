from django.urls import path

from members import views

urlpatterns = [
    path("governments/", views.directory, name="governments"),
    path("account/sign-out/", views.sign_out, name="sign-out"),
]
