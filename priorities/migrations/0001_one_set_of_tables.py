import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
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
            name='Priority',
            fields=[
            ],
            options={
                'verbose_name_plural': 'priorities',
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('editions.entry',),
        ),
        migrations.CreateModel(
            name='Investment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=0)),
                ('status', models.CharField(choices=[('in_place', 'In place'), ('under_way', 'Under way'), ('planned', 'Planned'), ('not_planned', 'Not planned')], max_length=12)),
                ('cost', models.CharField(blank=True, choices=[('', 'Not stated'), ('to_100k', 'Under $100,000'), ('to_500k', '$100,000 to $500,000'), ('to_2m', '$500,000 to $2 million'), ('to_10m', '$2 to $10 million'), ('above_10m', 'Above $10 million')], max_length=12)),
                ('staff', models.DecimalField(blank=True, decimal_places=1, max_digits=6, null=True)),
                ('from_year', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('to_year', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('summary', models.CharField(blank=True, max_length=800)),
                ('audience', models.CharField(choices=[('government', 'Our government alone'), ('members', 'All members of MIX'), ('public', 'Everybody')], default='members', max_length=12)),
                ('withdrawn_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('updated_at', models.DateTimeField()),
                ('government', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='investments', to='members.government')),
                ('updated_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('priority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='investments', to='priorities.priority')),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector(mixportal.tables.search_text.SearchText('summary'), config='english'), fastupdate=False, name='investment_words')],
                'constraints': [models.UniqueConstraint(fields=('government', 'priority'), name='investment_once_per_government'), models.CheckConstraint(condition=models.Q(('status__in', ['planned', 'under_way', 'in_place', 'not_planned']), ('cost__in', ['', 'to_100k', 'to_500k', 'to_2m', 'to_10m', 'above_10m']), ('audience__in', ['government', 'members', 'public'])), name='investment_words_are_known'), models.CheckConstraint(condition=models.Q(models.Q(('from_year__isnull', True), ('from_year__range', (1966, 2200)), _connector='OR'), models.Q(('to_year__isnull', True), ('to_year__range', (1966, 2200)), _connector='OR')), name='investment_years_plausible', violation_error_message='Years are from 1966 to 2200.'), models.CheckConstraint(condition=models.Q(('from_year__isnull', True), ('to_year__isnull', True), ('to_year__gte', models.F('from_year')), _connector='OR'), name='investment_years_in_order', violation_error_message='The last year comes before the first.'), models.CheckConstraint(condition=models.Q(('staff__isnull', True), ('staff__gte', 0), _connector='OR'), name='investment_staff_not_negative', violation_error_message='Staff are 0 or more.'), models.CheckConstraint(condition=models.Q(('summary__contains', '\n'), _negated=True), name='investment_summary_is_one_paragraph', violation_error_message='The summary is one paragraph.')],
            },
        ),
        migrations.CreateModel(
            name='InvestmentEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('version', models.PositiveIntegerField(default=0)),
                ('status', models.CharField(choices=[('in_place', 'In place'), ('under_way', 'Under way'), ('planned', 'Planned'), ('not_planned', 'Not planned')], max_length=12)),
                ('cost', models.CharField(blank=True, choices=[('', 'Not stated'), ('to_100k', 'Under $100,000'), ('to_500k', '$100,000 to $500,000'), ('to_2m', '$500,000 to $2 million'), ('to_10m', '$2 to $10 million'), ('above_10m', 'Above $10 million')], max_length=12)),
                ('staff', models.DecimalField(blank=True, decimal_places=1, max_digits=6, null=True)),
                ('from_year', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('to_year', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('summary', models.CharField(blank=True, max_length=800)),
                ('audience', models.CharField(choices=[('government', 'Our government alone'), ('members', 'All members of MIX'), ('public', 'Everybody')], default='members', max_length=12)),
                ('withdrawn_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('updated_at', models.DateTimeField()),
                ('government', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.government')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='priorities.investment')),
                ('updated_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('priority', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='priorities.priority')),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='investmentevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4b1f7a9cdc655b9f178e11c427455bd7ac4ca954', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b0788', table='priorities_investmentevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='investment',
            trigger=pgtrigger.compiler.Trigger(name='record_change', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed "priorities_investment"%ROWTYPE;', func='IF TG_OP = \'UPDATE\' AND ROW(OLD."id", OLD."version", OLD."government_id", OLD."priority_id", OLD."status", OLD."cost", OLD."staff", OLD."from_year", OLD."to_year", OLD."summary", OLD."audience", OLD."withdrawn_at", OLD."updated_at", OLD."updated_by_id") IS NOT DISTINCT FROM ROW(NEW."id", NEW."version", NEW."government_id", NEW."priority_id", NEW."status", NEW."cost", NEW."staff", NEW."from_year", NEW."to_year", NEW."summary", NEW."audience", NEW."withdrawn_at", NEW."updated_at", NEW."updated_by_id") THEN RETURN NULL; END IF; IF TG_OP = \'DELETE\' THEN changed := OLD; ELSE changed := NEW; END IF; INSERT INTO "priorities_investmentevent" ("audience", "cost", "from_year", "government_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority_id", "staff", "status", "summary", "to_year", "updated_at", "updated_by_id", "version", "withdrawn_at") VALUES (changed."audience", changed."cost", changed."from_year", changed."government_id", changed."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), lower(TG_OP), changed."id", changed."priority_id", changed."staff", changed."status", changed."summary", changed."to_year", changed."updated_at", changed."updated_by_id", changed."version", changed."withdrawn_at"); RETURN NULL;', hash='b621124a401d6e6c625160e7107aab66a63dd2d4', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_record_change_390fa', table='priorities_investment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='investment',
            trigger=pgtrigger.compiler.Trigger(name='changes_public_pages', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n        IF OLD IS DISTINCT FROM NEW THEN\n            INSERT INTO portal_pagechange (transaction) VALUES (pg_current_xact_id()::text::bigint)\n                ON CONFLICT DO NOTHING;\n        END IF;\n        RETURN NULL;\n    ', hash='d2a6c66486eed3ddd281fda631d13f05e9df1f7e', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_changes_public_pages_8f89e', table='priorities_investment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='investment',
            trigger=pgtrigger.compiler.Trigger(name='of_a_current_list', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE edition_row editions_edition%ROWTYPE;', func="\n        SELECT edition.* INTO edition_row FROM editions_edition edition\n            JOIN editions_annuallist list ON list.edition_id = edition.id\n            JOIN editions_entry entry ON entry.annual_list_id = list.id\n            WHERE entry.id = CASE WHEN TG_OP = 'INSERT' THEN NEW.priority_id ELSE OLD.priority_id END\n            FOR SHARE OF edition;\n        IF edition_row.published_at IS NOT NULL AND EXISTS (\n            SELECT 1 FROM editions_edition WHERE published_at IS NOT NULL AND year > edition_row.year\n        ) THEN\n            RAISE EXCEPTION 'A later list is published, so the investments of % can no longer change.', edition_row.year\n                USING ERRCODE = 'check_violation';\n        END IF;\n        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n        IF TG_OP = 'UPDATE' AND (NEW.government_id <> OLD.government_id OR NEW.priority_id <> OLD.priority_id AND NOT (\n                edition_row.published_at IS NULL\n                AND (edition_row.opens_at IS NULL OR edition_row.opens_at > clock_timestamp())\n                AND EXISTS (\n                    SELECT 1 FROM editions_entry former JOIN editions_entry latter USING (annual_list_id)\n                        WHERE former.id = OLD.priority_id AND latter.id = NEW.priority_id))) THEN\n            RAISE EXCEPTION 'The priority and the government of an investment cannot change.'\n                USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NEW;\n    ", hash='01b9d3bc08260baea20907573654aa2384c0b3a8', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_of_a_current_list_d844b', table='priorities_investment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='investment',
            trigger=pgtrigger.compiler.Trigger(name='priority_is_of_priorities', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF NOT EXISTS (\n                SELECT 1 FROM editions_entry entry JOIN editions_annuallist list ON list.id = entry.annual_list_id\n                    WHERE entry.id = NEW.priority_id AND list.kind = 'priorities'\n            ) THEN\n                RAISE EXCEPTION 'It must name one of the priorities.' USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ", hash='a9c81f088320eef9a000f52395191a37d63f3c2f', operation='INSERT OR UPDATE OF "priority_id"', pgid='pgtrigger_priority_is_of_priorities_5a4de', table='priorities_investment', when='BEFORE')),
        ),
    ]
