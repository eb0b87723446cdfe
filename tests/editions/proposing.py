"""What the tests of proposals share."""

from __future__ import annotations

from priorities.models import PriorityProposal
from tests.reading import page, text

URL = "/2031/proposals/"
TEXTS = {"title": "Digital Accessibility", "description": "Pages that everyone can use.", "why": "There are dates now."}


def propose(edition, user, title="Digital Accessibility", *, model=PriorityProposal, **texts):
    return model.propose(
        edition=edition, user=user, title=title, description=texts.get("description", "Pages for everyone."), why=""
    )


def support(client, proposal, action="support", *, fragment=False, **posted):
    url = f"{URL}{proposal.kind.key}/{proposal.pk}/support/"
    headers = {"HTTP_HX_REQUEST": "true"} if fragment else {}
    return client.post(url, {"action": action, **posted}, **headers)


def seen(client, url=URL) -> str:
    return text(page(client.get(url)))
