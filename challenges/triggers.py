from mixportal.editions.triggers import only_while_open

RESPONSE_ONLY_WHILE_OPEN = only_while_open("r.edition_id", keeps=["edition_id", "government_id"])

HINDRANCE_ONLY_WHILE_OPEN = only_while_open(
    "SELECT edition_id FROM challenges_hindranceresponse WHERE id = r.response_id",
    keeps=["response_id", "challenge_id", "priority_id"],
    rule="""
        IF NOT EXISTS (
            SELECT 1 FROM editions_entry challenge, editions_entry priority,
                editions_annuallist challenges, editions_annuallist priorities
                WHERE challenge.id = NEW.challenge_id AND priority.id = NEW.priority_id
                    AND challenges.id = challenge.annual_list_id AND priorities.id = priority.annual_list_id
                    AND challenges.kind = 'challenges' AND priorities.kind = 'priorities'
                    AND challenges.edition_id = edition_row.id AND priorities.edition_id = edition_row.id
        ) THEN
            RAISE EXCEPTION 'A hindrance must lead from a challenge to a priority of its own edition.'
                USING ERRCODE = 'check_violation';
        END IF;
    """,
)
