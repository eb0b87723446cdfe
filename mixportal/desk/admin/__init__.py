from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin

from mixportal.desk.admin import (
    editions,
    entries,
    mail,
    members,
    outside_lists,
    people,
    proposals,
)

__all__ = [
    "editions",
    "entries",
    "mail",
    "members",
    "outside_lists",
    "people",
    "proposals",
]

admin.site.unregister([EmailAddress, Authenticator])
