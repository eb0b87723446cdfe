import django.db.models.deletion
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
        ('priorities', '0001_one_set_of_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Challenge',
            fields=[
            ],
            options={
                'verbose_name_plural': 'challenges',
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('editions.entry',),
        ),
        migrations.CreateModel(
            name='HindranceResponse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=0)),
                ('updated_at', models.DateTimeField(blank=True, null=True)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hindrance_responses', to='editions.edition')),
                ('government', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hindrance_responses', to='members.government')),
                ('updated_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('edition', 'government'), name='hindrance_response_once')],
            },
        ),
        migrations.CreateModel(
            name='Hindrance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('priority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hindered_by', to='priorities.priority')),
                ('response', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hindrances', to='challenges.hindranceresponse')),
                ('challenge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hindrances', to='challenges.challenge')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('response', 'challenge', 'priority'), name='hindrance_once')],
            },
        ),
        migrations.CreateModel(
            name='HindranceResponseEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('version', models.PositiveIntegerField(default=0)),
                ('updated_at', models.DateTimeField(blank=True, null=True)),
                ('edition', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='editions.edition')),
                ('government', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.government')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='challenges.hindranceresponse')),
                ('updated_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='HindranceEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='challenges.hindrance')),
                ('priority', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='priorities.priority')),
                ('response', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='challenges.hindranceresponse')),
                ('challenge', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='challenges.challenge')),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='hindranceresponse',
            trigger=pgtrigger.compiler.Trigger(name='record_change', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed "challenges_hindranceresponse"%ROWTYPE;', func='IF TG_OP = \'UPDATE\' AND ROW(OLD."id", OLD."version", OLD."edition_id", OLD."government_id", OLD."updated_at", OLD."updated_by_id") IS NOT DISTINCT FROM ROW(NEW."id", NEW."version", NEW."edition_id", NEW."government_id", NEW."updated_at", NEW."updated_by_id") THEN RETURN NULL; END IF; IF TG_OP = \'DELETE\' THEN changed := OLD; ELSE changed := NEW; END IF; INSERT INTO "challenges_hindranceresponseevent" ("edition_id", "government_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "updated_at", "updated_by_id", "version") VALUES (changed."edition_id", changed."government_id", changed."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), lower(TG_OP), changed."id", changed."updated_at", changed."updated_by_id", changed."version"); RETURN NULL;', hash='c7ea2bb1bcdbe40da6bb31d44542617fdf32061f', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_record_change_38aa0', table='challenges_hindranceresponse', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='hindranceresponseevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9b40bf463dc2a28f710cdbe94f8a9ce0aed617da', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a870d', table='challenges_hindranceresponseevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='hindranceevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='497a7b2268fc485060782fb38c704cf366ed6cbf', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_deb18', table='challenges_hindranceevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='hindrance',
            trigger=pgtrigger.compiler.Trigger(name='record_change', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed "challenges_hindrance"%ROWTYPE;', func='IF TG_OP = \'UPDATE\' AND ROW(OLD."id", OLD."response_id", OLD."challenge_id", OLD."priority_id") IS NOT DISTINCT FROM ROW(NEW."id", NEW."response_id", NEW."challenge_id", NEW."priority_id") THEN RETURN NULL; END IF; IF TG_OP = \'DELETE\' THEN changed := OLD; ELSE changed := NEW; END IF; INSERT INTO "challenges_hindranceevent" ("challenge_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority_id", "response_id") VALUES (changed."challenge_id", changed."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), lower(TG_OP), changed."id", changed."priority_id", changed."response_id"); RETURN NULL;', hash='a6547b0147b7f6a86c18f86e4f6f6ac9646ecf21', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_record_change_d64f0', table='challenges_hindrance', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='hindrance',
            trigger=pgtrigger.compiler.Trigger(name='only_while_open', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE edition_row editions_edition%ROWTYPE; r record;', func="\n            IF TG_OP = 'DELETE' THEN r := OLD; ELSE r := NEW; END IF;\n            SELECT * INTO edition_row FROM editions_edition WHERE id = (SELECT edition_id FROM challenges_hindranceresponse WHERE id = r.response_id) FOR SHARE;\n            IF edition_row.opens_at IS NULL OR edition_row.opens_at > clock_timestamp()\n                    OR edition_row.closes_at <= clock_timestamp() THEN\n                RAISE EXCEPTION 'The ballots of % are not open.', edition_row.year USING ERRCODE = 'check_violation';\n            END IF;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            IF TG_OP = 'UPDATE' AND (NEW.response_id, NEW.challenge_id, NEW.priority_id) IS DISTINCT FROM (OLD.response_id, OLD.challenge_id, OLD.priority_id) THEN\n                RAISE EXCEPTION 'Its response and challenge and priority cannot change.' USING ERRCODE = 'check_violation';\n            END IF;\n            \n        IF NOT EXISTS (\n            SELECT 1 FROM editions_entry challenge, editions_entry priority,\n                editions_annuallist challenges, editions_annuallist priorities\n                WHERE challenge.id = NEW.challenge_id AND priority.id = NEW.priority_id\n                    AND challenges.id = challenge.annual_list_id AND priorities.id = priority.annual_list_id\n                    AND challenges.kind = 'challenges' AND priorities.kind = 'priorities'\n                    AND challenges.edition_id = edition_row.id AND priorities.edition_id = edition_row.id\n        ) THEN\n            RAISE EXCEPTION 'A hindrance must lead from a challenge to a priority of its own edition.'\n                USING ERRCODE = 'check_violation';\n        END IF;\n    \n            RETURN NEW;\n        ", hash='671e178ef26ac3fa67c5d902ea1418013be1348e', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_only_while_open_5e56f', table='challenges_hindrance', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='hindranceresponse',
            trigger=pgtrigger.compiler.Trigger(name='only_while_open', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE edition_row editions_edition%ROWTYPE; r record;', func="\n            IF TG_OP = 'DELETE' THEN r := OLD; ELSE r := NEW; END IF;\n            SELECT * INTO edition_row FROM editions_edition WHERE id = (r.edition_id) FOR SHARE;\n            IF edition_row.opens_at IS NULL OR edition_row.opens_at > clock_timestamp()\n                    OR edition_row.closes_at <= clock_timestamp() THEN\n                RAISE EXCEPTION 'The ballots of % are not open.', edition_row.year USING ERRCODE = 'check_violation';\n            END IF;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            IF TG_OP = 'UPDATE' AND (NEW.edition_id, NEW.government_id) IS DISTINCT FROM (OLD.edition_id, OLD.government_id) THEN\n                RAISE EXCEPTION 'Its edition and government cannot change.' USING ERRCODE = 'check_violation';\n            END IF;\n            \n            RETURN NEW;\n        ", hash='122777b61678c821a21dd7a9865bae468ac77250', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_only_while_open_f5d8a', table='challenges_hindranceresponse', when='BEFORE')),
        ),
    ]
