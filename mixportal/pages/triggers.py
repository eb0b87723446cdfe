"""Count the commits that change public pages.

Each transaction inserts its id into `portal_pagechange`, which blocks no other. A deferred trigger
raises the counter at the commit, so transactions that finish late still change the version.
"""

import pgtrigger

CHANGES_PUBLIC_PAGES = pgtrigger.Trigger(
    name="changes_public_pages",
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    when=pgtrigger.After,
    func="""
        IF OLD IS DISTINCT FROM NEW THEN
            INSERT INTO portal_pagechange (transaction) VALUES (pg_current_xact_id()::text::bigint)
                ON CONFLICT DO NOTHING;
        END IF;
        RETURN NULL;
    """,
)

# Deleting the row queues the trigger again, behind the commit's other checks. If a check waited for
# a row lock while the counter is locked, two commits could deadlock.
RAISES_PAGE_VERSION = pgtrigger.Trigger(
    name="raises_page_version",
    operation=pgtrigger.Insert | pgtrigger.Delete,
    when=pgtrigger.After,
    timing=pgtrigger.Deferred,
    func="""
        IF TG_OP = 'INSERT' THEN
            DELETE FROM portal_pagechange WHERE transaction = NEW.transaction;
        ELSE
            INSERT INTO portal_pageversion (id, number) VALUES (1, 1)
                ON CONFLICT (id) DO UPDATE SET number = portal_pageversion.number + 1;
        END IF;
        RETURN NULL;
    """,
)
