"""The variables of settings.py. Alone it prints a file of them; FILE COMMAND runs a command with one."""

import os
import re
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

ADDRESS = r"[^@\s<>]+@[^@\s<>]+"
NAME = r"[\w-]+(\.[\w-]+)*"
HOST = rf"\.?{NAME}|\[[0-9a-fA-F:]+\]"
PORT = r"[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5]"
DATABASE = r"(postgres|postgresql|pgsql)://([^\s/@]*@)?(\[[0-9a-fA-F:]+\]|[^\s/@:\[]*)(:\d+)?/\w[^\s/?]*(\?\S*)?"
MIN_KEY_LENGTH = 50
# as systemd and compose read it
LINE = re.compile(r"""(\w+)=(?:'([^']*)'|"([^"\\$`]*)"|([^'"\\$`#]*))\s*""", re.ASCII)


@dataclass(frozen=True)
class Variable:
    name: str
    meaning: str
    default: str = ""
    pattern: str = ".*"
    shape: str = ""  # in words
    sample: str | None = None  # "" is to be edited
    is_required: bool = False
    is_secret: bool = False  # never quoted
    min_length: int = 0


VARIABLES = (
    Variable("PORTAL_MODE", "how the portal runs", "development", "development|demo|production",
             "development, demo or production", sample="production", is_required=True),
    Variable("DATABASE_URL", "the Postgres database (15 or newer)", pattern=DATABASE,
             shape="an address like postgres://user:password@host:5432/name", is_required=True, is_secret=True,
             sample="postgres://%2Frun%2Fpostgresql/mixportal"),
    Variable("SECRET_KEY", "signs sessions, codes and links", pattern=rf"(?!django-insecure-)\S{{{MIN_KEY_LENGTH},}}",
             shape=f"at least {MIN_KEY_LENGTH} random characters", is_required=True, is_secret=True,
             min_length=MIN_KEY_LENGTH),
    Variable("SECRET_KEY_FALLBACKS", "earlier keys, separated by spaces, whose signatures still count",
             pattern=rf"(\S{{{MIN_KEY_LENGTH},}}(\s+|$))*", shape="earlier values of SECRET_KEY", is_secret=True),
    Variable("ALLOWED_HOSTS", "the host names of the portal, separated by commas", is_required=True,
             pattern=rf"\s*({HOST})\s*(,\s*({HOST})\s*)*,?\s*", sample="",
             shape="host names such as portal.example.org, with no scheme, port or *"),
    Variable("PORTAL_URL", "what mails link to; by default the first of ALLOWED_HOSTS",
             pattern=rf"https?://({HOST})(:({PORT}))?", shape="an address such as https://portal.example.org"),
    Variable("TRUSTED_PROXY_COUNT", "how many proxies append to X-Forwarded-For; rate limits use the address before",
             "0", r"\d", "a whole number up to 9", sample="1"),
    Variable("HSTS", "which hosts browsers open by https only, for a year", "host",
             "off|host|subdomains|preload", "off, host, subdomains or preload"),
    Variable("EMAIL_HOST", "the mail server", pattern=rf"{NAME}|[0-9a-fA-F]*:[0-9a-fA-F]*:[0-9a-fA-F:]+",
             shape="a host name, with no port", is_required=True, sample=""),
    Variable("EMAIL_PORT", "its port; by default 587, or 465 with EMAIL_USE_SSL", pattern=PORT,
             shape="the number of a port"),
    Variable("EMAIL_HOST_USER", "the user name at the mail server"),
    Variable("EMAIL_HOST_PASSWORD", "the password at the mail server", is_secret=True),
    Variable("EMAIL_USE_TLS", "STARTTLS; by default 1, or 0 with EMAIL_USE_SSL", pattern="[01]", shape="1 or 0"),
    Variable("EMAIL_USE_SSL", "TLS from the start", "0", "[01]", "1 or 0"),
    Variable("DEFAULT_FROM_EMAIL", "the sender of mails", "MIX portal <portal@localhost>",
             rf"{ADDRESS}|[^<>]*<{ADDRESS}>", "an address, or a name with one, such as MIX portal <portal@example.org>",
             is_required=True, sample=""),
    Variable("TIME_ZONE", "the time zone of the lists and of the morning's mails", "America/New_York",
             r"[\w+-]+(/[\w+-]+)*", "a name such as America/Chicago"),
    Variable("RESPONSIBLE_BODY", "who runs the portal, as the privacy notice names it",
             "Metropolitan Information Exchange"),
    Variable("CONTACT", "where its users turn; by default the address of DEFAULT_FROM_EMAIL",
             pattern=r"(mailto:|https://)\S+", shape="an address that begins with mailto: or https:"),
    Variable("SECURITY_CONTACT", "where vulnerabilities are reported (security.txt); by default CONTACT",
             pattern=r"(mailto:|https://)\S+", shape="an address that begins with mailto: or https:"),
    Variable("MAY_EMBED", "sites that may show /<year>/embed/ in a frame, separated by spaces",
             pattern=rf"\s*(https?://(\*\.)?{NAME}(:({PORT}))?(\s+|$))*", shape="addresses such as https://www.example.org"),
    Variable("DATA_LICENSE_NAME", "the license of the published data", "Creative Commons Attribution 4.0 (CC BY 4.0)"),
    Variable("DATA_LICENSE_URL", "the text of that license", "https://creativecommons.org/licenses/by/4.0/",
             r"https?://\S+", "an address that begins with https:"),
    Variable("FIRST_CURATOR", "the address of the first curator, for whom upgrade prints a link that signs in",
             pattern=ADDRESS, shape="an address", sample=""),
    Variable("METRICS_TOKEN", "the token with which a monitor reads /metrics; without one there is no such page",
             pattern=r"[\w.~+/-]{20,}=*", shape="at least 20 random characters", is_secret=True),
    Variable("BACKUP_RECIPIENT", "the public key to which age encrypts backups; without one they are not encrypted",
             pattern=r"age1[0-9a-z]{58,}|ssh-(rsa|ed25519) [\w+/]{60,}=*( .*)?", shape="a public key of age or ssh"),
    Variable("STATIC_ROOT", "where collectstatic puts files; by default static in DATA_DIR"),
)  # fmt: skip
BY_NAME = {variable.name: variable for variable in VARIABLES}


def read(name: str, default: str = "") -> str:
    """Return the value, or the default. Raises ImproperlyConfigured for another shape."""
    variable, value = BY_NAME[name], os.environ.get(name, "").strip()
    if value and not re.fullmatch(variable.pattern, value, re.ASCII):
        found = "has another form" if variable.is_secret else f"is {value!r}"
        found = "is too short" if len(value) < variable.min_length else found
        raise ImproperlyConfigured(f"{name} {found}. It takes {variable.shape}.")
    return value or default or variable.default


def refuse_missing() -> None:
    missing = [each.name for each in VARIABLES if each.is_required and not os.environ.get(each.name, "").strip()]
    if missing:
        raise ImproperlyConfigured(f"Production does not start without {', '.join(missing)}.")


def sample_file(*, for_compose: bool = False) -> str:
    lines = ["# The settings of the portal. Fill in the empty ones. A line with # has the value that holds without it."]
    for variable in VARIABLES:
        sample = secrets.token_urlsafe(64) if variable.name == "SECRET_KEY" else variable.sample
        lines += ["", f"# {variable.meaning}" + (f": {variable.shape}" if variable.shape else "")]
        lines += [f"#{variable.name}='{variable.default}'" if sample is None else f"{variable.name}='{sample}'"]
    if for_compose:
        roles = ("SUPERUSER", "OWNER", "WEB")
        passwords = (f"{role}_PASSWORD='{secrets.token_urlsafe()}'" for role in roles)
        lines += ["", "# the passwords of the roles of the database, for compose.yaml", *passwords]
    return "\n".join(lines) + "\n"


def read_file(path: Path) -> dict[str, str]:
    found = {}
    for number, line in enumerate(path.read_text().split("\n"), 1):
        if line.strip() and not line.startswith("#"):
            if (parts := LINE.fullmatch(line)) is None:
                raise ImproperlyConfigured(f"Line {number} of {path}: write NAME='value', with no ' in the value.")
            found[parts[1]] = (parts[2] or parts[3] or parts[4] or "").strip()
    return found


def main(arguments: list[str]) -> None:
    if len(arguments) > 1:
        file, *command = arguments
        try:
            os.execvpe(command[0], command, os.environ | read_file(Path(file)))  # noqa: S606
        except ImproperlyConfigured as problem:
            sys.exit(str(problem))
    print(sample_file(for_compose=arguments == ["compose"]), end="")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
