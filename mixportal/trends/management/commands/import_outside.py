from typing import Any

from mixportal.tables.imports import ImportCommand
from mixportal.trends.outside_import import OutsideImport

COLUMNS_HELP = """\
The file: CSV in UTF-8 with one header row; comma, semicolon or tab. A row for each item. Columns, in any order:
  source        who published the list; needed, as are
  year
  title         of the item, as the source words it
  list          the list's name, where a source has several in one year
  short_name    as pages say it: 2nd on the ... list of 2018
  url, how_made, license    of the list, the same on each of its rows
  rank          2, or 2= where the place is shared; blank where the list has no order
  percent       instead of a rank: how many of those asked named it
  certainty     stated, inferred, unsure
  disputed      yes or no
  note          what is disputed or inferred
  priorities, challenges    what it means here: 2025/cybersecurity; 2024/cybersecurity (unsure)

A list that is new is not published: a curator does that. A column that is left out leaves what is stored; items
that the file does not name stay. A row that says what is stored already changes nothing. If one line cannot
be read, nothing is imported."""


class Command(ImportCommand):
    help = "Adds and changes other bodies' lists from a CSV file, and what their items mean here."
    columns_help = COLUMNS_HELP

    def make_import(self, text: str, **options: Any) -> OutsideImport:
        return OutsideImport(text)
