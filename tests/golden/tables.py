"""Which rows a script inserts, changes and deletes, by what the tables hold: their names may change, this does not."""

from __future__ import annotations

import re
from collections import defaultdict

from django.db import connection

HOLDS = {
    "annual list": r"editions_edition",
    "one of its two lists": r"editions_annuallist",
    "line": r"editions_line",
    "erratum": r"editions_erratum",
    "entry": r"editions_entry",
    "lineage": r"editions_lineage",
    "ballot": r"ballots_ballot",
    "placement": r"ballots_placement",
    "tally": r"results_tally",
    "note": r"notes_note",
    "endorsement": r"notes_endorsement",
    "mention": r"notes_mention",
    "proposal": r"proposals_proposal",
    "support": r"proposals_support",
    "investment": r"priorities_investment",
    "hindrance": r"challenges_hindrance",
    "hindrance answer": r"challenges_hindranceresponse",
    "outside list": r"trends_outside(list|series)",
    "outside item": r"trends_outsideitem",
    "share link": r"summaries_sharelink",
    "mail": r"mail_(mail|digestitem)",
    "mail preference": r"members_mailpreference",
    "government": r"members_government",
    "invitation": r"members_invitation",
    "office": r"members_office",
    "user": r"members_user(_groups|_user_permissions)?",
    "session": r"members_session",
    "second factor": r"mfa_authenticator",
}
LEFT_OUT = r".*event|django_.*|auth_.*|account_.*|pghistory_.*|portal_.*|demo_marker"  # history, frameworks, caches
Rows = dict[str, dict[str, str]]  # of each table, a digest for each key


def rows() -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT class.relname, attribute.attname FROM pg_index"
            " JOIN pg_class class ON class.oid = indrelid"
            " JOIN pg_attribute attribute ON attribute.attrelid = class.oid AND attribute.attnum = indkey[0]"
            " WHERE indisprimary AND class.relnamespace = 'public'::regnamespace"
        )
        found: Rows = {}
        for table, key in cursor.fetchall():
            if not re.fullmatch(LEFT_OUT, table):
                cursor.execute(f'SELECT "{key}"::text, md5(row::text) FROM "{table}" row')
                found[table] = dict(cursor.fetchall())
        return found


def changes(before: Rows, after: Rows) -> str:
    """One line for each kind of row that differs, such as "placement: 3 inserted, 2 deleted"."""
    counts: dict[str, dict[str, int]] = defaultdict(lambda: {"inserted": 0, "changed": 0, "deleted": 0})
    for table, now in after.items():
        then = before[table]
        of_kind = counts[_name_of(table)]
        of_kind["inserted"] += len(now.keys() - then.keys())
        of_kind["deleted"] += len(then.keys() - now.keys())
        of_kind["changed"] += sum(digest != then[key] for key, digest in now.items() if key in then)
    lines = (
        f"{name}: " + ", ".join(f"{count} {what}" for what, count in of_kind.items() if count)
        for name, of_kind in sorted(counts.items())
        if any(of_kind.values())
    )
    return "\n".join(lines) or "no row"


def _name_of(table: str) -> str:
    return next((name for name, pattern in HOLDS.items() if re.fullmatch(pattern, table)), f"unnamed table {table}")
