"""What is kept of an answer: its status, the headers that matter, and what it says (words.py)."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass, field
from typing import Any

from tests.golden import words

HEADERS = (
    "Content-Type", "Location", "Cache-Control", "Vary", "Content-Disposition", "Content-Security-Policy",
    "X-Frame-Options", "X-Robots-Tag", "Link", "Allow", "Retry-After", "Access-Control-Allow-Origin",
)  # fmt: skip
OPAQUE = ("application/pdf", "image/")


@dataclass(frozen=True)
class Answer:
    """`said` are the parts of the answer by name, each a text of its own."""

    status: int
    said: dict[str, str] = field(default_factory=dict)


def of(response: Any) -> Answer:
    return Answer(response.status_code, {"headers": _headers(response)} | _body(response))


def _headers(response: Any) -> str:
    names = [name for name in HEADERS if response.has_header(name)]
    names += sorted(name for name in response.headers if name.lower().startswith("hx-"))
    return words.masked("\n".join(f"{name}: {_in_order(name, response[name])}" for name in names))


def _in_order(name: str, value: str) -> str:
    """Leave out what differs from run to run: the order of the policy, and what depends on a page's length (gzip)."""
    if name == "Content-Security-Policy":
        return "; ".join(sorted(value.split("; ")))
    if name == "Vary":
        return ", ".join(sorted(set(value.split(", ")) - {"Accept-Encoding"}))
    return value


def _body(response: Any) -> dict[str, str]:
    kind = response.get("Content-Type", "")
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if not body or kind.startswith(OPAQUE):
        return {}
    if kind.startswith("application/zip"):
        return {"text": _of_zip(body)}
    text = body.decode()
    if kind.startswith("application/json"):
        text = json.dumps(json.loads(text), indent=1, ensure_ascii=False)
    return words.of_html(text) if kind.startswith("text/html") else {"text": words.of_plain_text(text)}


def _of_zip(body: bytes) -> str:
    lines = []
    with zipfile.ZipFile(io.BytesIO(body)) as files:
        for name in sorted(files.namelist()):
            lines += [f"file {name}", words.of_plain_text(files.read(name).decode())]
    return "\n".join(lines)
