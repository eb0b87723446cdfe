import pgtrigger

from mixportal.editions.triggers import only_while_open

BALLOT_ONLY_WHILE_OPEN = only_while_open(
    "SELECT edition_id FROM editions_annuallist WHERE id = r.annual_list_id",
    keeps=["annual_list_id", "government_id"],
    rule="""
        IF TG_OP = 'UPDATE' AND NEW.entered_by_id IS NOT NULL
                AND OLD.cast_at IS NOT NULL AND OLD.entered_by_id IS NULL THEN
            RAISE EXCEPTION 'The government has cast this ballot itself, so none can be entered over it.'
                USING ERRCODE = 'check_violation';
        END IF;
    """,
)

PLACEMENT_ONLY_WHILE_OPEN = only_while_open(
    "SELECT list.edition_id FROM editions_annuallist list JOIN ballots_ballot ballot ON ballot.annual_list_id = list.id"
    " WHERE ballot.id = r.ballot_id",
    keeps=["ballot_id"],
    rule="""
        IF NOT EXISTS (
            SELECT 1 FROM editions_entry entry
                JOIN ballots_ballot ballot ON ballot.annual_list_id = entry.annual_list_id
                WHERE entry.id = NEW.entry_id AND ballot.id = NEW.ballot_id
        ) THEN
            RAISE EXCEPTION 'A ballot can place only entries of its own list.' USING ERRCODE = 'check_violation';
        END IF;
    """,
)

SECOND_FACTOR_BEGINS_A_NEW_VOTE = pgtrigger.Trigger(
    name="begins_a_new_vote",
    operation=pgtrigger.Insert | pgtrigger.Delete,
    when=pgtrigger.After,
    func="""
        UPDATE members_user SET voter_since = clock_timestamp()
            WHERE id = coalesce(NEW.user_id, OLD.user_id) AND id::text IS DISTINCT FROM
                nullif(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'user';
        RETURN NULL;
    """,
)
