from django.urls import path

from mixportal.demo import mailbox, views

app_name = "demo"
urlpatterns = [
    path("demo/", views.personas, name="personas"),
    path("demo/sign-in/", views.sign_in, name="sign-in"),
    path("demo/mail/", mailbox.mails, name="mails"),
    path("demo/mail/<str:name>/", mailbox.mail, name="mail"),
    path("demo/mail/<str:name>/html/", mailbox.mail_html, name="mail-html"),
]
