import pgtrigger

TALLY_NEVER_CHANGES = pgtrigger.Trigger(
    name="stands",
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    when=pgtrigger.Before,
    func="""
        IF TG_OP <> 'INSERT' THEN
            RAISE EXCEPTION 'A tally cannot change after it is computed.' USING ERRCODE = 'check_violation';
        END IF;
        IF NOT EXISTS (
            SELECT 1 FROM editions_edition edition JOIN editions_annuallist list ON list.edition_id = edition.id
                WHERE list.id = NEW.annual_list_id AND edition.closes_at <= clock_timestamp()
        ) THEN
            RAISE EXCEPTION 'Ballots can be counted only after they close.' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)
