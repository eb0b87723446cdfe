from __future__ import annotations

from challenges.models import Hindrance, HindranceResponse
from mixportal.editions.models import Kind, database_now

DATA, WORK = ("shadow-it", "data"), ("it-governance", "workforce")


def answer(user, edition, *marked, version: int | None = None) -> HindranceResponse:
    """Record the marks of the user's government, by default from the stored version."""
    stored = HindranceResponse.objects.filter(edition=edition, government=user.government).first()
    seen = (stored.version if stored else 0) if version is None else version
    return HindranceResponse.record(
        edition=edition, government=user.government, user=user, marked=set(marked), version=seen
    )


def answers_at_once(users, edition, *marked) -> None:
    now = database_now()
    responses = HindranceResponse.objects.bulk_create(
        HindranceResponse(edition=edition, government=user.government, version=1, updated_at=now, updated_by=user)
        for user in users
    )
    challenges = {entry.slug: entry for entry in edition.list_of(Kind.CHALLENGES).entries.in_order()}
    priorities = {entry.slug: entry for entry in edition.list_of(Kind.PRIORITIES).entries.in_order()}
    Hindrance.objects.bulk_create(
        Hindrance(response=response, challenge_id=challenges[challenge].pk, priority_id=priorities[priority].pk)
        for response in responses
        for challenge, priority in marked
    )
