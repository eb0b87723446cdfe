from __future__ import annotations

import pytest
from django.test import Client

from tests.reading import fields, page


class Screen:
    """Somebody at the ballot page without script: what is typed stays in the form until a button is pressed."""

    def __init__(self, client: Client, url: str) -> None:
        self.client, self.url = client, url
        self.look()

    def look(self) -> None:
        self._read(self.client.get(self.url))

    def _read(self, answer) -> None:
        self.answer = answer
        forms = [form for form in page(answer).iter("form") if "ballot" in (form.get("class") or "").split()]
        self.form = fields(forms[0]) if forms else {}

    def type(self, **numbers: object) -> Screen:
        self.form |= {f"rank-{slug.replace('_', '-')}": str(number) for slug, number in numbers.items()}
        return self

    def press(self, action: str, *, fragment: bool = False):
        """Posts the form; without script a save leads back to the page, which is read anew."""
        headers = {"HTTP_HX_REQUEST": "true"} if fragment else {}
        answer = self.client.post(self.url, self.form | {"action": action}, **headers)
        self.posted = answer
        self._read(self.client.get(answer["Location"]) if answer.status_code == 302 else answer)
        return answer

    @property
    def version(self) -> int:
        return int(self.form["version"])

    @property
    def order(self) -> list[str]:
        """The slugs with a number, by number as shown, tied ones joined by =."""
        groups: dict[int, list[str]] = {}
        for name, value in self.form.items():
            if name.startswith("rank-") and value:
                groups.setdefault(int(value), []).append(name.removeprefix("rank-"))
        return ["=".join(groups[place]) for place in sorted(groups)]


@pytest.fixture
def at_ballot(world, sign_in):
    """`at_ballot(user)`: that person's screen of the open ballot of priorities."""

    def open_ballot(user, url: str = "/2030/priorities/ballot/") -> Screen:
        return Screen(sign_in(user), url)

    return open_ballot
