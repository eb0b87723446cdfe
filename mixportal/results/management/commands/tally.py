import argparse
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mixportal import consensus
from mixportal.consensus import reading
from mixportal.consensus.count import CountResult, differing_keys, recount
from mixportal.consensus.public_recount import recount_public
from mixportal.results.ballot_table import MAX_BYTES, read_ballots
from mixportal.results.tally_table import table, wrapped
from mixportal.tables.reader import TableError, decode

DEFAULT_SEED = 1


class Command(BaseCommand):
    help = (
        "Counts ballots from outside, by the portal's own code and without its database: a CSV file with a header of "
        "alternatives (the first columns may be count and government), or a results.json, whose order is counted "
        "again, of a public one as far as that goes."
    )
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="ballots as CSV, or results.json")
        parser.add_argument("--json", action="store_true", help="print everything as JSON instead of a table")
        parser.add_argument(
            "--seed",
            type=int,
            default=DEFAULT_SEED,
            help=f"draws the repeat counts (default {DEFAULT_SEED}; the foot of a published list's page names its own)",
        )

    def handle(self, *args: Any, file: Path, json: bool, seed: int, **options: Any) -> None:
        try:
            with file.open("rb") as opened:
                text = decode(opened.read(MAX_BYTES + 1), MAX_BYTES)
            published = reading.open_results(text) if text.lstrip().startswith("{") else None
            if published is None:
                result = consensus.count(read_ballots(text), seed=seed)
            elif published.is_public:
                return self._recount_public(published, as_json=json)
            else:
                result = recount(published)
                self._warn(differing_keys(published, result))
        except OSError as problem:
            raise CommandError(f"{file} cannot be read: {problem.strerror}") from problem
        except (TableError, reading.ResultsFileError) as refused:
            raise CommandError(f"{file} is refused.\n{refused}") from refused
        self.stdout.write(_as_json(result) if json else table(result))

    def _recount_public(self, published: reading.ResultsFile, *, as_json: bool) -> None:
        result, differing = recount_public(published)
        self._warn(differing)
        sentences = wrapped("results/tally_public.txt", {"recount": result})
        self.stdout.write(_as_json(result) if as_json else "\n".join(sentences))

    def _warn(self, keys: list[str]) -> None:
        if keys:
            self.stderr.write(f"The file says otherwise than the recount of its own head-to-heads: {', '.join(keys)}.")


def _as_json(result: CountResult | dict[str, object]) -> str:
    return json.dumps(result, ensure_ascii=False, indent=2, allow_nan=False)
