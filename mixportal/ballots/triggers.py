"""Rules that hold for raw SQL too: a ballot changes only while its edition is open, and a count of them stands."""

import pgtrigger

BALLOT_ONLY_WHILE_OPEN = pgtrigger.Trigger(
    name="only_while_open",
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    when=pgtrigger.Before,
    declare=[("edition_row", "editions_edition%ROWTYPE")],
    func="""
        SELECT * INTO edition_row FROM editions_edition
            WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.edition_id ELSE NEW.edition_id END FOR SHARE;
        IF edition_row.opens_at IS NULL OR edition_row.opens_at > clock_timestamp()
                OR edition_row.closes_at <= clock_timestamp() THEN
            RAISE EXCEPTION 'The ballots of % are not open.', edition_row.year USING ERRCODE = 'check_violation';
        END IF;
        IF TG_OP = 'UPDATE' AND (NEW.edition_id <> OLD.edition_id OR NEW.government_id <> OLD.government_id) THEN
            RAISE EXCEPTION 'A ballot keeps its edition and its government.' USING ERRCODE = 'check_violation';
        END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    """,
)

_PLACEMENT = """
    SELECT edition.* INTO edition_row FROM editions_edition edition
        JOIN {ballots} ballot ON ballot.edition_id = edition.id
        WHERE ballot.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.ballot_id ELSE NEW.ballot_id END FOR SHARE OF edition;
    IF edition_row.opens_at IS NULL OR edition_row.opens_at > clock_timestamp()
            OR edition_row.closes_at <= clock_timestamp() THEN
        RAISE EXCEPTION 'The ballots of % are not open.', edition_row.year USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    IF TG_OP = 'UPDATE' AND NEW.ballot_id <> OLD.ballot_id THEN
        RAISE EXCEPTION 'A placement keeps its ballot.' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM {entries} entry WHERE entry.id = NEW.entry_id AND entry.edition_id = edition_row.id
    ) THEN
        RAISE EXCEPTION 'A ballot of % places entries of that edition.', edition_row.year
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


def placement_only_while_open(ballots: str, entries: str) -> pgtrigger.Trigger:
    """For a kind's placements; `ballots` and `entries` are its tables."""
    return pgtrigger.Trigger(
        name="only_while_open",
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        declare=[("edition_row", "editions_edition%ROWTYPE")],
        func=_PLACEMENT.format(ballots=ballots, entries=entries),
    )


TALLY_STANDS = pgtrigger.Trigger(
    name="stands",
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    when=pgtrigger.Before,
    func="""
        IF TG_OP <> 'INSERT' THEN
            RAISE EXCEPTION 'A tally is computed once and does not change.' USING ERRCODE = 'check_violation';
        END IF;
        IF NOT EXISTS (
            SELECT 1 FROM editions_edition WHERE id = NEW.edition_id AND closes_at <= clock_timestamp()
        ) THEN
            RAISE EXCEPTION 'Ballots are counted after their close.' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)
