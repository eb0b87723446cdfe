from django.urls import include, path

from members import views

urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("mail/stop/<str:token>/", views.stop_mail, name="mail-stop"),
    path("governments/<slug:slug>/people/", views.people, name="people"),
    path("account/invitation/<slug:token>/", views.invitation, name="invitation"),
    path("account/", include("members.account_urls")),
]
