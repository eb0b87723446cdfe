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
            trigger=pgtrigger.compiler.Trigger(name='record_change', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed "summaries_sharelink"%ROWTYPE;', func='IF TG_OP = \'UPDATE\' AND ROW(OLD."id", OLD."government_id", OLD."edition_id", OLD."label", OLD."created_by_id", OLD."created_at", OLD."expires_at", OLD."revoked_at") IS NOT DISTINCT FROM ROW(NEW."id", NEW."government_id", NEW."edition_id", NEW."label", NEW."created_by_id", NEW."created_at", NEW."expires_at", NEW."revoked_at") THEN RETURN NULL; END IF; IF TG_OP = \'DELETE\' THEN changed := OLD; ELSE changed := NEW; END IF; INSERT INTO "summaries_sharelinkevent" ("created_at", "created_by_id", "edition_id", "expires_at", "government_id", "id", "label", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at") VALUES (changed."created_at", changed."created_by_id", changed."edition_id", changed."expires_at", changed."government_id", changed."id", changed."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), lower(TG_OP), changed."id", changed."revoked_at"); RETURN NULL;', hash='1e1528a5a2b4982d7f7f90e3c2e7205c550be6e4', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_record_change_0c593', table='summaries_sharelink', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sharelinkevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5320516116e12ed6d91f6f920e44c79aa3623287', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8e733', table='summaries_sharelinkevent', when='BEFORE')),
        ),
    ]
