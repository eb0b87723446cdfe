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

# Once an edition opens its list stands: no entry is added, removed or moved, and wording is corrected only with a
# reason in the history's context. Once it is published, nothing of it changes.
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
                    AND nullif(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'reason' <> '' THEN
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
