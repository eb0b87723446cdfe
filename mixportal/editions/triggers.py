"""Rules of an edition that hold for raw SQL too."""

import pgtrigger

# The window never reopens, a close moves earlier only to this moment, and what is published was closed before and stays
# published (DESIGN rule 4). The clock is clock_timestamp() and not now(): a statement that waited for a lock across the
# close must see the close.
EDITION_NEVER_REOPENS = pgtrigger.Trigger(
    name="never_reopens",
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    when=pgtrigger.Before,
    func="""
        IF TG_OP = 'DELETE' THEN
            IF OLD.opens_at <= clock_timestamp() OR OLD.published_at IS NOT NULL THEN
                RAISE EXCEPTION 'The edition of % has opened or is published: it is not deleted.', OLD.year
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN OLD;
        END IF;
        IF OLD.closes_at <= clock_timestamp() AND NEW.closes_at IS DISTINCT FROM OLD.closes_at THEN
            RAISE EXCEPTION 'The ballots of % have closed: the close does not move any more.', OLD.year
                USING ERRCODE = 'check_violation';
        END IF;
        IF OLD.closes_at > clock_timestamp() AND OLD.opens_at <= clock_timestamp() AND NEW.closes_at < OLD.closes_at
                AND NEW.closes_at NOT BETWEEN clock_timestamp() - interval '1 minute' AND clock_timestamp() THEN
            RAISE EXCEPTION 'The close of % moves earlier only by closing the ballots now.', OLD.year
                USING ERRCODE = 'check_violation';
        END IF;
        IF OLD.closes_at > clock_timestamp() AND OLD.opens_at <= clock_timestamp() AND NEW.closes_at > OLD.closes_at
                AND NEW.close_moved_because = '' THEN
            RAISE EXCEPTION 'The close of % moves later only with a reason.', OLD.year
                USING ERRCODE = 'check_violation';
        END IF;
        IF OLD.opens_at <= clock_timestamp() AND NEW.opens_at IS DISTINCT FROM OLD.opens_at THEN
            RAISE EXCEPTION 'The ballots of % have opened: the opening does not move any more.', OLD.year
                USING ERRCODE = 'check_violation';
        END IF;
        IF OLD.published_at IS NOT NULL AND NEW.published_at IS DISTINCT FROM OLD.published_at THEN
            RAISE EXCEPTION 'The edition of % is published and stays so.', OLD.year USING ERRCODE = 'check_violation';
        END IF;
        IF OLD.published_at IS NOT NULL
                AND (NEW.opens_at, NEW.closes_at) IS DISTINCT FROM (OLD.opens_at, OLD.closes_at) THEN
            RAISE EXCEPTION 'The edition of % is published: its ballots neither open nor close any more.', OLD.year
                USING ERRCODE = 'check_violation';
        END IF;
        IF OLD.published_at IS NOT NULL AND (NEW.title, NEW.introduction, NEW.time_zone, NEW.close_moved_because)
                IS DISTINCT FROM (OLD.title, OLD.introduction, OLD.time_zone, OLD.close_moved_because) THEN
            RAISE EXCEPTION 'The edition of % is published: its texts stand, errata are added.', OLD.year
                USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.published_at > clock_timestamp() OR (NEW.published_at IS NOT NULL AND NEW.closes_at > clock_timestamp())
        THEN
            RAISE EXCEPTION 'The edition of % cannot be published ahead of its close.', NEW.year
                USING ERRCODE = 'check_violation';
        END IF;
        IF (OLD.opens_at <= clock_timestamp() OR OLD.published_at IS NOT NULL)
                AND NEW.year IS DISTINCT FROM OLD.year THEN
            RAISE EXCEPTION 'The edition of % has opened or is published: its year stays.', OLD.year
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)

# Once an edition opens its list stands: no entry is added, removed or moved, and wording is corrected only by
# Entry.correct: with a reason in the history's context, and the leave that it gives for one entry, which the change
# uses up (a context lasts to the end of its transaction, and would let later changes pass). Once it is published,
# nothing of it changes.
ENTRY_STANDS_ONCE_OPEN = pgtrigger.Trigger(
    name="stands_once_open",
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    when=pgtrigger.Before,
    declare=[("edition_row", "editions_edition%ROWTYPE")],
    func="""
        SELECT * INTO edition_row FROM editions_edition
            WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.edition_id ELSE OLD.edition_id END FOR SHARE;
        IF edition_row.published_at IS NULL
                AND (edition_row.opens_at IS NULL OR edition_row.opens_at > clock_timestamp()) THEN
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            IF TG_OP = 'UPDATE' AND NEW.edition_id <> OLD.edition_id THEN
                RAISE EXCEPTION 'An entry keeps its edition.' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END IF;
        IF TG_OP = 'UPDATE' AND edition_row.published_at IS NULL THEN
            IF NEW.edition_id = OLD.edition_id AND NEW.slug = OLD.slug AND NEW.position = OLD.position
                    AND current_setting('mixportal.correction', true) = TG_TABLE_NAME || ' ' || OLD.id
                    AND nullif(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'reason' <> '' THEN
                PERFORM set_config('mixportal.correction', '', true);
                RETURN NEW;
            END IF;
        END IF;
        RAISE EXCEPTION 'The list of % is open or later: its entries stand; only wording is corrected, with a reason.',
            edition_row.year USING ERRCODE = 'check_violation';
    """,
)

LINEAGE_RUNS_FORWARD = """
    IF (SELECT edition.year FROM {entries} entry JOIN editions_edition edition ON edition.id = entry.edition_id
            WHERE entry.id = NEW.earlier_id)
       >= (SELECT edition.year FROM {entries} entry JOIN editions_edition edition ON edition.id = entry.edition_id
            WHERE entry.id = NEW.later_id) THEN
        RAISE EXCEPTION 'Lineage runs from an earlier edition to a later one.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


def lineage_runs_forward(entries: str) -> pgtrigger.Trigger:
    """`entries` is the table that both ends of the lineage lie in."""
    return pgtrigger.Trigger(
        name="runs_forward",
        operation=pgtrigger.Insert | pgtrigger.Update,
        when=pgtrigger.Before,
        func=LINEAGE_RUNS_FORWARD.format(entries=entries),
    )


# An erratum is added to what is published, and stays as it is.
ERRATUM_STANDS = pgtrigger.Trigger(
    name="stands",
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    when=pgtrigger.Before,
    func="""
        IF TG_OP <> 'INSERT' THEN
            RAISE EXCEPTION 'An erratum stands: add another one.' USING ERRCODE = 'check_violation';
        END IF;
        IF NOT EXISTS (SELECT 1 FROM editions_edition WHERE id = NEW.edition_id AND published_at IS NOT NULL) THEN
            RAISE EXCEPTION 'Errata are added to what is published.' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)

# The last entry does not leave a list that has a date on which it opens. At the end of the transaction, so that a list
# may be replaced within one; FOR UPDATE, so that of two who each delete one of the last two the second sees the first.
LIST_NEVER_EMPTY = pgtrigger.Trigger(
    name="list_never_empty",
    operation=pgtrigger.Delete,
    when=pgtrigger.After,
    timing=pgtrigger.Deferred,
    declare=[("edition_row", "editions_edition%ROWTYPE"), ("is_empty", "boolean")],
    func="""
        SELECT * INTO edition_row FROM editions_edition WHERE id = OLD.edition_id FOR UPDATE;
        IF edition_row.opens_at IS NOT NULL THEN
            EXECUTE format('SELECT NOT EXISTS (SELECT 1 FROM %s WHERE edition_id = $1)', TG_RELID::regclass)
                INTO is_empty USING OLD.edition_id;
            IF is_empty THEN
                RAISE EXCEPTION 'The edition of % has a date on which it opens: its list cannot become empty.',
                    edition_row.year USING ERRCODE = 'check_violation';
            END IF;
        END IF;
        RETURN NULL;
    """,
)

# The tables of the kinds lie above this room; the catalogue names them by the trigger that each of them carries.
# A window lies over lists with something on them. At the end of the transaction: an edition is written before its list.
WINDOW_OVER_FULL_LISTS = pgtrigger.Trigger(
    name="window_over_full_lists",
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("opens_at"),
    when=pgtrigger.After,
    timing=pgtrigger.Deferred,
    declare=[("entries", "regclass"), ("is_empty", "boolean"), ("opening", "timestamptz")],
    func="""
        SELECT opens_at INTO opening FROM editions_edition WHERE id = NEW.id;
        IF opening IS NULL THEN RETURN NULL; END IF;
        FOR entries IN SELECT DISTINCT tgrelid::regclass FROM pg_trigger
            WHERE tgname LIKE 'pgtrigger\\_list\\_never\\_empty\\_%'
        LOOP
            EXECUTE format('SELECT NOT EXISTS (SELECT 1 FROM %s WHERE edition_id = $1)', entries)
                INTO is_empty USING NEW.id;
            IF is_empty THEN
                RAISE EXCEPTION 'A list of % is empty: there is nothing to rank.', NEW.year
                    USING ERRCODE = 'check_violation';
            END IF;
        END LOOP;
        RETURN NULL;
    """,
)

# A draft's year moves only as far as its lineage still runs forward.
YEAR_KEEPS_LINEAGE = pgtrigger.Trigger(
    name="year_keeps_lineage",
    operation=pgtrigger.UpdateOf("year"),
    when=pgtrigger.After,
    declare=[("links", "record"), ("is_backward", "boolean")],
    func="""
        FOR links IN SELECT DISTINCT trigger.tgrelid::regclass AS lineage, key.confrelid::regclass AS entries
            FROM pg_trigger trigger JOIN pg_constraint key ON key.conrelid = trigger.tgrelid AND key.contype = 'f'
            WHERE trigger.tgname LIKE 'pgtrigger\\_runs\\_forward\\_%'
        LOOP
            EXECUTE format(
                'SELECT EXISTS (SELECT 1 FROM %s link JOIN %s early ON early.id = link.earlier_id'
                ' JOIN %s late ON late.id = link.later_id JOIN editions_edition before ON before.id = early.edition_id'
                ' JOIN editions_edition after ON after.id = late.edition_id'
                ' WHERE before.year >= after.year AND $1 IN (before.id, after.id))',
                links.lineage, links.entries, links.entries
            ) INTO is_backward USING NEW.id;
            IF is_backward THEN
                RAISE EXCEPTION 'Lineage would run backward if the edition of % were of %.', OLD.year, NEW.year
                    USING ERRCODE = 'check_violation';
            END IF;
        END LOOP;
        RETURN NULL;
    """,
)
