from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet

from members.models import User
from mixportal.ballots import ballot_csv
from mixportal.ballots.paper_entry import MAX_REASON_LENGTH, enter_all
from mixportal.editions.models import Edition, Kind
from mixportal.tables.reader import MAX_BYTES, TableError
from mixportal.tables.text import counted


class Command(BaseCommand):
    help = (
        "Casts ballots that came on paper or by phone, from a CSV file as ballots.csv is: a first column `government` "
        "(slug or name), then one column per entry, named by its slug; a cell is a place (equal places tie) or blank. "
        "Only while the edition is open; all rows or none. Each government is told by mail. A row that says what was "
        "entered before changes nothing; a government that has cast itself is refused unless --replace."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("year", type=int)
        parser.add_argument("kind", choices=Kind.values)
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", metavar="EMAIL", help="the curator who enters them; needed where there are several")
        parser.add_argument("--reason", default="", help="as the government and the history read it (paper ballots)")
        parser.add_argument("--replace", action="store_true", help="also ballots that governments have cast themselves")
        parser.add_argument("--dry-run", action="store_true", help="say what it would do, and do nothing")

    def handle(
        self,
        *args: Any,
        year: int,
        kind: str,
        file: Path,
        by: str | None,
        reason: str,
        replace: bool,
        dry_run: bool,
        **options: Any,
    ) -> None:
        curator = self._curator(by)
        reason = " ".join(reason.split()) or "paper ballots"
        if len(reason) > MAX_REASON_LENGTH:
            raise CommandError(f"The reason has {len(reason)} characters; at most {MAX_REASON_LENGTH} fit.")
        edition = Edition.objects.filter(year=year).first()
        if edition is None:
            raise CommandError(f"There is no edition of {year}.")
        if not edition.is_open:
            raise CommandError(f"The ballots of {year} are not open, so none is entered.")
        annual_list = edition.list_of(kind)
        slugs = [entry.slug for entry in annual_list.entries.in_order()]
        try:
            with file.open("rb") as opened:
                ballots = ballot_csv.read(opened.read(MAX_BYTES + 1), slugs)
            entered = enter_all(annual_list, ballots, curator, reason=reason, replace=replace, dry_run=dry_run)
        except OSError as problem:
            raise CommandError(f"{file} cannot be read: {problem.strerror}") from problem
        except TableError as refused:
            raise CommandError(f"{file} is refused, nothing was entered.\n{refused}") from refused

        for each in entered:
            self.stdout.write(str(each))
        new = sum(1 for each in entered if each.what == "entered")
        said = f"{counted(new, 'ballot', 'ballots')} of {annual_list.words.plural}; {len(entered) - new} unchanged."
        if dry_run:
            self.stdout.write(f"Would enter {said} Nothing was changed.")
        else:
            self.stdout.write(self.style.SUCCESS(f"Entered {said}"))

    def _curator(self, email: str | None) -> User:
        curators: QuerySet[User] = User.objects.filter(is_active=True, is_staff=True)
        if email:
            found = curators.filter(email__iexact=email).first()
            if found is None:
                raise CommandError(f"There is no curator with the address {email}.")
            return found
        if len(curators[:2]) != 1:
            raise CommandError("Say which curator enters them: --by EMAIL.")
        return curators[0]
