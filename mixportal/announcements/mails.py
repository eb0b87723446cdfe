"""Mail about an edition, without places or figures of a ballot."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models.functions import Lower, Now
from django.utils import timezone
from django.utils.html import strip_tags

from members.models import Government, User
from mixportal.ballots.mails import ballot_url, recipients, send_to_each, voters, when
from mixportal.ballots.models import Ballot
from mixportal.editions.dates import edition_ics
from mixportal.editions.models import AnnualList, Edition, Kind, database_now
from mixportal.editions.templatetags.moments import short_moment
from mixportal.mail.models import Mail, RenderedMail
from mixportal.results.publishing import as_if_published
from mixportal.results.results import Band, EntryResult, results_for
from mixportal.tables.text import listed

MIN_INTERVAL = timedelta(hours=20)
MAX_AGE = timedelta(days=14)
DAY = timedelta(days=1)
MORNING = 7  # o'clock, in TIME_ZONE, when the worker sends reminders

FIRST, SECOND, TOMORROW = "first", "second", "tomorrow"

SAVED, NOT_BEGUN = "saved, not yet cast", "not begun"


def edition_context(edition: Edition) -> dict[str, object]:
    return {
        "edition": edition,
        "url": f"{settings.PORTAL_URL}{edition.get_absolute_url()}",
        "closes": when(edition.closes_at, edition),
        "ballots": [(annual_list.words, ballot_url(annual_list)) for annual_list in lists_to_rank(edition)],
    }


def lists_to_rank(edition: Edition) -> list[AnnualList]:
    return list(edition.lists.in_order().filter(entries__isnull=False).distinct())


def announce_opening(edition: Edition) -> int:
    if not edition.is_open:
        return 0
    people = list(voters())
    return send_to_each(
        people,
        "edition_opens",
        cause=_cause("opening", edition),
        context=_opening_context(edition),
        own=lambda reader: {"voters": [each for each in people if each.government_id == reader.government_id]},
        calendar=edition_ics(edition, database_now()),
        not_after=edition.closes_at,
    )


def preview_opening(edition: Edition, reader: User) -> RenderedMail:
    return RenderedMail.from_templates("edition_opens", _opening_context(edition) | {"person": reader})


def _opening_context(edition: Edition) -> dict[str, object]:
    briefly = strip_tags(short_moment(edition.closes_at, edition)) if edition.closes_at else ""
    contact = settings.SECURITY_CONTACT.removeprefix("mailto:")
    return edition_context(edition) | {"closes_briefly": briefly, "contact": contact}


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"


def _cause(event: str, edition: Edition) -> str:
    return f"{event}:{edition.year}"


def _delete_waiting(events: str, edition: Edition, but: str = "") -> None:
    Mail.objects.waiting().filter(cause__regex=f"^({events}):{edition.year}").exclude(cause=but).delete()


def announce_moved_close(edition: Edition, reason: str) -> int:
    assert edition.closes_at is not None
    cause = f"{_cause('close', edition)}:{_stamp(edition.closes_at)}"
    _delete_waiting("opening|close|reminder", edition, but=cause)
    announce_opening(edition)
    return send_to_each(
        voters(),
        "moved_close",
        cause=cause,
        context=edition_context(edition) | {"reason": reason},
        calendar=edition_ics(edition, database_now()),
        not_after=edition.closes_at,
    )


def reminder_times(opens_at: datetime, closes_at: datetime) -> list[tuple[str, datetime]]:
    """Keep a day between a reminder and the opening or the next one."""
    wanted = [
        (TOMORROW, closes_at - DAY),
        (SECOND, closes_at - 3 * DAY),
        (FIRST, opens_at + (closes_at - opens_at) / 2),
    ]
    kept: list[tuple[str, datetime]] = []
    latest = closes_at
    for name, at in wanted:
        if opens_at + DAY <= at <= latest - DAY:
            kept.append((name, at))
            latest = at
    return kept[::-1]


def due_reminder(opens_at: datetime, closes_at: datetime, now: datetime) -> str | None:
    """Missed reminders are not sent later."""
    due = [name for name, at in reminder_times(opens_at, closes_at) if at <= now < closes_at]
    return due[-1] if due else None


def coming_reminders(edition: Edition) -> list[datetime]:
    """Return the mornings on which reminders are still to go."""
    if not edition.is_open:
        return []
    assert edition.opens_at is not None
    assert edition.closes_at is not None
    causes = {_reminder_cause(edition, name): at for name, at in reminder_times(edition.opens_at, edition.closes_at)}
    gone = set(Mail.objects.filter(cause__in=causes).values_list("cause", flat=True))
    mornings = [_morning_after(at) for cause, at in causes.items() if cause not in gone]
    return [morning for morning in mornings if morning > edition.read_at]


def _morning_after(at: datetime) -> datetime:
    local = timezone.localtime(at)
    morning = local.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return morning if morning >= local else morning + DAY


def _reminder_cause(edition: Edition, name: str) -> str:
    assert edition.closes_at is not None
    # due again after the close moves
    return f"reminder:{edition.year}:{name}" + (f":{_stamp(edition.closes_at)}" if name == TOMORROW else "")


def remind_those_who_have_not_cast(edition: Edition) -> int:
    if not edition.is_open:
        return 0
    assert edition.opens_at is not None
    assert edition.closes_at is not None
    due = due_reminder(edition.opens_at, edition.closes_at, database_now())
    if due is None:
        return 0
    is_last = due == TOMORROW
    recent = Mail.objects.filter(cause=_cause("opening", edition), created_at__gt=Now() - MIN_INTERVAL)
    just_told = set(recent.values_list(Lower("to"), flat=True))
    missing = missing_ballots(edition)

    def missing_context(person: User) -> dict[str, object]:
        assert person.government_id is not None
        ballots = missing[person.government_id]
        return {"missing": ballots, "lists": listed([words.plural for words, _, _ in ballots])}

    return send_to_each(
        [person for person in voters() if person.government_id in missing and person.email.lower() not in just_told],
        "closing_tomorrow" if is_last else "reminder",
        cause=_reminder_cause(edition, due),
        context=edition_context(edition),
        own=missing_context,
        not_after=edition.closes_at,
    )


def missing_ballots(edition: Edition) -> dict[int, list[tuple[Kind, str, str]]]:
    """Return kind, state and URL of uncast ballots. Only their government may learn the state."""
    seated = list(Government.objects.seated().values_list("pk", flat=True))
    missing: dict[int, list[tuple[Kind, str, str]]] = {}
    for annual_list in lists_to_rank(edition):
        ballots = dict(annual_list.ballots.values_list("government", "cast_at"))
        url = ballot_url(annual_list)
        for government in seated:
            if ballots.get(government) is None:
                state = SAVED if government in ballots else NOT_BEGUN
                missing.setdefault(government, []).append((annual_list.words, state, url))
    return missing


def announce_close(edition: Edition) -> int:
    if not edition.is_closed or _is_old(edition.closes_at):
        return 0
    _delete_waiting("opening|close|reminder", edition)
    return send_to_each(voters(), "closed", cause=_cause("closed", edition), context=_close_context(edition))


def announce_openings_and_closes() -> None:
    for edition in Edition.objects.open():
        announce_opening(edition)
    for edition in Edition.objects.closed():
        announce_close(edition)


def announce_results(edition: Edition) -> int:
    if not edition.is_published or _is_old(edition.published_at):
        return 0
    _delete_waiting("closed", edition)
    context = _results_context(edition)
    return send_to_each(_readers(), "results", cause=_cause("results", edition), context=context)


@dataclass(frozen=True)
class AnnouncementPreview:
    people: int
    mail: RenderedMail | None


def preview_announcement(verb: str, edition: Edition, reader: User) -> AnnouncementPreview | None:
    match verb:
        case "open":
            people = recipients(voters(), "edition_opens", cause=_cause("opening", edition))
            return AnnouncementPreview(len(people), None)
        case "move":
            people = recipients(voters(), "moved_close", cause=_cause("close", edition))
            return AnnouncementPreview(len(people), None)
        case "close":
            people = recipients(voters(), "closed", cause=_cause("closed", edition))
            context = _close_context(edition) | {"person": reader}
            return AnnouncementPreview(len(people), RenderedMail.from_templates("closed", context))
        case "publish":
            people = recipients(_readers(), "results", cause=_cause("results", edition))
            with as_if_published(edition):
                context = _results_context(Edition.objects.get(pk=edition.pk)) | {"person": reader}
                return AnnouncementPreview(len(people), RenderedMail.from_templates("results", context))
    return None


def _close_context(edition: Edition) -> dict[str, object]:
    has_ballots = Ballot.objects.cast().filter(annual_list__edition=edition).exists()
    return edition_context(edition) | {"has_ballots": has_ballots}


def _is_old(since: datetime | None) -> bool:
    return since is not None and since < database_now() - MAX_AGE


def _readers() -> list[User]:
    return [
        *voters(),
        *User.objects.filter(is_active=True, role=User.Role.LEADER, government__seat__isnull=False),
    ]


def _results_context(edition: Edition) -> dict[str, object]:
    return edition_context(edition) | {"lists": [(each.words, *_first_places(each)) for each in lists_to_rank(edition)]}


def _first_places(annual_list: AnnualList) -> tuple[list[EntryResult], list[Band]]:
    results = results_for(annual_list, AnonymousUser())
    if results is None or not results.is_counted:
        return [], []
    first = [row for row in results.rows if row.place <= 3]
    return first, [band for band in results.close_calls if band.first <= 3]
