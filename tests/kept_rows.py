"""Rows that many tests begin with: the models make them once in each process, and one statement puts them back later."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connection, transaction

Made = TypeVar("Made")


@dataclass(frozen=True)
class _Kept:
    statement: str
    made: Any


_kept: dict[str, _Kept] = {}


def made_once(name: str, make: Callable[[], Made]) -> Made:
    """Return what `make` returns, and leave in the database what it stores.

    From the second call on both are copies: the same rows with the same keys, triggers set aside, and equal objects.
    What is made on top of other kept rows finds these as they were.
    """
    if name in _kept:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_kept[name].statement)
        return copy.deepcopy(_kept[name].made)
    before = _rows()
    made = make()
    _kept[name] = _Kept(_statement(before, _rows()), copy.deepcopy(made))
    return made


def forget() -> None:
    """The database is another one now, whose sequences do not know of the rows that were kept."""
    _kept.clear()


def _rows() -> dict[str, set[str]]:
    """Return each table's rows as Postgres writes them."""
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}', row::text FROM \"{table}\" AS row" for table in tables))
        found: dict[str, set[str]] = {table: set() for table in tables}
        for table, row in cursor.fetchall():
            found[table].add(row)
    return found


def _statement(before: dict[str, set[str]], after: dict[str, set[str]]) -> str:
    """Return the SQL that makes the rows of `after` from those of `before`. A changed row is removed and added."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, string_agg(quote_ident(column_name), ', ') FROM information_schema.columns"
            " WHERE table_schema = 'public' AND is_generated = 'NEVER' GROUP BY table_name"
        )
        columns = dict(cursor.fetchall())
        parts = ["SET LOCAL session_replication_role = replica"]
        for table, rows in after.items():
            if removed := sorted(before[table] - rows):
                parts.append(_with(cursor, f'DELETE FROM "{table}" AS row WHERE row::text = ANY(%s)', removed))
            if added := sorted(rows - before[table]):
                insert = (
                    f'INSERT INTO "{table}" ({columns[table]}) SELECT {columns[table]} FROM unnest(%s::"{table}"[])'
                )
                parts.append(_with(cursor, insert, added))
    return "; ".join([*parts, "SET LOCAL session_replication_role = DEFAULT"])


def _with(cursor: Any, statement: str, rows: list[str]) -> str:
    return cursor.mogrify(statement, [rows]).decode()
