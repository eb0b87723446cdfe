import pgtrigger

# Who may see a sealed ballot depends on these fields, so no form sets them.
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
            RAISE EXCEPTION 'While ballots are open, a curator cannot join a government.'
                USING ERRCODE = 'check_violation';
        END IF;
        IF votes AND NEW.voter_since >= opened_at AND NOT (voted AND (OLD.is_staff OR OLD.is_superuser)) THEN
            RAISE EXCEPTION 'While ballots are open, a curator cannot gain a vote, nor a new voter become a curator.'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)

# After the statement, to see all its rows. The lock lets one curator leave at a time.
A_CURATOR_REMAINS = pgtrigger.Trigger(
    name="a_curator_remains",
    operation=pgtrigger.UpdateOf("is_staff", "is_active"),
    when=pgtrigger.After,
    condition=pgtrigger.Q(old__is_staff=True, old__is_active=True)
    & (pgtrigger.Q(new__is_staff=False) | pgtrigger.Q(new__is_active=False)),
    func="""
        PERFORM pg_advisory_xact_lock(hashtext('a_curator_remains'));
        IF NOT EXISTS (SELECT FROM members_user WHERE is_active AND is_staff) THEN
            RAISE EXCEPTION 'The portal always has a curator: invite another one first.'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    """,
)

# It has the owner's rights (mixportal/web_role.py), since the web process may not change history.
ANONYMIZES_EVERYWHERE = pgtrigger.Trigger(
    name="anonymizes_everywhere",
    operation=pgtrigger.UpdateOf("anonymized_at"),
    when=pgtrigger.After,
    condition=pgtrigger.Q(old__anonymized_at__isnull=True, new__anonymized_at__isnull=False),
    declare=[
        ("names", "text[]"),
        ("addresses", "text[]"),
        ("phones", "text[]"),
        ("known_as", "text"),
        ("in_text", "text"),
        ("in_json", "text"),
        ("history", "record"),
    ],
    func="""
        SELECT array_agg(DISTINCT lower(name)), array_agg(DISTINCT lower(email)),
                array_agg(DISTINCT phone) FILTER (WHERE length(phone) >= 7)
            INTO names, addresses, phones FROM members_userevent WHERE pgh_obj_id = NEW.id;
        names := array_remove(names || lower(OLD.name)::text, lower(NEW.name));
        addresses := array_remove(addresses || lower(OLD.email)::text, lower(NEW.email));
        SELECT '(?<!\\w)(' || string_agg(regexp_replace(each, '(\\W)', '\\\\\\1', 'g'), '|') || ')(?!\\w)'
            INTO known_as FROM unnest(addresses || names || phones) AS each WHERE each <> '';
        in_text := replace(NEW.name, '\\', '\\\\');
        in_json := replace(btrim(to_jsonb(NEW.name)::text, '"'), '\\', '\\\\');

        PERFORM set_config('pgtrigger.ignore', array_agg(tgname)::text, true)
            FROM pg_trigger WHERE tgname LIKE 'pgtrigger\\_append\\_only\\_%';
        UPDATE members_userevent SET name = NEW.name, email = NEW.email, title = '', phone = ''
            WHERE pgh_obj_id = NEW.id;
        UPDATE members_invitation SET name = NEW.name, email = NEW.email WHERE lower(email) = ANY (addresses);
        UPDATE members_invitationevent SET name = NEW.name, email = NEW.email WHERE lower(email) = ANY (addresses);
        UPDATE members_office SET person_name = NEW.name WHERE lower(person_name) = ANY (names)
            AND government_id IN (SELECT government_id FROM members_userevent WHERE pgh_obj_id = NEW.id);
        UPDATE members_officeevent SET person_name = NEW.name WHERE lower(person_name) = ANY (names)
            AND government_id IN (SELECT government_id FROM members_userevent WHERE pgh_obj_id = NEW.id);
        DELETE FROM mail_digestitem WHERE lower("to") = ANY (addresses) AND mail_id IS NULL;
        UPDATE mail_digestitem SET "to" = 'removed-' || id || '@' || split_part(NEW.email, '@', 2)
            WHERE lower("to") = ANY (addresses);
        UPDATE mail_digestitem SET line = regexp_replace(line, known_as, in_text, 'gi') WHERE line ~* known_as;
        UPDATE mail_mail SET "to" = 'removed-' || id || '@' || split_part(NEW.email, '@', 2),
                given_up_at = CASE WHEN sent_at IS NULL THEN coalesce(given_up_at, now()) END,
                text = '', html = '', calendar = '', unsubscribe = ''
            WHERE lower("to") = ANY (addresses);
        UPDATE mail_mail SET reply_to = '' WHERE lower(reply_to) = ANY (addresses);
        UPDATE mail_mail SET subject = left(regexp_replace(subject, known_as, in_text, 'gi'), 200),
                trouble = left(regexp_replace(trouble, known_as, in_text, 'gi'), 300)
            WHERE concat_ws(' ', subject, trouble) ~* known_as;
        FOR history IN SELECT tgrelid::regclass AS events FROM pg_trigger
                WHERE tgname LIKE 'pgtrigger\\_append\\_only\\_%' LOOP
            EXECUTE format('UPDATE %s SET pgh_context = regexp_replace(pgh_context::text, $1, $2, ''gi'')::jsonb'
                ' WHERE pgh_context::text ~* $1', history.events) USING known_as, in_json;
        END LOOP;
        UPDATE django_admin_log SET object_repr = left(regexp_replace(object_repr, known_as, in_text, 'gi'), 200),
                change_message = regexp_replace(change_message, known_as, in_json, 'gi')
            WHERE concat_ws(' ', object_repr, change_message) ~* known_as;
        INSERT INTO portal_pagechange (transaction) VALUES (pg_current_xact_id()::text::bigint)
            ON CONFLICT DO NOTHING;
        PERFORM set_config('pgtrigger.ignore', '{}', true);
        RETURN NULL;
    """,
)
