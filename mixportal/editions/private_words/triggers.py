"""Rules of private words that hold for raw SQL too: written before the close, kept as they were written."""

import pgtrigger

WORD_ONLY_BEFORE_THE_CLOSE = pgtrigger.Trigger(
    name="only_before_the_close",
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    when=pgtrigger.Before,
    declare=[("edition_row", "editions_edition%ROWTYPE")],
    func="""
        IF TG_OP = 'DELETE' THEN
            RAISE EXCEPTION 'A private word to the curators is kept.' USING ERRCODE = 'check_violation';
        END IF;
        IF TG_OP = 'UPDATE' THEN
            IF (NEW.edition_id, NEW.government_id, NEW.written_by_id, NEW.about, NEW.body, NEW.written_at)
                    IS DISTINCT FROM
                    (OLD.edition_id, OLD.government_id, OLD.written_by_id, OLD.about, OLD.body, OLD.written_at) THEN
                RAISE EXCEPTION 'A private word stays as it was written.' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END IF;
        SELECT * INTO edition_row FROM editions_edition WHERE id = NEW.edition_id FOR SHARE;
        IF edition_row.published_at IS NOT NULL OR edition_row.closes_at <= clock_timestamp() THEN
            RAISE EXCEPTION 'The ballots of % have closed: nothing more is said about its list.', edition_row.year
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)
