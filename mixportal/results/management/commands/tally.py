from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from textwrap import fill
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mixportal import consensus
from mixportal.consensus import reading
from mixportal.consensus.count import CountResult, differing_keys, recount
from mixportal.consensus.public_recount import recount_public
from mixportal.consensus.table import WIDTH, table

DEFAULT_SEED = 1


class Command(BaseCommand):
    help = (
        "Counts ballots from outside, by the portal's own code and without its database: a CSV file with a header of "
        "alternatives (first column count or government if you like), or a results.json, whose order is counted again, "
        "of a public one as far as that goes."
    )
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="ballots as CSV, or results.json")
        parser.add_argument("--json", action="store_true", help="print everything as JSON instead of a table")
        parser.add_argument(
            "--seed", type=int, default=DEFAULT_SEED, help=f"draws the repeat counts (default {DEFAULT_SEED})"
        )

    def handle(self, *args: Any, file: Path, json: bool, seed: int, **options: Any) -> None:
        try:
            if file.stat().st_size >= reading.MAX_BYTES:
                raise reading.BallotFileError(
                    f"the file has {file.stat().st_size:,} bytes; it must stay under 50,000,000"
                )
            text = reading.decode(file.read_bytes())
            if not text.lstrip().startswith("{"):
                result = self._counted(text, seed)
            elif reading.open_results(text).is_public:
                return self._recount_public(text, as_json=json)
            else:
                result = self._recounted(text)
        except OSError as problem:
            raise CommandError(f"{file} cannot be read: {problem.strerror}") from problem
        except reading.BallotFileError as refused:
            raise CommandError(f"{file} is refused: {refused}") from refused
        self.stdout.write(_as_json(result) if json else table(result))

    @staticmethod
    def _counted(text: str, seed: int) -> CountResult:
        return consensus.count(reading.read_csv(text), seed=seed)

    def _recounted(self, text: str) -> CountResult:
        published = reading.read_results(text)
        result = recount(published)
        self._warn(differing_keys(published, result))
        return result

    def _recount_public(self, text: str, *, as_json: bool) -> None:
        result = recount_public(reading.open_results(text))
        self._warn(result.differs)
        self.stdout.write(_as_json(asdict(result)) if as_json else fill(result.sentence, WIDTH))

    def _warn(self, keys: list[str]) -> None:
        if keys:
            self.stderr.write(f"The file says otherwise than the recount of its own head-to-heads: {', '.join(keys)}.")


def _as_json(result: CountResult | dict[str, Any]) -> str:
    return json.dumps(result, ensure_ascii=False, indent=2, allow_nan=False)
