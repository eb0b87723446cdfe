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
    ]

    operations = [
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(default=1, help_text='2 where the first proved wrong, and so on.')),
                ('reason', models.TextField(blank=True, help_text='Why it was counted again.')),
                ('computed_at', models.DateTimeField()),
                ('digest', models.CharField(max_length=64)),
                ('method_version', models.CharField(max_length=16)),
                ('seed', models.BigIntegerField()),
                ('roster', models.JSONField(help_text='The governments seated at the close, and whether each cast this list.')),
                ('figures', models.JSONField(help_text='Aggregates, for viewers who may see ballots.')),
                ('comparison', models.JSONField(help_text='Places by government, likeness, map and cohorts. Never sent whole.')),
                ('public', models.JSONField(help_text='What leaders and visitors may see.')),
                ('annual_list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tallies', to='editions.annuallist')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'tallies',
                'constraints': [models.UniqueConstraint(fields=('annual_list', 'number'), name='tally_numbered'), models.CheckConstraint(condition=models.Q(models.Q(('decided_by__isnull', True), ('number', 1), ('reason', '')), models.Q(('decided_by__isnull', False), ('number__gt', 1), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='tally_counted_again_with_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='TallyEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('number', models.PositiveSmallIntegerField(default=1, help_text='2 where the first proved wrong, and so on.')),
                ('reason', models.TextField(blank=True, help_text='Why it was counted again.')),
                ('computed_at', models.DateTimeField()),
                ('digest', models.CharField(max_length=64)),
                ('method_version', models.CharField(max_length=16)),
                ('seed', models.BigIntegerField()),
                ('roster', models.JSONField(help_text='The governments seated at the close, and whether each cast this list.')),
                ('figures', models.JSONField(help_text='Aggregates, for viewers who may see ballots.')),
                ('comparison', models.JSONField(help_text='Places by government, likeness, map and cohorts. Never sent whole.')),
                ('public', models.JSONField(help_text='What leaders and visitors may see.')),
                ('annual_list', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='editions.annuallist')),
                ('decided_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='results.tally')),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tally',
            trigger=pgtrigger.compiler.Trigger(name='record_change', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed "results_tally"%ROWTYPE;', func='IF TG_OP = \'UPDATE\' AND ROW(OLD."id", OLD."annual_list_id", OLD."number", OLD."reason", OLD."decided_by_id", OLD."computed_at", OLD."digest", OLD."method_version", OLD."seed", OLD."roster", OLD."figures", OLD."comparison", OLD."public") IS NOT DISTINCT FROM ROW(NEW."id", NEW."annual_list_id", NEW."number", NEW."reason", NEW."decided_by_id", NEW."computed_at", NEW."digest", NEW."method_version", NEW."seed", NEW."roster", NEW."figures", NEW."comparison", NEW."public") THEN RETURN NULL; END IF; IF TG_OP = \'DELETE\' THEN changed := OLD; ELSE changed := NEW; END IF; INSERT INTO "results_tallyevent" ("annual_list_id", "comparison", "computed_at", "decided_by_id", "digest", "figures", "id", "method_version", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public", "reason", "roster", "seed") VALUES (changed."annual_list_id", changed."comparison", changed."computed_at", changed."decided_by_id", changed."digest", changed."figures", changed."id", changed."method_version", changed."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), lower(TG_OP), changed."id", changed."public", changed."reason", changed."roster", changed."seed"); RETURN NULL;', hash='00f4a1e837c0b00a0b27fe73b7d7594d66c5c5bc', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_record_change_cce9c', table='results_tally', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tallyevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4bad796d98e257c899c80b3b7bc9e5187be299d3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8650c', table='results_tallyevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tally',
            trigger=pgtrigger.compiler.Trigger(name='changes_public_pages', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n        IF OLD IS DISTINCT FROM NEW THEN\n            INSERT INTO portal_pagechange (transaction) VALUES (pg_current_xact_id()::text::bigint)\n                ON CONFLICT DO NOTHING;\n        END IF;\n        RETURN NULL;\n    ', hash='ec08aec00e91ca55ec397987b2729868d084ad00', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_changes_public_pages_e21be', table='results_tally', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tally',
            trigger=pgtrigger.compiler.Trigger(name='stands', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        IF TG_OP <> 'INSERT' THEN\n            RAISE EXCEPTION 'A tally cannot change after it is computed.' USING ERRCODE = 'check_violation';\n        END IF;\n        IF NOT EXISTS (\n            SELECT 1 FROM editions_edition edition JOIN editions_annuallist list ON list.edition_id = edition.id\n                WHERE list.id = NEW.annual_list_id AND edition.closes_at <= clock_timestamp()\n        ) THEN\n            RAISE EXCEPTION 'Ballots can be counted only after they close.' USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NEW;\n    ", hash='d4467563911d1e06685878ea0819ed6525b82068', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_stands_b218f', table='results_tally', when='BEFORE')),
        ),
    ]
