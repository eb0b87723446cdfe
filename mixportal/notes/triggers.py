import pgtrigger

TOO_LATE_FOR_CURATORS = "A note to the curators is written before the ballots close."

NOTE_KEEPS_ITS_PLACE = pgtrigger.Trigger(
    name="keeps_its_place",
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    when=pgtrigger.Before,
    declare=[("parent", "notes_note%ROWTYPE"), ("moves_in_draft", "boolean")],
    func=f"""
        IF TG_OP = 'DELETE' THEN
            RAISE EXCEPTION 'A note can be withdrawn, but not deleted.' USING ERRCODE = 'check_violation';
        END IF;
        IF TG_OP = 'UPDATE' THEN
            -- a drafted entry is removed, or merged into another entry of its list
            moves_in_draft := EXISTS (
                SELECT 1 FROM editions_entry former
                    JOIN editions_annuallist list ON list.id = former.annual_list_id
                    JOIN editions_edition edition ON edition.id = list.edition_id
                    WHERE former.id = OLD.entry_id AND edition.published_at IS NULL
                        AND (edition.opens_at IS NULL OR edition.opens_at > clock_timestamp())
                        AND (NEW.entry_id IS NULL OR EXISTS (
                            SELECT 1 FROM editions_entry WHERE id = NEW.entry_id AND annual_list_id = list.id))
            );
            IF (NEW.government_id, NEW.kind, NEW.created_at, NEW.about, NEW.reply_to_id)
                    IS DISTINCT FROM (OLD.government_id, OLD.kind, OLD.created_at, OLD.about, OLD.reply_to_id)
                    OR (NEW.entry_id IS DISTINCT FROM OLD.entry_id AND NOT moves_in_draft) THEN
                RAISE EXCEPTION 'The entry, government and kind of a note, and the note it answers, cannot change.'
                    USING ERRCODE = 'check_violation';
            END IF;
            IF NEW.government_id IS NULL AND NEW.author_id <> OLD.author_id THEN
                RAISE EXCEPTION 'The author of a curator''s answer cannot change.' USING ERRCODE = 'check_violation';
            END IF;
            IF OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at THEN
                RAISE EXCEPTION 'A withdrawn note cannot come back.' USING ERRCODE = 'check_violation';
            END IF;
        END IF;
        IF TG_OP = 'INSERT' AND NEW.kind = 'reason' AND NOT EXISTS (
            SELECT 1 FROM editions_entry entry JOIN editions_annuallist list ON list.id = entry.annual_list_id
                JOIN editions_edition edition ON edition.id = list.edition_id
                WHERE entry.id = NEW.entry_id AND edition.opens_at <= clock_timestamp()
        ) THEN
            RAISE EXCEPTION 'Reasons can be given after the ballots have opened.' USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.audience = 'curators' AND (TG_OP = 'INSERT' OR OLD.audience <> 'curators')
                AND NEW.government_id IS NOT NULL AND EXISTS (
            SELECT 1 FROM editions_entry entry JOIN editions_annuallist list ON list.id = entry.annual_list_id
                JOIN editions_edition edition ON edition.id = list.edition_id
                WHERE entry.id = NEW.entry_id
                    AND (edition.published_at IS NOT NULL OR edition.closes_at <= clock_timestamp())
        ) THEN
            RAISE EXCEPTION '{TOO_LATE_FOR_CURATORS}' USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.reply_to_id IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.audience <> OLD.audience) THEN
            SELECT * INTO parent FROM notes_note WHERE id = NEW.reply_to_id FOR SHARE;
            IF parent.reply_to_id IS NOT NULL OR parent.entry_id IS DISTINCT FROM NEW.entry_id THEN
                RAISE EXCEPTION 'An answer must belong to a note on the same entry that is not itself an answer.'
                    USING ERRCODE = 'check_violation';
            END IF;
            IF array_position(ARRAY['government', 'curators', 'members', 'public'], NEW.audience::text)
                    > array_position(ARRAY['government', 'curators', 'members', 'public'], parent.audience::text)
                    OR (parent.audience IN ('government', 'curators') AND NEW.government_id IS NOT NULL
                        AND parent.government_id IS DISTINCT FROM NEW.government_id) THEN
                RAISE EXCEPTION 'An answer cannot have more readers than the note it answers.'
                    USING ERRCODE = 'check_violation';
            END IF;
            IF NEW.government_id IS NULL AND (parent.audience <> 'curators' OR NOT EXISTS (
                SELECT 1 FROM members_user WHERE id = NEW.author_id AND is_staff AND is_active
            )) THEN
                RAISE EXCEPTION 'A curator can answer only what a government wrote to the curators.'
                    USING ERRCODE = 'check_violation';
            END IF;
            IF TG_OP = 'INSERT' AND parent.withdrawn_at IS NOT NULL THEN
                RAISE EXCEPTION 'The note it answers has been withdrawn.' USING ERRCODE = 'check_violation';
            END IF;
        END IF;
        RETURN NEW;
    """,  # noqa: S608
)

REASON_REMEMBERS_THE_PLACE = pgtrigger.Trigger(
    name="remembers_the_place",
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("body"),
    when=pgtrigger.Before,
    condition=pgtrigger.Q(new__kind="reason", new__withdrawn_at__isnull=True),
    func="""
        WITH ranked AS (
            SELECT placement.entry_id,
                    CASE WHEN edition.closes_at <= clock_timestamp()
                        THEN placement.cast_place ELSE placement.place END AS place
                FROM editions_entry entry
                    JOIN editions_annuallist list ON list.id = entry.annual_list_id
                    JOIN editions_edition edition ON edition.id = list.edition_id
                    JOIN ballots_ballot ballot
                        ON ballot.annual_list_id = list.id AND ballot.government_id = NEW.government_id
                    JOIN ballots_placement placement ON placement.ballot_id = ballot.id
                WHERE entry.id = NEW.entry_id
        ), own AS (SELECT place FROM ranked WHERE entry_id = NEW.entry_id AND place IS NOT NULL)
        SELECT 1 + count(*) FILTER (WHERE ranked.place < own.place),
                count(*) FILTER (WHERE ranked.place = own.place) > 1
            INTO NEW.place_then, NEW.joint_then FROM own, ranked GROUP BY own.place;
        IF NOT FOUND THEN
            NEW.place_then := NULL;
            NEW.joint_then := FALSE;
        END IF;
        RETURN NEW;
    """,
)
