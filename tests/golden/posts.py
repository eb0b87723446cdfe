"""Runs the scripts: what each step is answered, and which rows a script leaves changed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from tests.golden import actors, answers, databases, tables
from tests.golden.forms import Form, forms_of
from tests.golden.recording import Recording
from tests.golden.scripts import AS_ANSWERED, SCRIPTS, Step


@dataclass
class Sent:
    """What a step sends, and where."""

    path: str
    fields: dict[str, Any]


def record(recording: Recording, template: str, only: re.Pattern[str]) -> None:
    for name, steps in SCRIPTS.items():
        if not only.search(f"script {name}"):
            continue
        with databases.copied(template):
            clients = actors.Clients()
            for step in steps:
                clients[step.actor].get("/healthz")  # signs in what was not, before rows are looked at
            shown, before = Sent("", {}), None
            html = ""
            for number, step in enumerate(steps, start=1):
                sent = _fill_in(step, clients, shown.path, html)
                if isinstance(sent, str):
                    recording.add(f"script {name}", f"step {number}", step.actor, answers.Answer(0, {"page": sent}))
                    continue
                before = before or tables.rows()
                headers = {"HTTP_HX_REQUEST": "true"} if step.fragment else {}
                response = clients[step.actor].post(sent.path, sent.fields, **headers)
                after = tables.rows()
                answer = answers.of(response)
                answer.said["rows"] = tables.changes(before, after)
                recording.add(f"script {name}", f"step {number}", step.actor, answer)
                shown, before, html = sent, after, response.content.decode()


def _fill_in(step: Step, clients: actors.Clients, path_before: str, html_before: str) -> Sent | str:
    """What the step sends; or why it cannot be taken."""
    if step.page == AS_ANSWERED:
        path, html = path_before, html_before
    else:
        path = step.page if isinstance(step.page, str) else step.page.find(clients)
        if path is None:
            return "No page links to it."
        html = "" if step.blind else clients[step.actor].get(path).content.decode()
    typed = {name: value for name, value in step.type.items() if value is not None}
    if step.blind:
        return Sent(path, typed)
    for form in forms_of(html):
        pressed = _pressed(form, step)
        if pressed is not None and _is_meant(form, step):
            fields = {name: values for name, values in form.fields.items() if name not in step.type}
            return Sent(urljoin(path, form.action), fields | typed | pressed)
    return "The page has no such form."


def _is_meant(form: Form, step: Step) -> bool:
    """Whether its address or its field `action` is as the step says; signing out is on every page."""
    if not step.form:
        return not form.action.endswith(("/sign-out/", "/logout/"))
    return step.form in form.action or form.fields.get("action") == [step.form]


def _pressed(form: Form, step: Step) -> dict[str, str] | None:
    """What the button adds to the form; None where there is no such button."""
    if step.button is None:
        return dict(form.buttons[:1]) if form.buttons and form.buttons[0][0] else {}
    name, value = step.button
    pattern = re.escape(value).replace(r"\*", ".*")
    found = next((each for each in form.buttons if each[0] == name and re.fullmatch(pattern, each[1])), None)
    return None if found is None else dict([found])
