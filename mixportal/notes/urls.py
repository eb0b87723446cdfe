from django.urls import path

from mixportal.notes import views

urlpatterns = [
    path("notes/", views.dialogue, name="dialogue"),
]
