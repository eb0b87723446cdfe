"""Draw bad requests: each is for a page that exists, and differs from one that a browser would send in a few places."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, field
from urllib.parse import quote_from_bytes

from mixportal.database import ROOT
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
# what reads like a number, a word or a date, and is none; an odd count, so that each page's readers bring others
SWEEP = [b"x", b"", "²".encode(), b"9" * 30, b"9" * 4400, b"-1", b"\x00", b"\xff", b"1.5", b"0", b"9999-12-31T23:59"]
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
        self.sweeping = itertools.cycle(SWEEP)

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
            drawn = BadRequest("GET", f"{url}?{self._query(address, reader)}", content_type="")
        elif kind < 0.85:
            drawn = self._posted(self.random.choice(posts))
        elif kind < 0.92:
            body = self.random.choice([*BODIES, *FILES.values()])
            drawn = BadRequest("POST", url, body, self.random.choice(CONTENT_TYPES))
        else:
            drawn = BadRequest(self.random.choice(METHODS), f"{url}?{self._query(address, reader)}", b"version=1")
        for _ in range(self.random.choice((0, 0, 0, 1, 2))):
            drawn.headers |= self.random.choice(HEADERS)
        return drawn

    def sweep(self, address: Address, reader: Reader) -> list[BadRequest]:
        """Every name that the page and its code read, all with one value; and every form of the page so."""
        value = next(self.sweeping)
        asked = {name for form in reader.forms for name, _ in form.fields} | set(names_in_code(address.folder))
        query = _encoded([(name.encode(), value) for name in sorted(asked)]).decode()
        posts = [form for form in reader.forms if form.is_post and form.fields]
        return [BadRequest("GET", f"{address.url()}?{query}", content_type="")] + [
            BadRequest("POST", form.action, _encoded([(name.encode(), value) for name in dict(form.fields)]))
            for form in posts
        ]

    def _query(self, address: Address, reader: Reader) -> str:
        """The fields of the page's own questions, and up to three names that the code reads."""
        own = names_in_code(address.folder)
        asked = [form.fields for form in reader.forms if not form.is_post] + reader.queries
        pairs = list(self.random.choice(asked)) if asked else []
        names = own if self.random.random() < 0.8 else names_in_code(ROOT)
        pairs += [(name, "1") for name in self.random.sample(names, min(len(names), self.random.randint(not pairs, 3)))]
        return _encoded(self._spoiled([(name.encode(), value.encode()) for name, value in pairs])).decode()

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
                case 2:  # one more
                    pairs.append((self.random.choice(names_in_code(ROOT)).encode(), self.value()))
                case _:
                    pairs[at] = (name, self.value())
        return pairs


def _encoded(pairs: Pairs) -> bytes:
    return "&".join(f"{quote_from_bytes(name)}={quote_from_bytes(value)}" for name, value in pairs).encode()
