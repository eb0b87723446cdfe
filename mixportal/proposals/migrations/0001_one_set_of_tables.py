import django.db.models.deletion
import django.db.models.functions.datetime
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
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120)),
                ('description', models.TextField(max_length=2000)),
                ('why', models.TextField(blank=True, max_length=2000)),
                ('proposed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('edited_at', models.DateTimeField(editable=False, null=True)),
                ('withdrawn_at', models.DateTimeField(editable=False, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('accepted', 'accepted'), ('merged', 'merged'), ('declined', 'declined')], editable=False, max_length=10)),
                ('decided_at', models.DateTimeField(editable=False, null=True)),
                ('declined_because', models.TextField(blank=True, editable=False, max_length=2000)),
                ('annual_list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='editions.annuallist')),
                ('decided_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entry', models.ForeignKey(editable=False, help_text='What it became.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='proposals', to='editions.entry')),
                ('government', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='members.government')),
                ('into', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged_in', to='proposals.proposal')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('outcome', '')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('outcome__in', ['accepted', 'merged', 'declined'])), _connector='OR'), name='proposal_decided_by_someone'), models.CheckConstraint(condition=models.Q(models.Q(('declined_because', ''), ('entry__isnull', True), ('into__isnull', True), ('outcome', '')), models.Q(('declined_because', ''), ('into__isnull', True), ('outcome', 'accepted')), models.Q(('declined_because', ''), ('outcome', 'merged'), models.Q(('entry__isnull', True), ('into__isnull', True), _connector='OR')), models.Q(('entry__isnull', True), ('into__isnull', True), ('outcome', 'declined'), models.Q(('declined_because', ''), _negated=True)), _connector='OR'), name='proposal_outcome_fits'), models.CheckConstraint(condition=models.Q(('withdrawn_at__isnull', True), ('outcome', ''), _connector='OR'), name='proposal_withdrawn_or_decided'), models.CheckConstraint(condition=models.Q(('into__isnull', True), models.Q(('into', models.F('id')), _negated=True), _connector='OR'), name='proposal_not_into_itself')],
            },
        ),
        migrations.CreateModel(
            name='ProposalEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('title', models.CharField(max_length=120)),
                ('description', models.TextField(max_length=2000)),
                ('why', models.TextField(blank=True, max_length=2000)),
                ('proposed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('edited_at', models.DateTimeField(editable=False, null=True)),
                ('withdrawn_at', models.DateTimeField(editable=False, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('accepted', 'accepted'), ('merged', 'merged'), ('declined', 'declined')], editable=False, max_length=10)),
                ('decided_at', models.DateTimeField(editable=False, null=True)),
                ('declined_because', models.TextField(blank=True, editable=False, max_length=2000)),
                ('annual_list', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='editions.annuallist')),
                ('decided_by', models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('entry', models.ForeignKey(db_constraint=False, editable=False, help_text='What it became.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='editions.entry')),
                ('government', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.government')),
                ('into', models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='proposals.proposal')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='proposals.proposal')),
                ('proposed_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Support',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('supported_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('government', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='supports', to='members.government')),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='supports', to='proposals.proposal')),
                ('supported_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('proposal', 'government'), name='support_once')],
            },
        ),
        migrations.CreateModel(
            name='SupportEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('supported_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('government', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.government')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='proposals.support')),
                ('proposal', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='proposals.proposal')),
                ('supported_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='proposal',
            trigger=pgtrigger.compiler.Trigger(name='record_change', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed "proposals_proposal"%ROWTYPE;', func='IF TG_OP = \'UPDATE\' AND ROW(OLD."id", OLD."annual_list_id", OLD."government_id", OLD."proposed_by_id", OLD."title", OLD."description", OLD."why", OLD."proposed_at", OLD."edited_at", OLD."withdrawn_at", OLD."outcome", OLD."decided_at", OLD."decided_by_id", OLD."declined_because", OLD."entry_id", OLD."into_id") IS NOT DISTINCT FROM ROW(NEW."id", NEW."annual_list_id", NEW."government_id", NEW."proposed_by_id", NEW."title", NEW."description", NEW."why", NEW."proposed_at", NEW."edited_at", NEW."withdrawn_at", NEW."outcome", NEW."decided_at", NEW."decided_by_id", NEW."declined_because", NEW."entry_id", NEW."into_id") THEN RETURN NULL; END IF; IF TG_OP = \'DELETE\' THEN changed := OLD; ELSE changed := NEW; END IF; INSERT INTO "proposals_proposalevent" ("annual_list_id", "decided_at", "decided_by_id", "declined_because", "description", "edited_at", "entry_id", "government_id", "id", "into_id", "outcome", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "title", "why", "withdrawn_at") VALUES (changed."annual_list_id", changed."decided_at", changed."decided_by_id", changed."declined_because", changed."description", changed."edited_at", changed."entry_id", changed."government_id", changed."id", changed."into_id", changed."outcome", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), lower(TG_OP), changed."id", changed."proposed_at", changed."proposed_by_id", changed."title", changed."why", changed."withdrawn_at"); RETURN NULL;', hash='f7a731570e1062f310706b148e67a8cd3cfc27da', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_record_change_dbdb5', table='proposals_proposal', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='proposalevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e7c562075db5579e33a7ce747a41ab7a3fedb757', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_03e70', table='proposals_proposalevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='support',
            trigger=pgtrigger.compiler.Trigger(name='record_change', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed "proposals_support"%ROWTYPE;', func='IF TG_OP = \'UPDATE\' AND ROW(OLD."id", OLD."proposal_id", OLD."government_id", OLD."supported_by_id", OLD."reason", OLD."supported_at") IS NOT DISTINCT FROM ROW(NEW."id", NEW."proposal_id", NEW."government_id", NEW."supported_by_id", NEW."reason", NEW."supported_at") THEN RETURN NULL; END IF; IF TG_OP = \'DELETE\' THEN changed := OLD; ELSE changed := NEW; END IF; INSERT INTO "proposals_supportevent" ("government_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposal_id", "reason", "supported_at", "supported_by_id") VALUES (changed."government_id", changed."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), lower(TG_OP), changed."id", changed."proposal_id", changed."reason", changed."supported_at", changed."supported_by_id"); RETURN NULL;', hash='4695a0228aa12a0ee94ca963fc01c61c9acca677', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_record_change_d5554', table='proposals_support', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='supportevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f0f9eda63ea6cbf24a252338e9782f96214fadd6', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_49ce8', table='proposals_supportevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='proposal',
            trigger=pgtrigger.compiler.Trigger(name='only_while_drafting', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE edition_row editions_edition%ROWTYPE;', func="\n        SELECT edition.* INTO edition_row\n            FROM editions_edition edition JOIN editions_annuallist list ON list.edition_id = edition.id\n            WHERE list.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.annual_list_id ELSE NEW.annual_list_id END\n            FOR SHARE OF edition;\n        IF edition_row.published_at IS NOT NULL OR edition_row.opens_at <= clock_timestamp() THEN\n            RAISE EXCEPTION 'The list of % is no longer a draft, so its proposals cannot change.', edition_row.year\n                USING ERRCODE = 'check_violation';\n        END IF;\n        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n        IF TG_OP = 'UPDATE' AND (NEW.annual_list_id, NEW.government_id, NEW.proposed_by_id)\n                IS DISTINCT FROM (OLD.annual_list_id, OLD.government_id, OLD.proposed_by_id) THEN\n            RAISE EXCEPTION 'The list and the government of a proposal cannot change.'\n                USING ERRCODE = 'check_violation';\n        END IF;\n        IF TG_OP = 'UPDATE' AND OLD.outcome <> '' AND (NEW.title, NEW.description, NEW.why, NEW.outcome)\n                IS DISTINCT FROM (OLD.title, OLD.description, OLD.why, OLD.outcome) THEN\n            RAISE EXCEPTION 'A proposal cannot change after it is decided.' USING ERRCODE = 'check_violation';\n        END IF;\n        IF NEW.entry_id IS NOT NULL AND NOT EXISTS (\n            SELECT 1 FROM editions_entry entry\n                WHERE entry.id = NEW.entry_id AND entry.annual_list_id = NEW.annual_list_id\n        ) OR NEW.into_id IS NOT NULL AND NOT EXISTS (\n            SELECT 1 FROM proposals_proposal other\n                WHERE other.id = NEW.into_id AND other.annual_list_id = NEW.annual_list_id\n        ) THEN\n            RAISE EXCEPTION 'A proposal can become part only of its own list.' USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NEW;\n    ", hash='3df4c60459d6cb6b6512d59b458ea334202f1732', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_only_while_drafting_c7e76', table='proposals_proposal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='support',
            trigger=pgtrigger.compiler.Trigger(name='only_while_drafting', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE edition_row editions_edition%ROWTYPE; proposal_row proposals_proposal%ROWTYPE;', func="\n        SELECT * INTO proposal_row FROM proposals_proposal\n            WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.proposal_id ELSE NEW.proposal_id END FOR SHARE;\n        SELECT edition.* INTO edition_row\n            FROM editions_edition edition JOIN editions_annuallist list ON list.edition_id = edition.id\n            WHERE list.id = proposal_row.annual_list_id FOR SHARE OF edition;\n        IF edition_row.published_at IS NOT NULL OR edition_row.opens_at <= clock_timestamp() THEN\n            RAISE EXCEPTION 'The list of % is no longer a draft, so its proposals cannot change.', edition_row.year\n                USING ERRCODE = 'check_violation';\n        END IF;\n        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n        IF proposal_row.outcome <> '' OR proposal_row.withdrawn_at IS NOT NULL THEN\n            RAISE EXCEPTION 'A proposal that is decided or withdrawn can no longer be supported.'\n                USING ERRCODE = 'check_violation';\n        END IF;\n        IF proposal_row.government_id = NEW.government_id THEN\n            RAISE EXCEPTION 'A government cannot support its own proposal.' USING ERRCODE = 'check_violation';\n        END IF;\n        IF TG_OP = 'UPDATE' AND (NEW.proposal_id, NEW.government_id)\n                IS DISTINCT FROM (OLD.proposal_id, OLD.government_id) THEN\n            RAISE EXCEPTION 'The proposal and the government of a support cannot change.'\n                USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NEW;\n    ", hash='ecdad2fa9cf5fea82b3ac5717fdc76a62dfaf763', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_only_while_drafting_d7710', table='proposals_support', when='BEFORE')),
        ),
    ]
