import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.datetime
import mixportal.tables.search_text
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('editions', '0001_one_set_of_tables'),
        ('members', '0001_one_set_of_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=0)),
                ('about', models.CharField(editable=False, help_text='The title of the entry when it was written.', max_length=120)),
                ('kind', models.CharField(choices=[('reason', 'reason'), ('practice', 'practice'), ('question', 'question'), ('note', 'note')], max_length=10)),
                ('body', models.TextField(blank=True)),
                ('audience', models.CharField(choices=[('government', 'My government'), ('curators', 'The curators'), ('members', 'Members'), ('public', 'Everyone')], default='members', max_length=10)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('edited_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('hidden_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('hidden_reason', models.CharField(blank=True, max_length=300)),
                ('place_then', models.PositiveSmallIntegerField(blank=True, editable=False, null=True)),
                ('joint_then', models.BooleanField(db_default=False, default=False, editable=False)),
                ('search', models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.SearchVector(mixportal.tables.search_text.SearchText('body'), config='english'), output_field=django.contrib.postgres.search.SearchVectorField())),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entry', models.ForeignKey(help_text='Empty once a drafted entry is removed.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='notes', to='editions.entry')),
                ('government', models.ForeignKey(blank=True, help_text='Empty in a curator’s answer.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='members.government')),
                ('hidden_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reply_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='notes.note')),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['search'], name='note_words')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('kind', 'reason'), ('withdrawn_at__isnull', True)), fields=('entry', 'government'), name='note_one_reason', violation_error_message='Your government already gave its reason. Change that one.'), models.CheckConstraint(condition=models.Q(models.Q(('body__length__range', (1, 4000)), ('withdrawn_at__isnull', True)), models.Q(('body', ''), ('withdrawn_at__isnull', False)), _connector='OR'), name='note_words_until_withdrawn', violation_error_message='Write 1 to 4,000 characters.'), models.CheckConstraint(condition=models.Q(('audience__in', ['government', 'curators', 'members', 'public']), ('kind__in', ['reason', 'practice', 'question', 'note'])), name='note_codes_known'), models.CheckConstraint(condition=models.Q(('reply_to__isnull', True), ('kind__in', ['practice', 'note']), _connector='OR'), name='note_answers_are_practices_or_notes', violation_error_message='An answer is a note or a practice.'), models.CheckConstraint(condition=models.Q(models.Q(('hidden_at__isnull', True), ('hidden_by__isnull', True), ('hidden_reason', '')), models.Q(('hidden_at__isnull', False), ('hidden_by__isnull', False), models.Q(('hidden_reason', ''), _negated=True)), _connector='OR'), name='note_hidden_by_someone_for_a_reason', violation_error_message='Give a reason: the author and all other readers see it.'), models.CheckConstraint(condition=models.Q(('government__isnull', False), models.Q(('audience', 'curators'), ('kind', 'note'), ('reply_to__isnull', False)), _connector='OR'), name='note_of_a_government_or_a_curators_answer', violation_error_message='A curator writes answers, as notes to the government and the curators.')],
            },
        ),
        migrations.CreateModel(
            name='Endorsement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('endorsed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('endorsed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('government', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.government')),
                ('note', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='endorsements', to='notes.note')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('note', 'government'), name='endorsement_once')],
            },
        ),
        migrations.CreateModel(
            name='Mention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('government', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.government')),
                ('note', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='notes.note')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('note', 'government'), name='mention_once')],
            },
        ),
        migrations.CreateModel(
            name='EndorsementEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('endorsed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('endorsed_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('government', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.government')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='notes.endorsement')),
                ('note', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='notes.note')),
            ],
        ),
        migrations.CreateModel(
            name='NoteEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('version', models.PositiveIntegerField(default=0)),
                ('about', models.CharField(editable=False, help_text='The title of the entry when it was written.', max_length=120)),
                ('kind', models.CharField(choices=[('reason', 'reason'), ('practice', 'practice'), ('question', 'question'), ('note', 'note')], max_length=10)),
                ('body', models.TextField(blank=True)),
                ('audience', models.CharField(choices=[('government', 'My government'), ('curators', 'The curators'), ('members', 'Members'), ('public', 'Everyone')], default='members', max_length=10)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('edited_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('hidden_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('hidden_reason', models.CharField(blank=True, max_length=300)),
                ('author', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('entry', models.ForeignKey(db_constraint=False, help_text='Empty once a drafted entry is removed.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='editions.entry')),
                ('government', models.ForeignKey(blank=True, db_constraint=False, help_text='Empty in a curator’s answer.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.government')),
                ('hidden_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='notes.note')),
                ('reply_to', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='notes.note')),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='note',
            trigger=pgtrigger.compiler.Trigger(name='remembers_the_place', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."kind" = \'reason\' AND NEW."withdrawn_at" IS NULL)', func='\n        WITH ranked AS (\n            SELECT placement.entry_id,\n                    CASE WHEN edition.closes_at <= clock_timestamp()\n                        THEN placement.cast_place ELSE placement.place END AS place\n                FROM editions_entry entry\n                    JOIN editions_annuallist list ON list.id = entry.annual_list_id\n                    JOIN editions_edition edition ON edition.id = list.edition_id\n                    JOIN ballots_ballot ballot\n                        ON ballot.annual_list_id = list.id AND ballot.government_id = NEW.government_id\n                    JOIN ballots_placement placement ON placement.ballot_id = ballot.id\n                WHERE entry.id = NEW.entry_id\n        ), own AS (SELECT place FROM ranked WHERE entry_id = NEW.entry_id AND place IS NOT NULL)\n        SELECT 1 + count(*) FILTER (WHERE ranked.place < own.place),\n                count(*) FILTER (WHERE ranked.place = own.place) > 1\n            INTO NEW.place_then, NEW.joint_then FROM own, ranked GROUP BY own.place;\n        IF NOT FOUND THEN\n            NEW.place_then := NULL;\n            NEW.joint_then := FALSE;\n        END IF;\n        RETURN NEW;\n    ', hash='26bc7a7caab3491aef3f26d9e8b3e7b106b05427', operation='INSERT OR UPDATE OF "body"', pgid='pgtrigger_remembers_the_place_2cbb2', table='notes_note', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='note',
            trigger=pgtrigger.compiler.Trigger(name='record_change', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed "notes_note"%ROWTYPE;', func='IF TG_OP = \'UPDATE\' AND ROW(OLD."id", OLD."version", OLD."entry_id", OLD."about", OLD."government_id", OLD."author_id", OLD."kind", OLD."body", OLD."audience", OLD."reply_to_id", OLD."created_at", OLD."edited_at", OLD."withdrawn_at", OLD."hidden_at", OLD."hidden_by_id", OLD."hidden_reason") IS NOT DISTINCT FROM ROW(NEW."id", NEW."version", NEW."entry_id", NEW."about", NEW."government_id", NEW."author_id", NEW."kind", NEW."body", NEW."audience", NEW."reply_to_id", NEW."created_at", NEW."edited_at", NEW."withdrawn_at", NEW."hidden_at", NEW."hidden_by_id", NEW."hidden_reason") THEN RETURN NULL; END IF; IF TG_OP = \'DELETE\' THEN changed := OLD; ELSE changed := NEW; END IF; INSERT INTO "notes_noteevent" ("about", "audience", "author_id", "body", "created_at", "edited_at", "entry_id", "government_id", "hidden_at", "hidden_by_id", "hidden_reason", "id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reply_to_id", "version", "withdrawn_at") VALUES (changed."about", changed."audience", changed."author_id", changed."body", changed."created_at", changed."edited_at", changed."entry_id", changed."government_id", changed."hidden_at", changed."hidden_by_id", changed."hidden_reason", changed."id", changed."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), lower(TG_OP), changed."id", changed."reply_to_id", changed."version", changed."withdrawn_at"); RETURN NULL;', hash='0ea0324de0bc79dd7d6858c2869e91e26a559925', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_record_change_010e3', table='notes_note', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='endorsementevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a5a839b3810ca2f8ca3da64846bb90340182eaee', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_68299', table='notes_endorsementevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='endorsement',
            trigger=pgtrigger.compiler.Trigger(name='record_change', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed "notes_endorsement"%ROWTYPE;', func='IF TG_OP = \'UPDATE\' AND ROW(OLD."id", OLD."note_id", OLD."government_id", OLD."endorsed_by_id", OLD."endorsed_at") IS NOT DISTINCT FROM ROW(NEW."id", NEW."note_id", NEW."government_id", NEW."endorsed_by_id", NEW."endorsed_at") THEN RETURN NULL; END IF; IF TG_OP = \'DELETE\' THEN changed := OLD; ELSE changed := NEW; END IF; INSERT INTO "notes_endorsementevent" ("endorsed_at", "endorsed_by_id", "government_id", "id", "note_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (changed."endorsed_at", changed."endorsed_by_id", changed."government_id", changed."id", changed."note_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), lower(TG_OP), changed."id"); RETURN NULL;', hash='73dc19490e74a1ca493fe6083c74a1546c496ec0', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_record_change_5e748', table='notes_endorsement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='noteevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='48f92673ff961830d4e988decc0ac78bd96d7891', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_3ddc3', table='notes_noteevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='endorsement',
            trigger=pgtrigger.compiler.Trigger(name='changes_public_pages', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n        IF OLD IS DISTINCT FROM NEW THEN\n            INSERT INTO portal_pagechange (transaction) VALUES (pg_current_xact_id()::text::bigint)\n                ON CONFLICT DO NOTHING;\n        END IF;\n        RETURN NULL;\n    ', hash='239820d3e5683050d9c6b5db592b444a5a60cb7f', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_changes_public_pages_dca68', table='notes_endorsement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='note',
            trigger=pgtrigger.compiler.Trigger(name='changes_public_pages', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n        IF OLD IS DISTINCT FROM NEW THEN\n            INSERT INTO portal_pagechange (transaction) VALUES (pg_current_xact_id()::text::bigint)\n                ON CONFLICT DO NOTHING;\n        END IF;\n        RETURN NULL;\n    ', hash='749b9d1d0ed1e9931be5b72ae5f277fbee56bb16', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_changes_public_pages_6f1ea', table='notes_note', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='note',
            trigger=pgtrigger.compiler.Trigger(name='keeps_its_place', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE parent notes_note%ROWTYPE; moves_in_draft boolean;', func="\n        IF TG_OP = 'DELETE' THEN\n            RAISE EXCEPTION 'A note can be withdrawn, but not deleted.' USING ERRCODE = 'check_violation';\n        END IF;\n        IF TG_OP = 'UPDATE' THEN\n            -- a drafted entry is removed, or merged into another entry of its list\n            moves_in_draft := EXISTS (\n                SELECT 1 FROM editions_entry former\n                    JOIN editions_annuallist list ON list.id = former.annual_list_id\n                    JOIN editions_edition edition ON edition.id = list.edition_id\n                    WHERE former.id = OLD.entry_id AND edition.published_at IS NULL\n                        AND (edition.opens_at IS NULL OR edition.opens_at > clock_timestamp())\n                        AND (NEW.entry_id IS NULL OR EXISTS (\n                            SELECT 1 FROM editions_entry WHERE id = NEW.entry_id AND annual_list_id = list.id))\n            );\n            IF (NEW.government_id, NEW.kind, NEW.created_at, NEW.about, NEW.reply_to_id)\n                    IS DISTINCT FROM (OLD.government_id, OLD.kind, OLD.created_at, OLD.about, OLD.reply_to_id)\n                    OR (NEW.entry_id IS DISTINCT FROM OLD.entry_id AND NOT moves_in_draft) THEN\n                RAISE EXCEPTION 'The entry, government and kind of a note, and the note it answers, cannot change.'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            IF NEW.government_id IS NULL AND NEW.author_id <> OLD.author_id THEN\n                RAISE EXCEPTION 'The author of a curator''s answer cannot change.' USING ERRCODE = 'check_violation';\n            END IF;\n            IF OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at THEN\n                RAISE EXCEPTION 'A withdrawn note cannot come back.' USING ERRCODE = 'check_violation';\n            END IF;\n        END IF;\n        IF TG_OP = 'INSERT' AND NEW.kind = 'reason' AND NOT EXISTS (\n            SELECT 1 FROM editions_entry entry JOIN editions_annuallist list ON list.id = entry.annual_list_id\n                JOIN editions_edition edition ON edition.id = list.edition_id\n                WHERE entry.id = NEW.entry_id AND edition.opens_at <= clock_timestamp()\n        ) THEN\n            RAISE EXCEPTION 'Reasons can be given after the ballots have opened.' USING ERRCODE = 'check_violation';\n        END IF;\n        IF NEW.audience = 'curators' AND (TG_OP = 'INSERT' OR OLD.audience <> 'curators')\n                AND NEW.government_id IS NOT NULL AND EXISTS (\n            SELECT 1 FROM editions_entry entry JOIN editions_annuallist list ON list.id = entry.annual_list_id\n                JOIN editions_edition edition ON edition.id = list.edition_id\n                WHERE entry.id = NEW.entry_id\n                    AND (edition.published_at IS NOT NULL OR edition.closes_at <= clock_timestamp())\n        ) THEN\n            RAISE EXCEPTION 'A note to the curators is written before the ballots close.' USING ERRCODE = 'check_violation';\n        END IF;\n        IF NEW.reply_to_id IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.audience <> OLD.audience) THEN\n            SELECT * INTO parent FROM notes_note WHERE id = NEW.reply_to_id FOR SHARE;\n            IF parent.reply_to_id IS NOT NULL OR parent.entry_id IS DISTINCT FROM NEW.entry_id THEN\n                RAISE EXCEPTION 'An answer must belong to a note on the same entry that is not itself an answer.'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            IF array_position(ARRAY['government', 'curators', 'members', 'public'], NEW.audience::text)\n                    > array_position(ARRAY['government', 'curators', 'members', 'public'], parent.audience::text)\n                    OR (parent.audience IN ('government', 'curators') AND NEW.government_id IS NOT NULL\n                        AND parent.government_id IS DISTINCT FROM NEW.government_id) THEN\n                RAISE EXCEPTION 'An answer cannot have more readers than the note it answers.'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            IF NEW.government_id IS NULL AND (parent.audience <> 'curators' OR NOT EXISTS (\n                SELECT 1 FROM members_user WHERE id = NEW.author_id AND is_staff AND is_active\n            )) THEN\n                RAISE EXCEPTION 'A curator can answer only what a government wrote to the curators.'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            IF TG_OP = 'INSERT' AND parent.withdrawn_at IS NOT NULL THEN\n                RAISE EXCEPTION 'The note it answers has been withdrawn.' USING ERRCODE = 'check_violation';\n            END IF;\n        END IF;\n        RETURN NEW;\n    ", hash='6489eaf09208a8ab2fc956a8cbb25951511d44c4', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_keeps_its_place_39398', table='notes_note', when='BEFORE')),
        ),
    ]
