"""Every page of the portal and of its admin, with something at every address, and what can be asked of each."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl, urljoin, urlsplit

from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core import signing
from django.db import models
from django.urls import URLResolver, get_resolver
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from members.authorship import OWN_FIELDS
from members.models import Office
from members.preferences import SALT
from members.routes import routes
from mixportal.database import ROOT
from mixportal.desk.edition_verbs import BY_KEY
from mixportal.editions.models import Edition, Entry, Erratum, Kind, Lineage
from mixportal.mail.models import Mail
from mixportal.results.models import Tally
from mixportal.summaries.models import ShareLink
from mixportal.trends.models import OutsideItem, OutsideList, OutsideSeries
from tests.access_table import CHALLENGE, GOVERNMENT, PRIORITY
from tests.challenges.conftest import DATA, WORK, answer
from tests.members.inviting import invite
from tests.members.signing import give_app
from tests.priorities.conftest import priority, tell
from tests.proposals.proposing import propose
from tests.worlds import entry_of

YEARS = (2030, 2031, 2029, 2028, 2027)
DESK = ROOT / "mixportal" / "desk"
ADMIN_NAMES = (
    "action index select_across _selected_action _popup _to_field _changelist_filters _save _saveasnew _continue e o p q"
    " all app_label model_name field_name term form-TOTAL_FORMS form-INITIAL_FORMS form-0-id ids next post confirmed"
).split()
PLACEHOLDER = re.compile(r"<(?:\w+:)?(\w+)>")


def credential() -> dict[str, object]:
    """What a browser sends of a new passkey."""
    public_key = ES256({1: 2, 3: -7, -1: 1, -2: b"x" * 32, -3: b"y" * 32})
    held = AttestedCredentialData.create(b"a" * 16, b"credential", public_key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    attested = AttestationObject.create("none", AuthenticatorData.create(b"r" * 32, flags, 0, held), {})
    client = CollectedClientData.create("webauthn.create", b"challenge", "http://testserver")
    response = {"clientDataJSON": websafe_encode(client), "attestationObject": websafe_encode(attested)}
    return {
        "id": websafe_encode(b"credential"),
        "rawId": websafe_encode(b"credential"),
        "type": "public-key",
        "response": response,
    }


def fill(phases, write):
    """Add to the network of all phases what the other addresses lead to; the tokens of links by address."""
    Group.objects.get_or_create(name="Readers")
    give_app(phases.delegate_a)
    passkey = {"name": "A key", "credential": credential()}
    Authenticator.objects.create(user=phases.delegate_a, type="webauthn", data=passkey)
    Office.objects.create(person_name="Ada", government=phases.port)
    series = OutsideSeries.objects.create(body="State CIOs", short_name="state CIOs’", slug="state-cios")
    outside = OutsideList.objects.create(series=series, year=2028)
    line = entry_of(2028).line
    OutsideItem.objects.create(outside_list=outside, title="Records", position=1, place=1, line=line)
    outside.publish()
    proposals = [propose(phases.drafting, user) for user in (phases.member_a, phases.member_b)]
    proposals[0].support(phases.member_b, "We too.")
    for year in (2028, 2029, 2030):
        note = write(phases.member_a, "Words of *ours* on @halloran-county.", entry=entry_of(year))
        write(phases.member_b, "An answer.", reply_to=note)
        note.endorse(phases.member_b)
    write(phases.member_a, "Because.", kind="reason", entry=entry_of(2030, "cybersecurity"))
    write(phases.member_a, "To the curators.", audience="curators")
    tell(phases.member_a, priority(phases.edition), summary="As told.")
    answer(phases.member_a, phases.edition, DATA, WORK)
    Lineage.objects.create(later=entry_of(2031), earlier=entry_of(2030, "workforce"), type=Lineage.Type.MERGED)
    Erratum.objects.create(edition=phases.published, body="It is right so.", added_by=phases.curator)
    for edition in (phases.closed, phases.published):
        for kind in Kind:
            Tally.objects.get_or_compute(edition.list_of(kind))
    _, share = ShareLink.objects.make(phases.port, phases.published, by=phases.member_a, label="Council", days=9)
    phases.tokens = {
        "share": share,
        "stop": signing.dumps([phases.member_a.pk, "reply"], salt=SALT),
        "invitation": invite(phases).rstrip("/").rpartition("/")[2],
    }
    phases.rows = {
        "note": note.pk,
        "proposal": proposals[0].pk,
        "passkey": Authenticator.objects.get(type="webauthn").pk,
        "mail": Mail.objects.values_list("pk", flat=True)[0],
    }
    return phases


@dataclass(frozen=True)
class Address:
    route: str
    filled: dict[str, str] = field(hash=False)
    folder: Path  # of the code that answers

    def url(self, **other: str) -> str:
        return PLACEHOLDER.sub(lambda match: (self.filled | other)[match[1]], self.route)

    @property
    def names(self) -> list[str]:
        return PLACEHOLDER.findall(self.route)


def portal_addresses(world) -> list[Address]:
    found = []
    for route in routes():
        years = YEARS if "<year:" in route.address else YEARS[:1]
        kinds = Kind.values if "<kind:" in route.address else Kind.values[:1]
        for year in years:
            for kind in kinds:
                slug = PRIORITY if kind == Kind.PRIORITIES else CHALLENGE
                if route.name in ("note", "notes", "investment"):
                    slug = "data"
                filled = {
                    "year": str(year),
                    "kind": kind,
                    "slug": GOVERNMENT if route.address.startswith("/governments/") else slug,
                    "number": str(world.rows["note" if "notes" in route.address else "proposal"]),
                    "pk": str(world.rows["passkey"]),
                    "token": next((token for key, token in world.tokens.items() if key in route.address), "x"),
                    "name": "none",
                    "series": "state-cios",
                }
                found.append(Address(route.address, filled, Path(inspect.getfile(inspect.unwrap(route.view))).parent))
    return found


def admin_addresses(world) -> list[Address]:
    """Those of a row for the first and the last one of its table; the desk's for an edition of each phase."""
    site = next(each for each in get_resolver().url_patterns if str(each.pattern) == "admin/")
    editions = {edition.year: edition.pk for edition in Edition.objects.all()}
    found = []
    for route in _routes_below(site, "/admin/"):
        route = re.sub(r"\^|\$", "", route)
        route = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", route)
        model = next((m for m in admin.site._registry if f"/{m._meta.app_label}/{m._meta.model_name}/" in route), None)
        rows = [str(pk) for pk in _first_and_last(model)] if model and "<path:object_id>" in route else ["1"]
        for year in YEARS if "/desk/" in route or "<int:year>" in route else YEARS[:1]:
            for verb in BY_KEY if "<slug:verb>" in route else ["open"]:
                for kind in Kind.values if "<slug:kind>" in route else Kind.values[:1]:
                    entry = Entry.objects.filter(annual_list__edition__year=year, annual_list__kind=kind).first()
                    filled = {"year": str(year), "pk": str(editions[year]), "verb": verb, "kind": kind}
                    filled |= {"entry": str(entry.pk), "app_label": "members", "content_type_id": "1", "url": "x"}
                    filled |= {"address": f"/{year}/summary/", "government": GOVERNMENT}
                    filled["request_id"] = "00000000-0000-0000-0000-000000000000"
                    found += [Address(route, filled | {"object_id": row}, DESK) for row in rows]
    return found


def _routes_below(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _routes_below(pattern, prefix + str(pattern.pattern))
        else:
            yield prefix + str(pattern.pattern)


def _first_and_last(model: type[models.Model]) -> list[object]:
    keys = list(model._default_manager.order_by("pk").values_list("pk", flat=True))
    return [*dict.fromkeys([*keys[:1], *keys[-1:]])] or [1]


@cache
def names_in_code(folder: Path) -> list[str]:
    """Every word that the code in a folder that reads requests may take for a name; of the desk also columns and Django's."""
    texts = [path.read_text() for path in folder.rglob("*.py") if not {".venv", "tests"} & {*path.parts}]
    reading = [text for text in texts if re.search(r"QueryDict|\.GET\b|\.POST\b", text)]
    found = {name for text in reading for name in re.findall(r"\"([a-z][\w-]{0,30})\"", text)}
    if folder in (ROOT, DESK):
        found |= {each.name for model in admin.site._registry for each in model._meta.get_fields()} | set(ADMIN_NAMES)
    return sorted(found) or ["x"]


@dataclass
class Form:
    action: str
    is_post: bool
    fields: list[tuple[str, str]]
    files: list[str]


class Reader(HTMLParser):
    """The forms of a page, and the questions that its links ask."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url, self.forms, self.queries = url, [], []
        self._select = self._textarea = ""
        self._form: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        name = has.get("name", "")
        if tag == "a" and "?" in has.get("href", ""):
            parts = urlsplit(urljoin(self.url, has["href"]))
            if parts.path == self.url:
                self.queries.append(parse_qsl(parts.query, keep_blank_values=True))
        elif tag == "form":
            self._form = Form(
                urlsplit(urljoin(self.url, has.get("action") or self.url)).path,
                has.get("method", "").lower() == "post",
                [],
                [],
            )
            self.forms.append(self._form)
        elif self._form is None:
            return
        elif tag == "input" and has.get("type") == "file":
            self._form.files.append(name)
        elif tag in ("input", "button") and name and name not in OWN_FIELDS:
            self._form.fields.append((name, has.get("value", "")))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            self._form.fields.append((self._select, has.get("value", "")))
        elif tag == "textarea":
            self._form.fields.append((name, "Words."))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "form":
            self._form = None
