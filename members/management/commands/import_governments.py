from typing import Any

from members.government_import import GovernmentImport
from mixportal.tables.imports import ImportCommand


class Command(ImportCommand):
    help = "Adds and changes governments from a CSV file, by slug."
    columns_help = """\
The file: CSV in UTF-8 with one header row; comma, semicolon or tab. The export at /governments/export.csv is one.
Columns, in any order:
  slug                the address; says which government the row means. Left out or blank: made from the name
  name                needed for a new government, as are kind and state
  kind                city, county, consolidated, other
  state               two letters or the name: AZ, Arizona
  population          a number, such as 412000 or 412,000; given together with
  population_year     the year of that figure
  form_of_government  council_manager, mayor_council, commission, county_executive, county_administrator, other
  it_structure        centralized, federated, decentralized
  it_staff            full-time equivalents, such as 120.5
  annual_it_budget    in dollars a year, such as 48,000,000
  website             with https://
  seat                1 to 64; blank when it holds none

A column that is left out leaves what is stored as it is; an empty cell empties it. A row that says what is stored
already changes nothing. If one line cannot be read, nothing is imported. At most 1 MB and 1,000 rows."""

    def make_import(self, text: str, **options: Any) -> GovernmentImport:
        return GovernmentImport(text)
