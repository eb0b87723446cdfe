from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from django.conf import settings

HEADERS = (
    "From", "To", "Reply-To", "Date", "Subject", "Message-ID", "Auto-Submitted", "List-Unsubscribe",
    "List-Unsubscribe-Post",
)  # fmt: skip


@dataclass(frozen=True)
class DemoMail:
    name: str
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def to(self) -> str:
        return str(self.message["To"] or "")

    @property
    def at(self) -> datetime | None:
        try:
            return parsedate_to_datetime(str(self.message["Date"]))
        except ValueError:
            return None

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [(name, str(self.message[name])) for name in HEADERS if self.message[name]]

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    @property
    def attachments(self) -> list[tuple[str, str]]:
        return [(part.get_filename() or "file", _text_of(part)) for part in self.message.iter_attachments()]

    def _part(self, subtype: str) -> str:
        body = self.message.get_body(preferencelist=(subtype,))
        return _text_of(body) if body is not None else ""


def _text_of(part: Any) -> str:
    content = part.get_content()
    return content if isinstance(content, str) else ""


def folder() -> Path:
    return Path(settings.EMAIL_FILE_PATH)


def read_mail(path: Path) -> DemoMail:
    return DemoMail(path.stem, email.message_from_bytes(path.read_bytes(), policy=email.policy.default))


def mail_files() -> list[Path]:
    """Return the files, whose names begin with the time, from the newest."""
    found = folder().glob("[0-9]*.eml") if folder().is_dir() else []
    return sorted(found, key=lambda path: path.name, reverse=True)
