"""Rules of proposals that hold for raw SQL too: they live while their list is drafted, and a decision stands."""

import pgtrigger

_PROPOSAL = """
    SELECT * INTO edition_row FROM editions_edition
        WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.edition_id ELSE NEW.edition_id END FOR SHARE;
    IF edition_row.published_at IS NOT NULL OR edition_row.opens_at <= clock_timestamp() THEN
        RAISE EXCEPTION 'The list of % is not drafted any more: its proposals stand.', edition_row.year
            USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    IF TG_OP = 'UPDATE' AND (NEW.edition_id, NEW.government_id, NEW.proposed_by_id)
            IS DISTINCT FROM (OLD.edition_id, OLD.government_id, OLD.proposed_by_id) THEN
        RAISE EXCEPTION 'A proposal keeps its edition and its government.' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.outcome <> '' AND (NEW.title, NEW.description, NEW.why, NEW.outcome)
            IS DISTINCT FROM (OLD.title, OLD.description, OLD.why, OLD.outcome) THEN
        RAISE EXCEPTION 'A proposal that is decided stands as it is.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.entry_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM {entries} entry WHERE entry.id = NEW.entry_id AND entry.edition_id = NEW.edition_id
    ) OR NEW.into_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM {proposals} other WHERE other.id = NEW.into_id AND other.edition_id = NEW.edition_id
    ) THEN
        RAISE EXCEPTION 'A proposal becomes part of its own edition.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

_SUPPORT = """
    SELECT * INTO proposal_row FROM {proposals}
        WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.proposal_id ELSE NEW.proposal_id END FOR SHARE;
    SELECT * INTO edition_row FROM editions_edition WHERE id = proposal_row.edition_id FOR SHARE;
    IF edition_row.published_at IS NOT NULL OR edition_row.opens_at <= clock_timestamp() THEN
        RAISE EXCEPTION 'The list of % is not drafted any more: its proposals stand.', edition_row.year
            USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    IF proposal_row.outcome <> '' OR proposal_row.withdrawn_at IS NOT NULL THEN
        RAISE EXCEPTION 'A proposal that is decided or withdrawn is not supported any more.'
            USING ERRCODE = 'check_violation';
    END IF;
    IF proposal_row.government_id = NEW.government_id THEN
        RAISE EXCEPTION 'A government does not support its own proposal.' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.proposal_id, NEW.government_id)
            IS DISTINCT FROM (OLD.proposal_id, OLD.government_id) THEN
        RAISE EXCEPTION 'A support keeps its proposal and its government.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


def proposal_only_while_drafting(proposals: str, entries: str) -> pgtrigger.Trigger:
    """For a kind's proposals; `proposals` and `entries` are its tables."""
    return pgtrigger.Trigger(
        name="only_while_drafting",
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        declare=[("edition_row", "editions_edition%ROWTYPE")],
        func=_PROPOSAL.format(proposals=proposals, entries=entries),
    )


def support_only_while_drafting(proposals: str) -> pgtrigger.Trigger:
    """For what supports a kind's proposals, which `proposals` holds."""
    return pgtrigger.Trigger(
        name="only_while_drafting",
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        declare=[("edition_row", "editions_edition%ROWTYPE"), ("proposal_row", f"{proposals}%ROWTYPE")],
        func=_SUPPORT.format(proposals=proposals),
    )
