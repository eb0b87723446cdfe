import pgtrigger

PROPOSAL_ONLY_WHILE_DRAFTING = pgtrigger.Trigger(
    name="only_while_drafting",
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    when=pgtrigger.Before,
    declare=[("edition_row", "editions_edition%ROWTYPE")],
    func="""
        SELECT edition.* INTO edition_row
            FROM editions_edition edition JOIN editions_annuallist list ON list.edition_id = edition.id
            WHERE list.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.annual_list_id ELSE NEW.annual_list_id END
            FOR SHARE OF edition;
        IF edition_row.published_at IS NOT NULL OR edition_row.opens_at <= clock_timestamp() THEN
            RAISE EXCEPTION 'The list of % is no longer a draft, so its proposals cannot change.', edition_row.year
                USING ERRCODE = 'check_violation';
        END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        IF TG_OP = 'UPDATE' AND (NEW.annual_list_id, NEW.government_id, NEW.proposed_by_id)
                IS DISTINCT FROM (OLD.annual_list_id, OLD.government_id, OLD.proposed_by_id) THEN
            RAISE EXCEPTION 'The list and the government of a proposal cannot change.'
                USING ERRCODE = 'check_violation';
        END IF;
        IF TG_OP = 'UPDATE' AND OLD.outcome <> '' AND (NEW.title, NEW.description, NEW.why, NEW.outcome)
                IS DISTINCT FROM (OLD.title, OLD.description, OLD.why, OLD.outcome) THEN
            RAISE EXCEPTION 'A proposal cannot change after it is decided.' USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.entry_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM editions_entry entry
                WHERE entry.id = NEW.entry_id AND entry.annual_list_id = NEW.annual_list_id
        ) OR NEW.into_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM proposals_proposal other
                WHERE other.id = NEW.into_id AND other.annual_list_id = NEW.annual_list_id
        ) THEN
            RAISE EXCEPTION 'A proposal can become part only of its own list.' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)

SUPPORT_ONLY_WHILE_DRAFTING = pgtrigger.Trigger(
    name="only_while_drafting",
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    when=pgtrigger.Before,
    declare=[
        ("edition_row", "editions_edition%ROWTYPE"),
        ("proposal_row", "proposals_proposal%ROWTYPE"),
    ],
    func="""
        SELECT * INTO proposal_row FROM proposals_proposal
            WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.proposal_id ELSE NEW.proposal_id END FOR SHARE;
        SELECT edition.* INTO edition_row
            FROM editions_edition edition JOIN editions_annuallist list ON list.edition_id = edition.id
            WHERE list.id = proposal_row.annual_list_id FOR SHARE OF edition;
        IF edition_row.published_at IS NOT NULL OR edition_row.opens_at <= clock_timestamp() THEN
            RAISE EXCEPTION 'The list of % is no longer a draft, so its proposals cannot change.', edition_row.year
                USING ERRCODE = 'check_violation';
        END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        IF proposal_row.outcome <> '' OR proposal_row.withdrawn_at IS NOT NULL THEN
            RAISE EXCEPTION 'A proposal that is decided or withdrawn can no longer be supported.'
                USING ERRCODE = 'check_violation';
        END IF;
        IF proposal_row.government_id = NEW.government_id THEN
            RAISE EXCEPTION 'A government cannot support its own proposal.' USING ERRCODE = 'check_violation';
        END IF;
        IF TG_OP = 'UPDATE' AND (NEW.proposal_id, NEW.government_id)
                IS DISTINCT FROM (OLD.proposal_id, OLD.government_id) THEN
            RAISE EXCEPTION 'The proposal and the government of a support cannot change.'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)
