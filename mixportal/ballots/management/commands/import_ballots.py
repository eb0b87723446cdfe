import argparse
from typing import Any

from django.core.management.base import CommandError

from members.models import User
from mixportal.ballots.paper_entry import MAX_REASON_LENGTH, PaperImport
from mixportal.editions.models import Edition, Kind
from mixportal.tables.imports import ImportCommand


class Command(ImportCommand):
    help = (
        "Casts ballots that came on paper or by phone, from a CSV file as ballots.csv is: a first column `government` "
        "(slug or name), then one column per entry, named by its slug; a cell is a place (equal places tie) or blank. "
        "Only while the edition is open; all rows or none. Each government is told by mail. A row that says what was "
        "entered before changes nothing; a government that has cast itself is refused."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("year", type=int)
        parser.add_argument("kind", choices=Kind.values)
        super().add_arguments(parser)
        parser.add_argument(
            "--by",
            metavar="EMAIL",
            help="the curator who enters them; needed where there are several",
        )
        parser.add_argument("--reason", default="", help="as the government and the history read it (paper ballots)")

    def make_import(
        self, text: str, *, year: int, kind: str, by: str | None, reason: str, **options: Any
    ) -> PaperImport:
        curator = self._curator(by)
        reason = " ".join(reason.split()) or "paper ballots"
        if len(reason) > MAX_REASON_LENGTH:
            raise CommandError(f"The reason has {len(reason)} characters; at most {MAX_REASON_LENGTH} fit.")
        edition = Edition.objects.filter(year=year).first()
        if edition is None:
            raise CommandError(f"There is no edition of {year}.")
        if not edition.is_open:
            raise CommandError(f"The ballots of {year} are not open, so none is entered.")
        return PaperImport(edition.list_of(kind), text, curator, reason=reason)

    def _curator(self, email: str | None) -> User:
        curators = User.objects.filter(is_active=True, is_staff=True)
        if email:
            curators = curators.filter(email__iexact=email)
        found = curators[:2]
        if email and not found:
            raise CommandError(f"There is no curator with the address {email}.")
        if len(found) != 1:
            raise CommandError("Say which curator enters them: --by EMAIL.")
        return found[0]
