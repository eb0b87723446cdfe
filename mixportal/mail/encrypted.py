"""Text that the database holds encrypted, so that a stolen copy of it opens nothing."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    TextField = models.TextField[str, str]
else:
    TextField = models.TextField


def cipher() -> MultiFernet:
    """The fallbacks of SECRET_KEY still decrypt."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(urlsafe_b64encode(sha256(f"at rest: {key}".encode()).digest())) for key in keys])


def encrypt(text: str) -> str:
    return cipher().encrypt(text.encode()).decode()


def decrypt(encrypted: str) -> str | None:
    try:
        return cipher().decrypt(encrypted).decode()
    except InvalidToken:
        return None


class EncryptedTextField(TextField):
    """Text that no key fits is read as empty. Lookups work only for empty text."""

    def get_prep_value(self, value: str | None) -> str | None:
        return encrypt(value) if value else value

    def from_db_value(self, value: str | None, *args: object) -> str | None:
        return (decrypt(value) or "") if value else value
