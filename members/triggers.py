import pgtrigger

# Who may see a sealed ballot depends on `voter_since` and `sees_since`, so no form sets them.
KEEPS_VOTER_SINCE = pgtrigger.Trigger(
    name="keeps_voter_since",
    operation=pgtrigger.Insert | pgtrigger.Update,
    when=pgtrigger.Before,
    declare=[("opened_at", "timestamptz"), ("voted", "boolean"), ("votes", "boolean")],
    func="""
        voted := TG_OP = 'UPDATE' AND OLD.is_active AND OLD.role IN ('member', 'delegate');
        votes := NEW.is_active AND NEW.role IN ('member', 'delegate');
        IF TG_OP = 'INSERT'
                OR NEW.government_id IS DISTINCT FROM OLD.government_id
                OR NEW.role <> OLD.role AND NOT (voted AND votes)
                OR NEW.is_active AND NOT OLD.is_active
                OR lower(NEW.email) <> lower(OLD.email) THEN
            NEW.voter_since := clock_timestamp();
        ELSIF pg_trigger_depth() = 1 THEN  -- the trigger on second factors may set it
            NEW.voter_since := OLD.voter_since;
        END IF;
        IF TG_OP = 'INSERT' OR NEW.voter_since <> OLD.voter_since THEN
            NEW.sees_since := NEW.voter_since;
            NEW.let_in_by_id := NULL;
        ELSIF NEW.let_in_by_id IS NOT DISTINCT FROM OLD.let_in_by_id THEN
            NEW.sees_since := OLD.sees_since;
        END IF;

        SELECT opens_at INTO opened_at FROM editions_edition
            WHERE opens_at <= clock_timestamp() AND closes_at > clock_timestamp();
        IF opened_at IS NULL OR NOT NEW.is_active OR NOT (NEW.is_staff OR NEW.is_superuser) THEN
            RETURN NEW;
        END IF;
        IF TG_OP = 'UPDATE' AND NEW.government_id <> coalesce(OLD.government_id, 0) THEN
            RAISE EXCEPTION 'While ballots are open, a curator does not join a government.'
                USING ERRCODE = 'check_violation';
        END IF;
        IF votes AND NEW.voter_since >= opened_at AND NOT (voted AND (OLD.is_staff OR OLD.is_superuser)) THEN
            RAISE EXCEPTION 'While ballots are open, a curator gains no vote and a new voter does not become a curator.'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)
