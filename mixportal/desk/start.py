from collections.abc import Iterator, Mapping, Sequence

from members.models import Government, Invitation, User
from mixportal.desk.edition_verbs import verbs_for
from mixportal.desk.pages import desk_url, phase_steps
from mixportal.editions.models import Edition, Entry
from mixportal.mail.models import Mail
from mixportal.results.turnout import turnout_of

SECTIONS = {
    "people": ("Government", "User", "Invitation", "Office"),
    "lists": ("Edition", "Priority", "Challenge"),
    "records": ("Proposal", "Mail", "OutsideList"),
    "seldom": ("OutsideSeries", "OutsideItem"),
}
AdminModel = Mapping[str, object]


def rooms(app_list: Sequence[Mapping[str, Sequence[AdminModel]]]) -> dict[str, list[AdminModel]]:
    """Sort Django's list of apps into sections."""
    listed = {model["object_name"]: model for app in app_list for model in app["models"]}
    found = {section: [listed[name] for name in names if name in listed] for section, names in SECTIONS.items()}
    return {section: models for section, models in found.items() if models}


def editions_at_work(user: User) -> Iterator[dict[str, object]]:
    for edition in Edition.objects.filter(published_at=None).order_by("year"):
        yield {
            "edition": edition,
            "url": desk_url(edition),
            "steps": phase_steps(edition),
            "needed": [each for each in edition.readiness_issues() if each.is_blocking],
            "turnout": turnout_of(edition) if edition.is_open else None,
            "verbs": [(verb, desk_url(edition, "verb", verb=verb.key)) for verb in verbs_for(edition, user)][:2],
        }


def first_steps() -> dict[str, bool]:
    if Edition.objects.filter(opens_at__isnull=False).exists():
        return {}
    return {
        "mailed": Mail.objects.filter(sent_at__isnull=False).exists(),
        "seated": Government.objects.seated().exists(),
        "listed": Entry.objects.filter(annual_list__edition__published_at=None).exists(),
        "invited": Invitation.objects.filter(government__isnull=False).exists(),
        "opened": False,
    }
