from __future__ import annotations

from challenges.models import Answer, Challenge, Hindrance
from mixportal.editions.models import database_now
from priorities.models import Priority

DATA, WORK = ("shadow-it", "data"), ("it-governance", "workforce")


def answer(user, edition, *marked, version: int | None = None) -> Answer:
    """What the user's government marks, as the model records it; from the stored version if none is given."""
    stored = Answer.objects.filter(edition=edition, government=user.government).first()
    seen = (stored.version if stored else 0) if version is None else version
    return Answer.record(edition=edition, government=user.government, user=user, marked=set(marked), version=seen)


def answers_at_once(users, edition, *marked) -> None:
    """Each of them marks the same, by two statements."""
    now = database_now()
    Answer.objects.bulk_create(
        Answer(edition=edition, government=user.government, version=1, updated_at=now, updated_by=user)
        for user in users
    )
    challenges = {entry.slug: entry for entry in Challenge.objects.of(edition)}
    priorities = {entry.slug: entry for entry in Priority.objects.of(edition)}
    Hindrance.objects.bulk_create(
        Hindrance(government=user.government, challenge=challenges[challenge], priority=priorities[priority])
        for user in users
        for challenge, priority in marked
    )
