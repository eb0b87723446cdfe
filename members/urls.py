from django.urls import include, path

from members import invited, people, profile, views

urlpatterns = [
    path("governments/", views.directory, name="governments"),
    path("governments/export.csv", views.governments_csv, name="governments-csv"),
    path("governments/<slug:slug>/ask/", views.ask, name="ask"),
    path("profile/", profile.profile, name="profile"),
    path("mail/stop/<str:token>/", profile.stop_mail, name="mail-stop"),
    path("governments/<slug:slug>/people/", people.people, name="people"),
    path("account/invitation/<slug:token>/", invited.invitation, name="invitation"),
    path("account/", include("members.account_urls")),
]
