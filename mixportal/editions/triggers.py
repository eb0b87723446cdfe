"""Triggers use clock_timestamp(), so that a statement that waited for a lock sees the close."""

from collections.abc import Sequence

import pgtrigger

EDITION_NEVER_REOPENS = pgtrigger.Trigger(
    name="never_reopens",
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    when=pgtrigger.Before,
    func="""
        IF TG_OP = 'DELETE' THEN
            IF OLD.opens_at <= clock_timestamp() OR OLD.published_at IS NOT NULL THEN
                RAISE EXCEPTION 'The edition of % has opened or is published, so it cannot be deleted.', OLD.year
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN OLD;
        END IF;
        IF OLD.closes_at <= clock_timestamp() AND NEW.closes_at IS DISTINCT FROM OLD.closes_at THEN
            RAISE EXCEPTION 'The ballots of % have closed, so the close can no longer move.', OLD.year
                USING ERRCODE = 'check_violation';
        END IF;
        IF OLD.closes_at > clock_timestamp() AND OLD.opens_at <= clock_timestamp() AND NEW.closes_at < OLD.closes_at
                AND NEW.closes_at NOT BETWEEN clock_timestamp() - interval '1 minute' AND clock_timestamp() THEN
            RAISE EXCEPTION 'The close of % cannot move earlier, except by closing the ballots now.', OLD.year
                USING ERRCODE = 'check_violation';
        END IF;
        IF OLD.closes_at > clock_timestamp() AND OLD.opens_at <= clock_timestamp() AND NEW.closes_at > OLD.closes_at
                AND NEW.close_moved_because = '' THEN
            RAISE EXCEPTION 'Give a reason for moving the close of %.', OLD.year
                USING ERRCODE = 'check_violation';
        END IF;
        IF OLD.opens_at <= clock_timestamp() AND NEW.opens_at IS DISTINCT FROM OLD.opens_at THEN
            RAISE EXCEPTION 'The ballots of % have opened, so the opening can no longer move.', OLD.year
                USING ERRCODE = 'check_violation';
        END IF;
        IF OLD.published_at IS NOT NULL AND NEW.published_at IS DISTINCT FROM OLD.published_at THEN
            RAISE EXCEPTION 'The edition of % is published, and publishing cannot be undone.', OLD.year
                USING ERRCODE = 'check_violation';
        END IF;
        IF OLD.published_at IS NOT NULL
                AND (NEW.opens_at, NEW.closes_at) IS DISTINCT FROM (OLD.opens_at, OLD.closes_at) THEN
            RAISE EXCEPTION 'The edition of % is published, so its ballots can no longer open or close.', OLD.year
                USING ERRCODE = 'check_violation';
        END IF;
        IF OLD.published_at IS NOT NULL AND (NEW.title, NEW.introduction, NEW.time_zone, NEW.close_moved_because)
                IS DISTINCT FROM (OLD.title, OLD.introduction, OLD.time_zone, OLD.close_moved_because) THEN
            RAISE EXCEPTION 'The edition of % is published, so its texts cannot change: add an erratum.', OLD.year
                USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.published_at > clock_timestamp() OR (NEW.published_at IS NOT NULL AND NEW.closes_at > clock_timestamp())
        THEN
            RAISE EXCEPTION 'The edition of % cannot be published before its ballots close.', NEW.year
                USING ERRCODE = 'check_violation';
        END IF;
        IF (OLD.opens_at <= clock_timestamp() OR OLD.published_at IS NOT NULL)
                AND NEW.year IS DISTINCT FROM OLD.year THEN
            RAISE EXCEPTION 'The edition of % has opened or is published, so its year cannot change.', OLD.year
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)

# Until publication Entry.correct may change the wording with a reason. It sets mixportal.correction
# to the entry's key, which the trigger clears to permit no second change.
ENTRY_FROZEN_ONCE_OPEN = pgtrigger.Trigger(
    name="stands_once_open",
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    when=pgtrigger.Before,
    declare=[("edition_row", "editions_edition%ROWTYPE"), ("has_reason", "boolean")],
    func="""
        SELECT edition.* INTO edition_row
            FROM editions_edition edition JOIN editions_annuallist list ON list.edition_id = edition.id
            WHERE list.id = CASE WHEN TG_OP = 'INSERT' THEN NEW.annual_list_id ELSE OLD.annual_list_id END
            FOR SHARE OF edition;
        IF edition_row.published_at IS NULL
                AND (edition_row.opens_at IS NULL OR edition_row.opens_at > clock_timestamp()) THEN
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        END IF;
        has_reason := coalesce(
            nullif(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'reason', '') <> '';
        IF TG_OP = 'UPDATE' AND has_reason AND (NEW.slug, NEW.position) = (OLD.slug, OLD.position) THEN
            IF (NEW.title, NEW.description, NEW.in_plain_words, NEW.for_leaders, NEW.short)
                    = (OLD.title, OLD.description, OLD.in_plain_words, OLD.for_leaders, OLD.short) THEN
                RETURN NEW;
            END IF;
            IF edition_row.published_at IS NULL AND NEW.line_id = OLD.line_id
                    AND current_setting('mixportal.correction', true) = OLD.id::text THEN
                PERFORM set_config('mixportal.correction', '', true);
                RETURN NEW;
            END IF;
        END IF;
        RAISE EXCEPTION 'The list of % has opened. Only the wording of its entries can change, and with a reason.',
            edition_row.year USING ERRCODE = 'check_violation';
    """,
)

ENTRY_KEEPS_ITS_LIST = pgtrigger.Trigger(
    name="keeps_its_list",
    operation=pgtrigger.Insert | pgtrigger.Update,
    when=pgtrigger.Before,
    func="""
        IF TG_OP = 'UPDATE' AND NEW.annual_list_id <> OLD.annual_list_id THEN
            RAISE EXCEPTION 'An entry cannot move to another list.' USING ERRCODE = 'check_violation';
        END IF;
        IF NOT EXISTS (
            SELECT 1 FROM editions_annuallist list JOIN editions_line line ON line.kind = list.kind
                WHERE list.id = NEW.annual_list_id AND line.id = NEW.line_id
        ) THEN
            RAISE EXCEPTION 'An entry and its line must be of one kind.' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)

LIST_NEVER_CHANGES = pgtrigger.Trigger(
    name="keeps_edition_and_kind",
    operation=pgtrigger.Update,
    when=pgtrigger.Before,
    func="""
        IF (NEW.edition_id, NEW.kind) IS DISTINCT FROM (OLD.edition_id, OLD.kind) THEN
            RAISE EXCEPTION 'The edition and the kind of a list cannot change.' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)

LINE_KEEPS_ITS_KIND = pgtrigger.Trigger(
    name="keeps_its_kind",
    operation=pgtrigger.Update,
    when=pgtrigger.Before,
    func="""
        IF NEW.kind IS DISTINCT FROM OLD.kind THEN
            RAISE EXCEPTION 'The kind of a line cannot change.' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)

LINEAGE_RUNS_FORWARD = pgtrigger.Trigger(
    name="runs_forward",
    operation=pgtrigger.Insert | pgtrigger.Update,
    when=pgtrigger.Before,
    func="""
        IF NOT EXISTS (
            SELECT 1 FROM editions_entry early
                JOIN editions_annuallist early_list ON early_list.id = early.annual_list_id
                JOIN editions_edition before ON before.id = early_list.edition_id,
                editions_entry late
                JOIN editions_annuallist late_list ON late_list.id = late.annual_list_id
                JOIN editions_edition after ON after.id = late_list.edition_id
            WHERE early.id = NEW.earlier_id AND late.id = NEW.later_id AND before.year < after.year
                AND early_list.kind = late_list.kind AND early.line_id <> late.line_id
        ) THEN
            RAISE EXCEPTION 'A merge or split must join entries of one kind on two lines, the earlier edition first.'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)

EDITION_HAS_BOTH_LISTS = pgtrigger.Trigger(
    name="has_both_lists",
    operation=pgtrigger.Insert,
    when=pgtrigger.After,
    func="""
        INSERT INTO editions_annuallist (edition_id, kind) VALUES (NEW.id, 'priorities'), (NEW.id, 'challenges');
        RETURN NULL;
    """,
)


def require_kind(column: str, kind: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=f"{column}_is_of_{kind}",
        operation=pgtrigger.Insert | pgtrigger.UpdateOf(f"{column}_id"),
        when=pgtrigger.Before,
        func=f"""
            IF NOT EXISTS (
                SELECT 1 FROM editions_entry entry JOIN editions_annuallist list ON list.id = entry.annual_list_id
                    WHERE entry.id = NEW.{column}_id AND list.kind = '{kind}'
            ) THEN
                RAISE EXCEPTION 'It must name one of the {kind}.' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,  # noqa: S608
    )


def only_while_open(edition: str, keeps: Sequence[str], rule: str = "") -> pgtrigger.Trigger:
    """Refuse changes to a row unless its edition is open, and always to the columns `keeps`.

    `edition` is SQL for the edition of the row `r`; `rule` is SQL that also checks `NEW`.
    """
    new, old = (", ".join(f"{row}.{column}" for column in keeps) for row in ("NEW", "OLD"))
    what = " and ".join(column.removesuffix("_id").replace("_", " ") for column in keeps)
    return pgtrigger.Trigger(
        name="only_while_open",
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        declare=[("edition_row", "editions_edition%ROWTYPE"), ("r", "record")],
        func=f"""
            IF TG_OP = 'DELETE' THEN r := OLD; ELSE r := NEW; END IF;
            SELECT * INTO edition_row FROM editions_edition WHERE id = ({edition}) FOR SHARE;
            IF edition_row.opens_at IS NULL OR edition_row.opens_at > clock_timestamp()
                    OR edition_row.closes_at <= clock_timestamp() THEN
                RAISE EXCEPTION 'The ballots of % are not open.', edition_row.year USING ERRCODE = 'check_violation';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            IF TG_OP = 'UPDATE' AND ({new}) IS DISTINCT FROM ({old}) THEN
                RAISE EXCEPTION 'Its {what} cannot change.' USING ERRCODE = 'check_violation';
            END IF;
            {rule}
            RETURN NEW;
        """,  # noqa: S608
    )


ERRATUM_NEVER_CHANGES = pgtrigger.Trigger(
    name="stands",
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    when=pgtrigger.Before,
    func="""
        IF TG_OP <> 'INSERT' THEN
            RAISE EXCEPTION 'An erratum cannot change. Add another one.' USING ERRCODE = 'check_violation';
        END IF;
        IF NOT EXISTS (SELECT 1 FROM editions_edition WHERE id = NEW.edition_id AND published_at IS NOT NULL) THEN
            RAISE EXCEPTION 'Only a published edition can have an erratum.' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)

# Deferred, so that a transaction can replace a list. FOR UPDATE, so that two cannot each delete one
# of two entries.
LIST_NEVER_EMPTY = pgtrigger.Trigger(
    name="list_never_empty",
    operation=pgtrigger.Delete,
    when=pgtrigger.After,
    timing=pgtrigger.Deferred,
    declare=[("edition_row", "editions_edition%ROWTYPE")],
    func="""
        SELECT edition.* INTO edition_row
            FROM editions_edition edition JOIN editions_annuallist list ON list.edition_id = edition.id
            WHERE list.id = OLD.annual_list_id FOR UPDATE OF edition;
        IF edition_row.opens_at IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM editions_entry WHERE annual_list_id = OLD.annual_list_id) THEN
            RAISE EXCEPTION 'The edition of % has an opening date, so its list cannot become empty.',
                edition_row.year USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    """,
)

# Deferred, because an edition is saved before its entries.
WINDOW_OVER_FULL_LISTS = pgtrigger.Trigger(
    name="window_over_full_lists",
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("opens_at"),
    when=pgtrigger.After,
    timing=pgtrigger.Deferred,
    func="""
        IF EXISTS (
            SELECT 1 FROM editions_edition edition JOIN editions_annuallist list ON list.edition_id = edition.id
                WHERE edition.id = NEW.id AND edition.opens_at IS NOT NULL
                    AND NOT EXISTS (SELECT 1 FROM editions_entry entry WHERE entry.annual_list_id = list.id)
        ) THEN
            RAISE EXCEPTION 'A list of % is empty, so there is nothing to rank.', NEW.year
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    """,
)

YEAR_KEEPS_LINEAGE = pgtrigger.Trigger(
    name="year_keeps_lineage",
    operation=pgtrigger.UpdateOf("year"),
    when=pgtrigger.After,
    func="""
        IF EXISTS (
            SELECT 1 FROM editions_lineage link
                JOIN editions_entry early ON early.id = link.earlier_id
                JOIN editions_annuallist early_list ON early_list.id = early.annual_list_id
                JOIN editions_edition before ON before.id = early_list.edition_id
                JOIN editions_entry late ON late.id = link.later_id
                JOIN editions_annuallist late_list ON late_list.id = late.annual_list_id
                JOIN editions_edition after ON after.id = late_list.edition_id
                WHERE before.year >= after.year AND NEW.id IN (before.id, after.id)
        ) THEN
            RAISE EXCEPTION 'A merge or split would lead to an earlier year if the edition of % were of %.',
                OLD.year, NEW.year USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    """,
)
