"""Reading pages as a browser without script does: elements, text, forms and their fields."""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree.ElementTree import Element

from tests.markup import parse


def page(answer) -> Element:
    return parse(answer.content.decode())


def content(answer) -> str:
    """The body as text, of a PDF file byte for byte; of a zip, every file but its README, which says when it was made."""
    if answer.get("Content-Type") == "application/pdf":
        return answer.content.decode("latin-1")
    if answer.get("Content-Type") != "application/zip" or not answer.content:
        return answer.content.decode()
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    return "\n".join(f"{name}\n{archive.read(name).decode()}" for name in archive.namelist() if name != "README.txt")


def text(element: Element) -> str:
    """Every piece of text, separated by single spaces."""
    return " ".join(" ".join(element.itertext()).split())


def with_testid(root: Element, name: str) -> Element | None:
    return next((element for element in root.iter() if element.get("data-testid") == name), None)


def said(answer, name: str) -> str:
    """The text of the element with that data-testid; empty where there is none."""
    found = with_testid(page(answer), name)
    return "" if found is None else text(found)


def links(root: Element) -> list[str]:
    return [element.get("href", "") for element in root.iter("a")]


def fields(form: Element) -> dict[str, str]:
    """What sending the form posts, whichever button is pressed: fields that are disabled or not checked stay out."""
    return {
        field.get("name", ""): field.get("value", "")
        for field in form.iter("input")
        if field.get("name")
        and field.get("disabled") is None
        and (field.get("type") not in ("radio", "checkbox") or field.get("checked") is not None)
    }


def buttons(form: Element) -> list[str]:
    """The values of the buttons that can be pressed."""
    return [button.get("value", "") for button in form.iter("button") if button.get("disabled") is None]


INLINE = set("a abbr b code del em i ins label mark q small span strong sub sup time".split())


def glued_words(root: Element) -> list[str]:
    """Words that only a stylesheet keeps apart. They are one word where it does not apply: in PDF files, to copy, aloud."""
    pieces: list[str] = []

    def read(element: Element) -> None:
        if "btn" in (element.get("class") or "").split() or element.tag in (
            "script",
            "style",
            "svg",
            "select",
            "head",
            "template",
        ):
            return
        mark = "\x00" if element.tag in INLINE else " "
        mark = "" if element.get("class") == "ord" else mark  # 4th is one word
        pieces.extend((mark, element.text or ""))
        for child in element:
            read(child)
            pieces.append(child.tail or "")
        pieces.append(mark)

    read(root)
    return re.findall(r"\w+\x00+\w+", "".join(pieces))
