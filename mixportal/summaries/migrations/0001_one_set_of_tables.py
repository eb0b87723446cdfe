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
            name='StoredPdf',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('paper', models.CharField(choices=[('Letter', 'Letter'), ('A4', 'A4')], default='Letter', max_length=6)),
                ('version', models.CharField(default='', max_length=64)),
                ('body', models.BinaryField(null=True)),
                ('page_version', models.BigIntegerField(help_text='The version of public pages at the last check.')),
                ('checked_at', models.DateTimeField(default=django.db.models.functions.datetime.Now())),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pdfs', to='editions.edition')),
                ('government', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='pdfs', to='members.government')),
            ],
            options={
                'db_table': 'portal_pdfs',
                'constraints': [models.UniqueConstraint(fields=('edition', 'government', 'paper'), name='one_pdf_of_a_page_and_paper', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='ShareLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_sha256', models.CharField(editable=False, max_length=64, unique=True)),
                ('label', models.CharField(help_text='Who it is for.', max_length=80)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('last_used_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='share_links', to='editions.edition')),
                ('government', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='share_links', to='members.government')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('label', ''), _negated=True), name='share_link_has_a_label'), models.CheckConstraint(condition=models.Q(('token_sha256__regex', '^[0-9a-f]{64}$')), name='share_link_token_is_a_digest')],
            },
        ),
        migrations.CreateModel(
            name='ShareLinkEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('label', models.CharField(help_text='Who it is for.', max_length=80)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('created_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('edition', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='editions.edition')),
                ('government', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.government')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='summaries.sharelink')),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sharelink',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "summaries_sharelinkevent" ("created_at", "created_by_id", "edition_id", "expires_at", "government_id", "id", "label", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at") VALUES (NEW."created_at", NEW."created_by_id", NEW."edition_id", NEW."expires_at", NEW."government_id", NEW."id", NEW."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."revoked_at"); RETURN NULL;', hash='fb5abd2a9cc3ed3dacbb7e67a8e39b38055e67cd', operation='INSERT', pgid='pgtrigger_insert_insert_056b8', table='summaries_sharelink', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sharelink',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id") OR OLD."edition_id" IS DISTINCT FROM (NEW."edition_id") OR OLD."expires_at" IS DISTINCT FROM (NEW."expires_at") OR OLD."government_id" IS DISTINCT FROM (NEW."government_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."label" IS DISTINCT FROM (NEW."label") OR OLD."revoked_at" IS DISTINCT FROM (NEW."revoked_at"))', func='INSERT INTO "summaries_sharelinkevent" ("created_at", "created_by_id", "edition_id", "expires_at", "government_id", "id", "label", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at") VALUES (NEW."created_at", NEW."created_by_id", NEW."edition_id", NEW."expires_at", NEW."government_id", NEW."id", NEW."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."revoked_at"); RETURN NULL;', hash='8bd52bf897e3a78bfac2fd39c7781598afa29280', operation='UPDATE', pgid='pgtrigger_update_update_100c3', table='summaries_sharelink', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sharelink',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "summaries_sharelinkevent" ("created_at", "created_by_id", "edition_id", "expires_at", "government_id", "id", "label", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at") VALUES (OLD."created_at", OLD."created_by_id", OLD."edition_id", OLD."expires_at", OLD."government_id", OLD."id", OLD."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."revoked_at"); RETURN NULL;', hash='678c7c66b9de2010bce89603a8b9b1203dc2c222', operation='DELETE', pgid='pgtrigger_delete_delete_77a4e', table='summaries_sharelink', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sharelinkevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5320516116e12ed6d91f6f920e44c79aa3623287', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8e733', table='summaries_sharelinkevent', when='BEFORE')),
        ),
    ]
