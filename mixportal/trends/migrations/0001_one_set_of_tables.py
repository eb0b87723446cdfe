import django.db.models.deletion
import django.db.models.functions.text
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('editions', '0001_one_set_of_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='OutsideSeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('body', models.CharField(help_text='Who publishes it, in full.', max_length=160)),
                ('short_name', models.CharField(help_text='As in: 2nd on the … list of 2018. For example: state CIOs’, National Counties’', max_length=60)),
                ('name', models.CharField(blank=True, help_text='Where a body has several lists in one year.', max_length=160)),
                ('slug', models.SlugField(help_text='A short name for addresses and files.', max_length=130, unique=True)),
                ('url', models.URLField(blank=True, help_text='Where the body publishes it.', max_length=400, verbose_name='address')),
                ('license', models.CharField(blank=True, help_text='What allows us to show it.', max_length=160)),
            ],
            options={
                'verbose_name_plural': 'outside series',
                'ordering': ('body', 'name'),
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('body'), django.db.models.functions.text.Lower('name'), name='outside_series_once', violation_error_message='This body already has a list of that name.'), models.CheckConstraint(condition=models.Q(('url', ''), ('url__startswith', 'https://'), ('url__startswith', 'http://'), _connector='OR'), name='outside_series_has_a_web_address', violation_error_message='Give an address that begins with https://.')],
            },
        ),
        migrations.CreateModel(
            name='OutsideList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('url', models.URLField(blank=True, help_text='Where this year’s list can be read.', max_length=400, verbose_name='address')),
                ('how_made', models.CharField(blank=True, help_text='Who was asked, and how it was counted.', max_length=400)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('published_at', models.DateTimeField(blank=True, help_text='From when everybody sees it here; until then only curators do.', null=True)),
                ('series', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lists', to='trends.outsideseries')),
            ],
            options={
                'ordering': ('-year', 'series__body', 'series__name'),
                'constraints': [models.UniqueConstraint(fields=('series', 'year'), name='outside_list_once', violation_error_message='This list already has that year.'), models.CheckConstraint(condition=models.Q(('year__range', (1966, 2200))), name='outside_list_year_plausible', violation_error_message='Years are from 1966 to 2200.'), models.CheckConstraint(condition=models.Q(('url', ''), ('url__startswith', 'https://'), ('url__startswith', 'http://'), _connector='OR'), name='outside_list_has_a_web_address', violation_error_message='Give an address that begins with https://.')],
            },
        ),
        migrations.CreateModel(
            name='OutsideSeriesEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('body', models.CharField(help_text='Who publishes it, in full.', max_length=160)),
                ('short_name', models.CharField(help_text='As in: 2nd on the … list of 2018. For example: state CIOs’, National Counties’', max_length=60)),
                ('name', models.CharField(blank=True, help_text='Where a body has several lists in one year.', max_length=160)),
                ('slug', models.SlugField(db_index=False, help_text='A short name for addresses and files.', max_length=130)),
                ('url', models.URLField(blank=True, help_text='Where the body publishes it.', max_length=400, verbose_name='address')),
                ('license', models.CharField(blank=True, help_text='What allows us to show it.', max_length=160)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='trends.outsideseries')),
            ],
        ),
        migrations.CreateModel(
            name='OutsideItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=1, help_text='The order in which the source lists it.')),
                ('title', models.CharField(help_text='As the source words it.', max_length=200)),
                ('place', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('tied', models.BooleanField(default=False, help_text='It shares its place with one that is not kept here. Equal places are seen as joint anyway.')),
                ('percent', models.DecimalField(blank=True, decimal_places=1, help_text='Of those asked, how many named it.', max_digits=4, null=True)),
                ('certainty', models.CharField(choices=[('stated', 'stated by the source'), ('inferred', 'inferred'), ('unsure', 'unsure')], default='stated', max_length=8)),
                ('is_disputed', models.BooleanField(default=False, help_text='Sources contradict each other.', verbose_name='disputed')),
                ('note', models.CharField(blank=True, help_text='What is disputed or inferred, and by whom.', max_length=400)),
                ('line_certainty', models.CharField(choices=[('stated', 'stated by the source'), ('inferred', 'inferred'), ('unsure', 'unsure')], default='stated', help_text='How sure it is that both mean the same.', max_length=8)),
                ('line_reason', models.CharField(blank=True, help_text='Why both mean the same.', max_length=400)),
                ('line', models.ForeignKey(blank=True, help_text='What it means on our lists.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='outside_items', to='editions.line')),
                ('outside_list', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='trends.outsidelist')),
            ],
            options={
                'ordering': ('outside_list', 'position', 'pk'),
                'constraints': [models.UniqueConstraint(models.F('outside_list'), django.db.models.functions.text.Lower('title'), name='outside_item_once', violation_error_message='The list already has an item with this title.'), models.CheckConstraint(condition=models.Q(('place__isnull', True), ('percent__isnull', True), _connector='OR'), name='outside_item_place_or_percent', violation_error_message='Give a place or a percentage, not both.'), models.CheckConstraint(condition=models.Q(('place__isnull', True), ('place__range', (1, 999)), _connector='OR'), name='outside_item_place_from_1', violation_error_message='Places are from 1 to 999.'), models.CheckConstraint(condition=models.Q(('tied', False), ('place__isnull', False), _connector='OR'), name='outside_item_tied_in_a_place', violation_error_message='Only a place can be shared.'), models.CheckConstraint(condition=models.Q(('percent__isnull', True), ('percent__range', (0, 100)), _connector='OR'), name='outside_item_percent_of_a_hundred', violation_error_message='A percentage is from 0 to 100.'), models.CheckConstraint(condition=models.Q(('certainty__in', ['stated', 'inferred', 'unsure']), ('line_certainty__in', ['stated', 'inferred', 'unsure'])), name='outside_item_certainty_known')],
            },
        ),
        migrations.CreateModel(
            name='OutsideItemEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('position', models.PositiveSmallIntegerField(default=1, help_text='The order in which the source lists it.')),
                ('title', models.CharField(help_text='As the source words it.', max_length=200)),
                ('place', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('tied', models.BooleanField(default=False, help_text='It shares its place with one that is not kept here. Equal places are seen as joint anyway.')),
                ('percent', models.DecimalField(blank=True, decimal_places=1, help_text='Of those asked, how many named it.', max_digits=4, null=True)),
                ('certainty', models.CharField(choices=[('stated', 'stated by the source'), ('inferred', 'inferred'), ('unsure', 'unsure')], default='stated', max_length=8)),
                ('is_disputed', models.BooleanField(default=False, help_text='Sources contradict each other.', verbose_name='disputed')),
                ('note', models.CharField(blank=True, help_text='What is disputed or inferred, and by whom.', max_length=400)),
                ('line_certainty', models.CharField(choices=[('stated', 'stated by the source'), ('inferred', 'inferred'), ('unsure', 'unsure')], default='stated', help_text='How sure it is that both mean the same.', max_length=8)),
                ('line_reason', models.CharField(blank=True, help_text='Why both mean the same.', max_length=400)),
                ('line', models.ForeignKey(blank=True, db_constraint=False, help_text='What it means on our lists.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='editions.line')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='trends.outsideitem')),
                ('outside_list', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='trends.outsidelist')),
            ],
        ),
        migrations.CreateModel(
            name='OutsideListEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('year', models.PositiveSmallIntegerField()),
                ('url', models.URLField(blank=True, help_text='Where this year’s list can be read.', max_length=400, verbose_name='address')),
                ('how_made', models.CharField(blank=True, help_text='Who was asked, and how it was counted.', max_length=400)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('published_at', models.DateTimeField(blank=True, help_text='From when everybody sees it here; until then only curators do.', null=True)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='trends.outsidelist')),
                ('series', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='trends.outsideseries')),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outsideseries',
            trigger=pgtrigger.compiler.Trigger(name='record_change', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed "trends_outsideseries"%ROWTYPE;', func='IF TG_OP = \'UPDATE\' AND ROW(OLD."id", OLD."body", OLD."short_name", OLD."name", OLD."slug", OLD."url", OLD."license") IS NOT DISTINCT FROM ROW(NEW."id", NEW."body", NEW."short_name", NEW."name", NEW."slug", NEW."url", NEW."license") THEN RETURN NULL; END IF; IF TG_OP = \'DELETE\' THEN changed := OLD; ELSE changed := NEW; END IF; INSERT INTO "trends_outsideseriesevent" ("body", "id", "license", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "short_name", "slug", "url") VALUES (changed."body", changed."id", changed."license", changed."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), lower(TG_OP), changed."id", changed."short_name", changed."slug", changed."url"); RETURN NULL;', hash='a532d690e08e879173e1c2d5b555ab5998affe91', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_record_change_9788b', table='trends_outsideseries', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outsideitemevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1007ca441c16f7688426a4a30ec7c2c07874047b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_07dcf', table='trends_outsideitemevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outsideitem',
            trigger=pgtrigger.compiler.Trigger(name='record_change', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed "trends_outsideitem"%ROWTYPE;', func='IF TG_OP = \'UPDATE\' AND ROW(OLD."id", OLD."outside_list_id", OLD."position", OLD."title", OLD."place", OLD."tied", OLD."percent", OLD."certainty", OLD."is_disputed", OLD."note", OLD."line_id", OLD."line_certainty", OLD."line_reason") IS NOT DISTINCT FROM ROW(NEW."id", NEW."outside_list_id", NEW."position", NEW."title", NEW."place", NEW."tied", NEW."percent", NEW."certainty", NEW."is_disputed", NEW."note", NEW."line_id", NEW."line_certainty", NEW."line_reason") THEN RETURN NULL; END IF; IF TG_OP = \'DELETE\' THEN changed := OLD; ELSE changed := NEW; END IF; INSERT INTO "trends_outsideitemevent" ("certainty", "id", "is_disputed", "line_certainty", "line_id", "line_reason", "note", "outside_list_id", "percent", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "position", "tied", "title") VALUES (changed."certainty", changed."id", changed."is_disputed", changed."line_certainty", changed."line_id", changed."line_reason", changed."note", changed."outside_list_id", changed."percent", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), lower(TG_OP), changed."id", changed."place", changed."position", changed."tied", changed."title"); RETURN NULL;', hash='94f61ac308cc5f8c2aca7a0ce068c87bb9cd4fd2', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_record_change_8e423', table='trends_outsideitem', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outsidelistevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='afc76f5302e78af146884799d27b6c02b4caae9d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_50035', table='trends_outsidelistevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outsidelist',
            trigger=pgtrigger.compiler.Trigger(name='record_change', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed "trends_outsidelist"%ROWTYPE;', func='IF TG_OP = \'UPDATE\' AND ROW(OLD."id", OLD."series_id", OLD."year", OLD."url", OLD."how_made", OLD."note", OLD."published_at") IS NOT DISTINCT FROM ROW(NEW."id", NEW."series_id", NEW."year", NEW."url", NEW."how_made", NEW."note", NEW."published_at") THEN RETURN NULL; END IF; IF TG_OP = \'DELETE\' THEN changed := OLD; ELSE changed := NEW; END IF; INSERT INTO "trends_outsidelistevent" ("how_made", "id", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "series_id", "url", "year") VALUES (changed."how_made", changed."id", changed."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), lower(TG_OP), changed."id", changed."published_at", changed."series_id", changed."url", changed."year"); RETURN NULL;', hash='58f751c2cdd090167a16f398fcb8e7aef1331f51', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_record_change_77177', table='trends_outsidelist', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outsideseriesevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='591ac868474a65ce749ec6afd17c902ce671dfb0', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_16d11', table='trends_outsideseriesevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outsideitem',
            trigger=pgtrigger.compiler.Trigger(name='changes_public_pages', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n        IF OLD IS DISTINCT FROM NEW THEN\n            INSERT INTO portal_pagechange (transaction) VALUES (pg_current_xact_id()::text::bigint)\n                ON CONFLICT DO NOTHING;\n        END IF;\n        RETURN NULL;\n    ', hash='84642c0e60a6b281be9efc27a1f603ca0560197d', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_changes_public_pages_7aa0a', table='trends_outsideitem', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outsidelist',
            trigger=pgtrigger.compiler.Trigger(name='changes_public_pages', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n        IF OLD IS DISTINCT FROM NEW THEN\n            INSERT INTO portal_pagechange (transaction) VALUES (pg_current_xact_id()::text::bigint)\n                ON CONFLICT DO NOTHING;\n        END IF;\n        RETURN NULL;\n    ', hash='ea47595fb0554f9f252738c01f14df6ae5b3af2c', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_changes_public_pages_755ed', table='trends_outsidelist', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outsideseries',
            trigger=pgtrigger.compiler.Trigger(name='changes_public_pages', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n        IF OLD IS DISTINCT FROM NEW THEN\n            INSERT INTO portal_pagechange (transaction) VALUES (pg_current_xact_id()::text::bigint)\n                ON CONFLICT DO NOTHING;\n        END IF;\n        RETURN NULL;\n    ', hash='26f6238aba12cfff41ac86e590be5bebee1046b0', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_changes_public_pages_69f20', table='trends_outsideseries', when='AFTER')),
        ),
    ]
