"""What the tests of proposals share."""

from __future__ import annotations

from mixportal.editions.models import Kind
from mixportal.proposals.models import Proposal
from tests.reading import page, text

URL = "/2031/proposals/"
TEXTS = {"title": "Digital Accessibility", "description": "Pages that everyone can use.", "why": "There are dates now."}


def propose(edition, user, title="Digital Accessibility", *, kind=Kind.PRIORITIES, description="Pages for everyone."):
    return Proposal.propose(annual_list=edition.list_of(kind), user=user, title=title, description=description)


def support(client, proposal, action="support", *, fragment=False, **posted):
    url = f"{URL}{proposal.kind.value}/{proposal.pk}/support/"
    headers = {"HTTP_HX_REQUEST": "true"} if fragment else {}
    return client.post(url, {"action": action, **posted}, **headers)


def seen(client, url=URL) -> str:
    return text(page(client.get(url)))
