"""Forms as a browser fills them in and sends them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

UNSENT = {"submit", "button", "reset", "image", "file"}


@dataclass
class Form:
    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def put(self, name: str, value: str) -> None:
        self.fields.setdefault(name, []).append(value)


def forms_of(html: str) -> list[Form]:
    """The forms that post, each with what it would send as it stands."""
    reader = _Reader()
    reader.feed(html)
    return reader.forms


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.by_id: dict[str, Form] = {}
        self.select: tuple[Form, str, list[tuple[str, bool]]] | None = None
        self.textarea: tuple[Form, str] | None = None
        self.text = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        if tag == "form" and found.get("method", "").lower() == "post":
            self.form = Form(found.get("action", ""))
            self.forms.append(self.form)
            self.by_id[found.get("id", "")] = self.form
        form = self.by_id.get(found["form"]) if "form" in found else self.form
        if form is None or "disabled" in found:
            return
        name = found.get("name", "")
        if (
            tag == "input"
            and name
            and name not in ("csrfmiddlewaretoken", "made_for")
            and found.get("type", "text") not in UNSENT
        ):
            if found.get("type") not in ("checkbox", "radio"):
                form.put(name, found.get("value", ""))
            elif "checked" in found:
                form.put(name, found.get("value", "on"))
        elif tag == "button" or (tag == "input" and found.get("type") == "submit"):
            form.buttons.append((name, found.get("value", "")))
        elif tag == "select" and name:
            self.select = (form, name, [])
        elif tag == "option" and self.select:
            self.select[2].append((found.get("value", ""), "selected" in found))
        elif tag == "textarea" and name:
            self.textarea, self.text = (form, name), ""

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select" and self.select:
            form, name, options = self.select
            chosen = [value for value, selected in options if selected] or [value for value, _ in options[:1]]
            for value in chosen:
                form.put(name, value)
            self.select = None
        elif tag == "textarea" and self.textarea:
            form, name = self.textarea
            form.put(name, self.text.removeprefix("\n"))
            self.textarea = None
