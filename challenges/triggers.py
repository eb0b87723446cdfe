"""Rules of a hindrance that hold for raw SQL too."""

import pgtrigger

# Both ends are of one edition, it is marked while that edition is open, and by a government that answers for it.
HINDRANCE_WITHIN_AN_OPEN_EDITION = pgtrigger.Trigger(
    name="only_while_open",
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    when=pgtrigger.Before,
    declare=[("edition_row", "editions_edition%ROWTYPE")],
    func="""
        IF TG_OP = 'UPDATE' THEN
            RAISE EXCEPTION 'A hindrance is marked or not; it does not change.' USING ERRCODE = 'check_violation';
        END IF;
        SELECT edition.* INTO edition_row FROM editions_edition edition
            JOIN challenges_challenge entry ON entry.edition_id = edition.id
            WHERE entry.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.challenge_id ELSE NEW.challenge_id END
            FOR SHARE OF edition;
        IF edition_row.opens_at IS NULL OR edition_row.opens_at > clock_timestamp()
                OR edition_row.closes_at <= clock_timestamp() THEN
            RAISE EXCEPTION 'The ballots of % are not open.', edition_row.year USING ERRCODE = 'check_violation';
        END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        IF NOT EXISTS (
            SELECT 1 FROM priorities_priority entry
                WHERE entry.id = NEW.priority_id AND entry.edition_id = edition_row.id
        ) THEN
            RAISE EXCEPTION 'A challenge of % stands in the way of a priority of that edition.', edition_row.year
                USING ERRCODE = 'check_violation';
        END IF;
        IF NOT EXISTS (
            SELECT 1 FROM challenges_answer answer
                WHERE answer.government_id = NEW.government_id AND answer.edition_id = edition_row.id
        ) THEN
            RAISE EXCEPTION 'A hindrance belongs to the answer of a government.' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)
