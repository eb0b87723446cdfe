from django.urls import path

from mixportal.demo import views

app_name = "demo"
urlpatterns = [
    path("demo/", views.personas, name="personas"),
    path("demo/sign-in/", views.sign_in, name="sign-in"),
    path("demo/mail/", views.mails, name="mails"),
    path("demo/mail/<str:name>/", views.mail, name="mail"),
    path("demo/mail/<str:name>/html/", views.mail_html, name="mail-html"),
]
