import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='PageChange',
            fields=[
                ('transaction', models.BigIntegerField(primary_key=True, serialize=False)),
            ],
            options={
                'db_table': 'portal_pagechange',
            },
        ),
        migrations.CreateModel(
            name='PageVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.BigIntegerField()),
            ],
            options={
                'db_table': 'portal_pageversion',
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pagechange',
            trigger=pgtrigger.compiler.Trigger(name='raises_page_version', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', func="\n        IF TG_OP = 'INSERT' THEN\n            DELETE FROM portal_pagechange WHERE transaction = NEW.transaction;\n        ELSE\n            INSERT INTO portal_pageversion (id, number) VALUES (1, 1)\n                ON CONFLICT (id) DO UPDATE SET number = portal_pageversion.number + 1;\n        END IF;\n        RETURN NULL;\n    ", hash='2aa3a92c1f13196178e1e7fa8757dfc8c0b85824', operation='INSERT OR DELETE', pgid='pgtrigger_raises_page_version_90003', table='portal_pagechange', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
    ]
