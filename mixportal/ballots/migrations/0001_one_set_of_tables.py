import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('mfa', '0003_authenticator_type_uniq'),
        ('editions', '0001_one_set_of_tables'),
        ('members', '0001_one_set_of_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Ballot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=0)),
                ('cast_at', models.DateTimeField(blank=True, null=True)),
                ('updated_at', models.DateTimeField(blank=True, null=True)),
                ('entered_reason', models.CharField(blank=True, db_default='', default='', max_length=200)),
                ('annual_list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ballots', to='editions.annuallist')),
                ('cast_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('government', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ballots', to='members.government')),
                ('updated_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('annual_list', 'government'), name='ballot_once'), models.CheckConstraint(condition=models.Q(models.Q(('cast_at__isnull', True), ('cast_by__isnull', True)), models.Q(('cast_at__isnull', False), ('cast_by__isnull', False)), _connector='OR'), name='ballot_cast_by_someone'), models.CheckConstraint(condition=models.Q(models.Q(('entered_by__isnull', True), ('entered_reason', '')), models.Q(('cast_by', models.F('entered_by')), ('cast_by__isnull', False), ('entered_by__isnull', False), models.Q(('entered_reason', ''), _negated=True)), _connector='OR'), name='ballot_entered_with_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='BallotEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('version', models.PositiveIntegerField(default=0)),
                ('cast_at', models.DateTimeField(blank=True, null=True)),
                ('updated_at', models.DateTimeField(blank=True, null=True)),
                ('entered_reason', models.CharField(blank=True, db_default='', default='', max_length=200)),
                ('annual_list', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='editions.annuallist')),
                ('cast_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('entered_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('government', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.government')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='ballots.ballot')),
                ('updated_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Placement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('cast_place', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, help_text="The ballot's version that placed it so.")),
                ('ballot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='placements', to='ballots.ballot')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='editions.entry')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('ballot', 'entry'), name='placement_once'), models.CheckConstraint(condition=models.Q(models.Q(('place__isnull', True), ('place__gte', 1), _connector='OR'), models.Q(('cast_place__isnull', True), ('cast_place__gte', 1), _connector='OR')), name='placement_places_from_1')],
            },
        ),
        migrations.CreateModel(
            name='PlacementEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('place', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('cast_place', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, help_text="The ballot's version that placed it so.")),
                ('ballot', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='ballots.ballot')),
                ('entry', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='editions.entry')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='ballots.placement')),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ballot',
            trigger=pgtrigger.compiler.Trigger(name='record_change', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed "ballots_ballot"%ROWTYPE;', func='IF TG_OP = \'UPDATE\' AND ROW(OLD."id", OLD."version", OLD."annual_list_id", OLD."government_id", OLD."cast_at", OLD."cast_by_id", OLD."updated_at", OLD."updated_by_id", OLD."entered_by_id", OLD."entered_reason") IS NOT DISTINCT FROM ROW(NEW."id", NEW."version", NEW."annual_list_id", NEW."government_id", NEW."cast_at", NEW."cast_by_id", NEW."updated_at", NEW."updated_by_id", NEW."entered_by_id", NEW."entered_reason") THEN RETURN NULL; END IF; IF TG_OP = \'DELETE\' THEN changed := OLD; ELSE changed := NEW; END IF; INSERT INTO "ballots_ballotevent" ("annual_list_id", "cast_at", "cast_by_id", "entered_by_id", "entered_reason", "government_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "updated_at", "updated_by_id", "version") VALUES (changed."annual_list_id", changed."cast_at", changed."cast_by_id", changed."entered_by_id", changed."entered_reason", changed."government_id", changed."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), lower(TG_OP), changed."id", changed."updated_at", changed."updated_by_id", changed."version"); RETURN NULL;', hash='3ad75295448637d72e153d1af883a5827ce341cd', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_record_change_ffdfb', table='ballots_ballot', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ballotevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c1902c7183e8d41cde6c807cc1d04cc9535748a2', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_75fa6', table='ballots_ballotevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='placement',
            trigger=pgtrigger.compiler.Trigger(name='record_change', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed "ballots_placement"%ROWTYPE;', func='IF TG_OP = \'UPDATE\' AND ROW(OLD."id", OLD."ballot_id", OLD."entry_id", OLD."place", OLD."cast_place", OLD."version") IS NOT DISTINCT FROM ROW(NEW."id", NEW."ballot_id", NEW."entry_id", NEW."place", NEW."cast_place", NEW."version") THEN RETURN NULL; END IF; IF TG_OP = \'DELETE\' THEN changed := OLD; ELSE changed := NEW; END IF; INSERT INTO "ballots_placementevent" ("ballot_id", "cast_place", "entry_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "version") VALUES (changed."ballot_id", changed."cast_place", changed."entry_id", changed."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), lower(TG_OP), changed."id", changed."place", changed."version"); RETURN NULL;', hash='92a38e8b3057a9edcac479cc291a0712e944ffc3', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_record_change_77cee', table='ballots_placement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='placementevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d90627f6afe2e1a98350a432296499c9e3582d23', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d5e91', table='ballots_placementevent', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='SecondFactor',
            fields=[
            ],
            options={
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('mfa.authenticator',),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='secondfactor',
            trigger=pgtrigger.compiler.Trigger(name='begins_a_new_vote', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        UPDATE members_user SET voter_since = clock_timestamp()\n            WHERE id = coalesce(NEW.user_id, OLD.user_id) AND id::text IS DISTINCT FROM\n                nullif(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'user';\n        RETURN NULL;\n    ", hash='bc6a4868267386e123ddbdb10dee7a94e0c3d349', operation='INSERT OR DELETE', pgid='pgtrigger_begins_a_new_vote_bcf26', table='mfa_authenticator', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ballot',
            trigger=pgtrigger.compiler.Trigger(name='only_while_open', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE edition_row editions_edition%ROWTYPE; r record;', func="\n            IF TG_OP = 'DELETE' THEN r := OLD; ELSE r := NEW; END IF;\n            SELECT * INTO edition_row FROM editions_edition WHERE id = (SELECT edition_id FROM editions_annuallist WHERE id = r.annual_list_id) FOR SHARE;\n            IF edition_row.opens_at IS NULL OR edition_row.opens_at > clock_timestamp()\n                    OR edition_row.closes_at <= clock_timestamp() THEN\n                RAISE EXCEPTION 'The ballots of % are not open.', edition_row.year USING ERRCODE = 'check_violation';\n            END IF;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            IF TG_OP = 'UPDATE' AND (NEW.annual_list_id, NEW.government_id) IS DISTINCT FROM (OLD.annual_list_id, OLD.government_id) THEN\n                RAISE EXCEPTION 'Its annual list and government cannot change.' USING ERRCODE = 'check_violation';\n            END IF;\n            \n        IF TG_OP = 'UPDATE' AND NEW.entered_by_id IS NOT NULL\n                AND OLD.cast_at IS NOT NULL AND OLD.entered_by_id IS NULL THEN\n            RAISE EXCEPTION 'The government has cast this ballot itself, so none can be entered over it.'\n                USING ERRCODE = 'check_violation';\n        END IF;\n    \n            RETURN NEW;\n        ", hash='1fbe261abbc68f0f499daecb1a5e6bc4d107e0bc', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_only_while_open_3afc9', table='ballots_ballot', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='placement',
            trigger=pgtrigger.compiler.Trigger(name='only_while_open', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE edition_row editions_edition%ROWTYPE; r record;', func="\n            IF TG_OP = 'DELETE' THEN r := OLD; ELSE r := NEW; END IF;\n            SELECT * INTO edition_row FROM editions_edition WHERE id = (SELECT list.edition_id FROM editions_annuallist list JOIN ballots_ballot ballot ON ballot.annual_list_id = list.id WHERE ballot.id = r.ballot_id) FOR SHARE;\n            IF edition_row.opens_at IS NULL OR edition_row.opens_at > clock_timestamp()\n                    OR edition_row.closes_at <= clock_timestamp() THEN\n                RAISE EXCEPTION 'The ballots of % are not open.', edition_row.year USING ERRCODE = 'check_violation';\n            END IF;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            IF TG_OP = 'UPDATE' AND (NEW.ballot_id) IS DISTINCT FROM (OLD.ballot_id) THEN\n                RAISE EXCEPTION 'Its ballot cannot change.' USING ERRCODE = 'check_violation';\n            END IF;\n            \n        IF NOT EXISTS (\n            SELECT 1 FROM editions_entry entry\n                JOIN ballots_ballot ballot ON ballot.annual_list_id = entry.annual_list_id\n                WHERE entry.id = NEW.entry_id AND ballot.id = NEW.ballot_id\n        ) THEN\n            RAISE EXCEPTION 'A ballot can place only entries of its own list.' USING ERRCODE = 'check_violation';\n        END IF;\n    \n            RETURN NEW;\n        ", hash='30f35f856b6fbdc3531aa3391f28628cde4cd94c', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_only_while_open_c6c44', table='ballots_placement', when='BEFORE')),
        ),
    ]
