from django.urls import path

from mixportal.demo.views import mailbox, personas

app_name = "demo"
urlpatterns = [
    path("demo/", personas.personas, name="personas"),
    path("demo/sign-in/", personas.sign_in, name="sign-in"),
    path("demo/mail/", mailbox.mails, name="mails"),
    path("demo/mail/<str:name>/", mailbox.mail, name="mail"),
    path("demo/mail/<str:name>/html/", mailbox.mail_html, name="mail-html"),
]
