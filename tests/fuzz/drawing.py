"""Draw bad requests: each is for a page that exists, and differs from one that a browser would send in a few places."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from urllib.parse import quote_from_bytes

from tests.fuzz.pages import Address, Form, Reader, names_in_code
from tests.fuzz.values import (
    BODIES,
    CONTENT_TYPES,
    END,
    FILES,
    FORM,
    HEADERS,
    LARGE,
    MULTIPART,
    NAME_ENDINGS,
    VALUES,
    part,
)

METHODS = ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "CONNECT", "X" * 40)
IN_PATHS = [value for value in VALUES if len(value) < 3000]
Pairs = list[tuple[bytes, bytes]]


@dataclass
class BadRequest:
    method: str
    url: str
    body: bytes = b""
    content_type: str = FORM
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.url[:300]} {self.headers} {self.content_type[:60]} {self.body[:600]!r}"


class Draw:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def value(self) -> bytes:
        found = self.random.choice(VALUES)
        return found if found not in LARGE or self.random.random() < 0.1 else b"x"

    def request(self, address: Address, reader: Reader) -> BadRequest:
        kind = self.random.random()
        posts = [form for form in reader.forms if form.is_post and (form.fields or form.files)]
        url = address.url()
        if address.names and kind < 0.1:
            name = self.random.choice(address.names)
            url = address.url(**{name: quote_from_bytes(self.random.choice(IN_PATHS))})
        if kind < 0.5 or (kind < 0.85 and not posts):
            drawn = BadRequest("GET", f"{url}?{self._query(reader)}", content_type="")
        elif kind < 0.85:
            drawn = self._posted(self.random.choice(posts))
        elif kind < 0.92:
            body = self.random.choice([*BODIES, *FILES.values()])
            drawn = BadRequest("POST", url, body, self.random.choice(CONTENT_TYPES))
        else:
            drawn = BadRequest(self.random.choice(METHODS), f"{url}?{self._query(reader)}", b"version=1")
        for _ in range(self.random.choice((0, 0, 0, 1, 2))):
            drawn.headers |= self.random.choice(HEADERS)
        return drawn

    def _query(self, reader: Reader) -> str:
        """The fields of the page's own questions, and up to three of the names that the code reads anywhere."""
        asked = [form.fields for form in reader.forms if not form.is_post] + reader.queries
        pairs = list(self.random.choice(asked)) if asked else []
        names = self.random.sample(names_in_code(), self.random.randint(not pairs, 3))
        return _encoded(
            self._spoiled(
                [(name.encode(), value.encode()) for name, value in pairs] + [(name.encode(), b"1") for name in names]
            )
        ).decode()

    def _posted(self, form: Form) -> BadRequest:
        single = dict(form.fields) if self.random.random() < 0.5 else None
        pairs = [(name.encode(), value.encode()) for name, value in (single.items() if single else form.fields)]
        pairs = self._spoiled(pairs)
        if not form.files and self.random.random() < 0.8:
            return BadRequest("POST", form.action, _encoded(pairs))
        parts = [part(name, value) for name, value in pairs]
        for name in form.files or ["file"]:
            held = self.random.choice(list(FILES))
            parts.append(part(name.encode(), FILES[held], file=held.encode()))
        return BadRequest("POST", form.action, b"".join(parts) + END, MULTIPART)

    def _spoiled(self, pairs: Pairs) -> Pairs:
        pairs = [pair for pair in pairs if self.random.random() > 0.02]
        for _ in range(self.random.choice((1, 1, 1, 2, 3))):
            if not pairs:
                break
            at = self.random.randrange(len(pairs))
            name, value = pairs[at]
            match self.random.randrange(8):
                case 0:  # twice, with two values
                    pairs.insert(self.random.randrange(len(pairs) + 1), (name, self.value()))
                case 1:
                    pairs[at] = (name + self.random.choice(NAME_ENDINGS), value)
                case 2:
                    pairs.append((self.random.choice(names_in_code()).encode(), self.value()))
                case _:
                    pairs[at] = (name, self.value())
        return pairs


def _encoded(pairs: Pairs) -> bytes:
    return "&".join(f"{quote_from_bytes(name)}={quote_from_bytes(value)}" for name, value in pairs).encode()
