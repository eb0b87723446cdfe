"""Reading and filling in the pages of the curators' admin."""

from __future__ import annotations

from django.db import connection

from mixportal.editions.models import Entry, Kind
from tests.reading import page, text

EDITIONS, PRIORITIES, CHALLENGES = (
    "/admin/editions/edition/",
    "/admin/priorities/priority/",
    "/admin/challenges/challenge/",
)


def filled(answer, form_id: str) -> dict[str, str | list[str]]:
    """What a form posts when somebody changes nothing on it: inputs, text areas and selects, buttons left out."""
    form = next(element for element in page(answer).iter("form") if element.get("id") == form_id)
    posted: dict[str, str | list[str]] = {}
    for field in form.iter():
        name, kind = field.get("name"), field.get("type")
        if not name or kind in ("submit", "button") or field.tag == "button":
            continue
        if field.tag == "textarea":
            posted[name] = (field.text or "").removeprefix("\n")
        elif field.tag == "select":
            posted[name] = next((o.get("value", "") for o in field.iter("option") if o.get("selected") is not None), "")
        elif field.tag == "input" and (kind not in ("checkbox", "radio") or field.get("checked") is not None):
            posted[name] = field.get("value", "")
    return posted


def editable(answer, form_id: str) -> set[str]:
    """The names of the fields that somebody can see and change."""
    form = next(element for element in page(answer).iter("form") if element.get("id") == form_id)
    return {
        field.get("name", "")
        for field in form.iter()
        if field.tag in ("input", "select", "textarea") and field.get("type") not in ("hidden", "submit")
    }


def problems(answer) -> str:
    """Every error that the page shows."""
    lists = [each for each in page(answer).iter("ul") if "errorlist" in each.get("class", "")]
    return " ".join(text(each) for each in lists)


def notices(answer) -> str:
    """Every message that the page shows, but for the offer to undo."""
    lists = [each for each in page(answer).iter("ul") if each.get("class") == "messagelist"]
    return " ".join(text(item) for each in lists for item in each if "undo" not in item.get("class", ""))


def names_of(thing) -> tuple[str, str]:
    """The app and the model under which the admin has it; an entry is curated as a priority or a challenge."""
    if isinstance(thing, Entry):
        return thing.kind.plural, thing.kind.singular
    return thing._meta.app_label, thing._meta.model_name


def change(client, thing, **new):
    """Fills in `thing`'s page as it stands, but for the `new` values, and saves it."""
    app, model = names_of(thing)
    address = f"/admin/{app}/{model}/{thing.pk}/change/"
    return client.post(address, filled(client.get(address), f"{model}_form") | new)


def act(client, action, *things, confirmed=False):
    """Chooses `things` in their list and an action on them; with `confirmed` as its confirmation page does."""
    address = "/admin/{}/{}/".format(*names_of(things[0]))
    posted = {"action": action, "_selected_action": [thing.pk for thing in things]}
    posted |= {"confirmed": "yes", "post": "yes"} if confirmed else {"index": "0"}
    return client.post(address, posted, follow=True)


def do(client, edition, verb, **typed):
    """Presses a verb of the edition's desk on its page that asks, and follows where it leads."""
    return client.post(f"{EDITIONS}{edition.pk}/desk/do/{verb}/", typed, follow=True)


def order(edition, kind=Kind.PRIORITIES):
    """The titles as they would be committed: the position's uniqueness is deferred until then."""
    connection.check_constraints()
    return list(edition.list_of(kind).entries.in_order().values_list("title", flat=True))
