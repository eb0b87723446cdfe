import pgtrigger

# Merging priorities of a draft moves their investments.
INVESTMENT_OF_A_CURRENT_LIST = pgtrigger.Trigger(
    name="of_a_current_list",
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    when=pgtrigger.Before,
    declare=[("edition_row", "editions_edition%ROWTYPE")],
    func="""
        SELECT edition.* INTO edition_row FROM editions_edition edition
            JOIN editions_annuallist list ON list.edition_id = edition.id
            JOIN editions_entry entry ON entry.annual_list_id = list.id
            WHERE entry.id = CASE WHEN TG_OP = 'INSERT' THEN NEW.priority_id ELSE OLD.priority_id END
            FOR SHARE OF edition;
        IF edition_row.published_at IS NOT NULL AND EXISTS (
            SELECT 1 FROM editions_edition WHERE published_at IS NOT NULL AND year > edition_row.year
        ) THEN
            RAISE EXCEPTION 'A later list is published, so the investments of % can no longer change.', edition_row.year
                USING ERRCODE = 'check_violation';
        END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        IF TG_OP = 'UPDATE' AND (NEW.government_id <> OLD.government_id OR NEW.priority_id <> OLD.priority_id AND NOT (
                edition_row.published_at IS NULL
                AND (edition_row.opens_at IS NULL OR edition_row.opens_at > clock_timestamp())
                AND EXISTS (
                    SELECT 1 FROM editions_entry former JOIN editions_entry latter USING (annual_list_id)
                        WHERE former.id = OLD.priority_id AND latter.id = NEW.priority_id))) THEN
            RAISE EXCEPTION 'The priority and the government of an investment cannot change.'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)
