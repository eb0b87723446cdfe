from django.urls import include, path

from members.views import invitation, people, profile

urlpatterns = [
    path("profile/", profile.profile, name="profile"),
    path("mail/stop/<str:token>/", profile.stop_mail, name="mail-stop"),
    path("governments/<slug:slug>/people/", people.people, name="people"),
    path("account/invitation/<slug:token>/", invitation.invitation, name="invitation"),
    path("account/", include("members.account_urls")),
]
