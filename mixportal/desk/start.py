from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.admin import AdminSite
from django.contrib.auth.models import Group
from django.db import models
from django.http import HttpRequest
from django.urls import reverse

from challenges.models import Challenge
from members.models import Government, Invitation, Office, User
from mixportal.desk.edition_status import PhaseStep, phase_steps
from mixportal.desk.edition_verbs import EditionVerb, verbs_for
from mixportal.desk.pages import desk_url
from mixportal.editions.models import Edition, Entry, ReadinessIssue
from mixportal.mail.models import Mail
from mixportal.proposals.models import Proposal
from mixportal.results.turnout import Turnout, turnout_of
from mixportal.trends.models import OutsideItem, OutsideList, OutsideSeries
from priorities.models import Priority

SECTIONS: dict[str, tuple[type[models.Model], ...]] = {
    "people": (Government, User, Invitation, Office),
    "lists": (Edition, Priority, Challenge),
    "records": (Proposal, Mail, OutsideList),
    "seldom": (OutsideSeries, OutsideItem, Group),
}


@dataclass(frozen=True)
class Room:
    name: str
    url: str
    add_url: str | None


def rooms(site: AdminSite, request: HttpRequest) -> Iterator[tuple[str, list[Room]]]:
    for section, of_section in SECTIONS.items():
        found = []
        for model in of_section:
            admin, name = (
                site.get_model_admin(model),
                f"{model._meta.app_label}_{model._meta.model_name}",
            )
            if admin.has_view_permission(request):
                add_url = reverse(f"admin:{name}_add") if admin.has_add_permission(request) else None
                found.append(Room(model.__name__, reverse(f"admin:{name}_changelist"), add_url))
        if found:
            yield section, found


@dataclass(frozen=True)
class AtWork:
    edition: Edition
    url: str
    steps: list[PhaseStep]
    needed: list[ReadinessIssue]
    turnout: Turnout | None
    verbs: list[tuple[EditionVerb, str]]


def editions_at_work(user: User) -> Iterator[AtWork]:
    for edition in Edition.objects.filter(published_at=None).order_by("year"):
        yield AtWork(
            edition=edition,
            url=desk_url(edition),
            steps=phase_steps(edition),
            needed=[each for each in edition.readiness_issues() if each.is_blocking],
            turnout=turnout_of(edition) if edition.is_open else None,
            verbs=[(verb, desk_url(edition, "verb", verb=verb.key)) for verb in verbs_for(edition, user)][:2],
        )


@dataclass(frozen=True)
class FirstStep:
    key: str
    is_done: bool


def first_steps() -> list[FirstStep]:
    if Edition.objects.filter(opens_at__isnull=False).exists():
        return []
    done = {
        "mailed": Mail.objects.filter(sent_at__isnull=False),
        "seated": Government.objects.seated(),
        "listed": Entry.objects.filter(annual_list__edition__published_at=None),
        "invited": Invitation.objects.filter(government__isnull=False),
        "opened": Edition.objects.none(),
    }
    return [FirstStep(key, rows.exists()) for key, rows in done.items()]
