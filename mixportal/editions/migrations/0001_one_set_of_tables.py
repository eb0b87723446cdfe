import datetime
import django.contrib.postgres.constraints
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import django.db.models.functions.text
import mixportal.editions.models.edition
import mixportal.tables.search_text
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('members', '0001_one_set_of_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Line',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('priorities', 'priorities'), ('challenges', 'challenges')], max_length=10)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['priorities', 'challenges'])), name='line_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(unique=True)),
                ('title', models.CharField(blank=True, max_length=160)),
                ('introduction', models.TextField(blank=True, help_text="Opens the edition's page. Plain text; blank lines separate paragraphs.")),
                ('conference_place', models.CharField(blank=True, max_length=120)),
                ('conference_from', models.DateField(blank=True, null=True)),
                ('conference_to', models.DateField(blank=True, null=True)),
                ('opens_at', models.DateTimeField(blank=True, null=True)),
                ('closes_at', models.DateTimeField(blank=True, null=True)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('time_zone', models.CharField(default='America/New_York', max_length=64, validators=[mixportal.editions.models.edition._known_time_zone])),
                ('mail_previewed_at', models.DateTimeField(blank=True, editable=False, help_text='When a curator read the mail about the opening.', null=True)),
                ('close_moved_because', models.CharField(blank=True, editable=False, max_length=300)),
            ],
            options={
                'ordering': ('-year',),
                'constraints': [models.CheckConstraint(condition=models.Q(('year__range', (1966, 2200))), name='edition_year_plausible', violation_error_message='Give a year from 1966 to 2200. MIX has met since the 1960s.'), models.CheckConstraint(condition=models.Q(models.Q(('closes_at__isnull', True), ('opens_at__isnull', True)), models.Q(('closes_at__gt', models.F('opens_at')), ('closes_at__isnull', False), ('opens_at__isnull', False)), _connector='OR'), name='edition_window_whole_and_in_order', violation_error_message='Give both the opening and the close. The close must come after the opening.'), models.CheckConstraint(condition=models.Q(('opens_at__isnull', True), ('closes_at__lte', django.db.models.expressions.CombinedExpression(models.F('opens_at'), '+', models.Value(datetime.timedelta(days=366)))), _connector='OR'), name='edition_window_at_most_a_year', violation_error_message='Ballots are open for 366 days at most.'), models.CheckConstraint(condition=models.Q(('published_at__isnull', True), ('closes_at__isnull', True), ('published_at__gte', models.F('closes_at')), _connector='OR'), name='edition_published_after_close', violation_error_message='A ranked edition can be published only after its ballots close.'), models.CheckConstraint(condition=models.Q(('conference_to__isnull', True), models.Q(('conference_from__isnull', False), ('conference_to__gte', models.F('conference_from'))), _connector='OR'), name='edition_conference_in_order', violation_error_message='The conference ends before it begins.'), models.CheckConstraint(condition=models.Q(('opens_at__isnull', True), ('mail_previewed_at__isnull', False), _connector='OR'), name='edition_opens_after_its_mail_was_read', violation_error_message='Read the mail about the opening first, on the edition’s desk.'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('opens_at__isnull', False)), expressions=[(mixportal.editions.models.edition.VotingWindow('opens_at', 'closes_at'), '&&')], name='edition_windows_never_overlap', violation_error_message='Another edition’s ballots are open during that time. Choose a window that begins after they close or ends before they open.')],
            },
        ),
        migrations.CreateModel(
            name='EditionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('year', models.PositiveSmallIntegerField()),
                ('title', models.CharField(blank=True, max_length=160)),
                ('introduction', models.TextField(blank=True, help_text="Opens the edition's page. Plain text; blank lines separate paragraphs.")),
                ('conference_place', models.CharField(blank=True, max_length=120)),
                ('conference_from', models.DateField(blank=True, null=True)),
                ('conference_to', models.DateField(blank=True, null=True)),
                ('opens_at', models.DateTimeField(blank=True, null=True)),
                ('closes_at', models.DateTimeField(blank=True, null=True)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('time_zone', models.CharField(default='America/New_York', max_length=64, validators=[mixportal.editions.models.edition._known_time_zone])),
                ('mail_previewed_at', models.DateTimeField(blank=True, editable=False, help_text='When a curator read the mail about the opening.', null=True)),
                ('close_moved_because', models.CharField(blank=True, editable=False, max_length=300)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='editions.edition')),
            ],
        ),
        migrations.CreateModel(
            name='Erratum',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('about', models.CharField(blank=True, help_text='What it puts right: an entry, a figure, the introduction.', max_length=160)),
                ('body', models.TextField(max_length=2000, verbose_name='what is right')),
                ('added_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('added_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='errata', to='editions.edition')),
            ],
            options={
                'verbose_name_plural': 'errata',
                'ordering': ('added_at', 'pk'),
                'constraints': [models.CheckConstraint(condition=models.Q(('body', ''), _negated=True), name='erratum_says_something', violation_error_message='Say what is right.')],
            },
        ),
        migrations.CreateModel(
            name='ErratumEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('about', models.CharField(blank=True, help_text='What it puts right: an entry, a figure, the introduction.', max_length=160)),
                ('body', models.TextField(max_length=2000, verbose_name='what is right')),
                ('added_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('added_by', models.ForeignKey(db_constraint=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('edition', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='editions.edition')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='editions.erratum')),
            ],
        ),
        migrations.CreateModel(
            name='AnnualList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('priorities', 'priorities'), ('challenges', 'challenges')], max_length=10)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lists', to='editions.edition')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('edition', 'kind'), name='annual_list_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['priorities', 'challenges'])), name='annual_list_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120)),
                ('slug', models.SlugField(max_length=130)),
                ('description', models.TextField()),
                ('in_plain_words', models.TextField(blank=True, help_text='For leaders: what it means, without jargon.')),
                ('for_leaders', models.TextField(blank=True, help_text='What it involves, for a priority. What leaders can do, one thing a line, for a challenge.')),
                ('short', models.CharField(blank=True, help_text='One line of at most 60 characters.', max_length=60)),
                ('position', models.PositiveSmallIntegerField(help_text='The editorial order.')),
                ('annual_list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='editions.annuallist')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='editions.line')),
            ],
            options={
                'verbose_name_plural': 'entries',
                'ordering': ('annual_list', 'position'),
                'indexes': [django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector(mixportal.tables.search_text.SearchText('title'), mixportal.tables.search_text.SearchText('description'), mixportal.tables.search_text.SearchText('in_plain_words'), mixportal.tables.search_text.SearchText('for_leaders'), mixportal.tables.search_text.SearchText('short'), config='english'), '||', django.contrib.postgres.search.SearchVector('title', config='simple'), django.contrib.postgres.search.SearchConfig('english')), fastupdate=False, name='entry_words')],
                'constraints': [models.UniqueConstraint(fields=('annual_list', 'slug'), name='entry_slug_once', violation_error_message='This list already has an entry with this name.'), models.UniqueConstraint(models.F('annual_list'), django.db.models.functions.text.Lower('title'), name='entry_title_once', violation_error_message='This list already has an entry with this title.'), models.UniqueConstraint(fields=('annual_list', 'line'), name='entry_one_of_a_line', violation_error_message='This list already has an entry on that line.'), models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('annual_list', 'position'), name='entry_position_once', violation_error_message='Two entries of a list cannot have one position.'), models.CheckConstraint(condition=models.Q(models.Q(('slug__in', ('ballot', 'compare', 'map', 'notes', 'proposals', 'list', 'results')), _negated=True), models.Q(('slug', ''), _negated=True)), name='entry_slug_not_reserved', violation_error_message='Choose another name. These are pages: ballot, compare, map, notes, proposals, list, results.'), models.CheckConstraint(condition=models.Q(('position__gte', 1)), name='entry_position_from_1', violation_error_message='Positions count from 1.')],
            },
        ),
        migrations.CreateModel(
            name='EntryEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('title', models.CharField(max_length=120)),
                ('slug', models.SlugField(db_index=False, max_length=130)),
                ('description', models.TextField()),
                ('in_plain_words', models.TextField(blank=True, help_text='For leaders: what it means, without jargon.')),
                ('for_leaders', models.TextField(blank=True, help_text='What it involves, for a priority. What leaders can do, one thing a line, for a challenge.')),
                ('short', models.CharField(blank=True, help_text='One line of at most 60 characters.', max_length=60)),
                ('position', models.PositiveSmallIntegerField(help_text='The editorial order.')),
                ('annual_list', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='editions.annuallist')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='editions.entry')),
                ('line', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='editions.line')),
            ],
        ),
        migrations.CreateModel(
            name='Lineage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('type', models.CharField(choices=[('merged', 'merged from'), ('split', 'split from')], max_length=10)),
                ('earlier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='went_into', to='editions.entry')),
                ('later', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='came_from', to='editions.entry')),
            ],
            options={
                'verbose_name_plural': 'lineage',
                'constraints': [models.UniqueConstraint(fields=('later', 'earlier'), name='lineage_once'), models.CheckConstraint(condition=models.Q(('type__in', ['merged', 'split'])), name='lineage_type_known')],
            },
        ),
        migrations.CreateModel(
            name='LineageEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('type', models.CharField(choices=[('merged', 'merged from'), ('split', 'split from')], max_length=10)),
                ('earlier', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='editions.entry')),
                ('later', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='editions.entry')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='editions.lineage')),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='edition',
            trigger=pgtrigger.compiler.Trigger(name='has_both_lists', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        INSERT INTO editions_annuallist (edition_id, kind) VALUES (NEW.id, 'priorities'), (NEW.id, 'challenges');\n        RETURN NULL;\n    ", hash='e5493715f1728685f19809d16c56797416a78047', operation='INSERT', pgid='pgtrigger_has_both_lists_29063', table='editions_edition', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='edition',
            trigger=pgtrigger.compiler.Trigger(name='record_change', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed "editions_edition"%ROWTYPE;', func='IF TG_OP = \'UPDATE\' AND ROW(OLD."id", OLD."year", OLD."title", OLD."introduction", OLD."conference_place", OLD."conference_from", OLD."conference_to", OLD."opens_at", OLD."closes_at", OLD."published_at", OLD."time_zone", OLD."mail_previewed_at", OLD."close_moved_because") IS NOT DISTINCT FROM ROW(NEW."id", NEW."year", NEW."title", NEW."introduction", NEW."conference_place", NEW."conference_from", NEW."conference_to", NEW."opens_at", NEW."closes_at", NEW."published_at", NEW."time_zone", NEW."mail_previewed_at", NEW."close_moved_because") THEN RETURN NULL; END IF; IF TG_OP = \'DELETE\' THEN changed := OLD; ELSE changed := NEW; END IF; INSERT INTO "editions_editionevent" ("close_moved_because", "closes_at", "conference_from", "conference_place", "conference_to", "id", "introduction", "mail_previewed_at", "opens_at", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "time_zone", "title", "year") VALUES (changed."close_moved_because", changed."closes_at", changed."conference_from", changed."conference_place", changed."conference_to", changed."id", changed."introduction", changed."mail_previewed_at", changed."opens_at", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), lower(TG_OP), changed."id", changed."published_at", changed."time_zone", changed."title", changed."year"); RETURN NULL;', hash='7e9906d86fe8fc33767ccdad78eecd63f3dd7bf3', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_record_change_d500e', table='editions_edition', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='editionevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4aac0ff9788979c86034f63ffd823320aef1dae1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_4354f', table='editions_editionevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='erratum',
            trigger=pgtrigger.compiler.Trigger(name='record_change', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed "editions_erratum"%ROWTYPE;', func='IF TG_OP = \'UPDATE\' AND ROW(OLD."id", OLD."edition_id", OLD."about", OLD."body", OLD."added_at", OLD."added_by_id") IS NOT DISTINCT FROM ROW(NEW."id", NEW."edition_id", NEW."about", NEW."body", NEW."added_at", NEW."added_by_id") THEN RETURN NULL; END IF; IF TG_OP = \'DELETE\' THEN changed := OLD; ELSE changed := NEW; END IF; INSERT INTO "editions_erratumevent" ("about", "added_at", "added_by_id", "body", "edition_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (changed."about", changed."added_at", changed."added_by_id", changed."body", changed."edition_id", changed."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), lower(TG_OP), changed."id"); RETURN NULL;', hash='b7d52f6c41d561630187831c07130bfdb8156fbf', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_record_change_5497f', table='editions_erratum', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='erratumevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5bfdc5468234f2e21be86f0655c540b83f48b7d6', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f0ffc', table='editions_erratumevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='entryevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5389a3961dd4a08f4f41fb619d261ca93cc42721', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c44ba', table='editions_entryevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='entry',
            trigger=pgtrigger.compiler.Trigger(name='record_change', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed "editions_entry"%ROWTYPE;', func='IF TG_OP = \'UPDATE\' AND ROW(OLD."id", OLD."annual_list_id", OLD."line_id", OLD."title", OLD."slug", OLD."description", OLD."in_plain_words", OLD."for_leaders", OLD."short", OLD."position") IS NOT DISTINCT FROM ROW(NEW."id", NEW."annual_list_id", NEW."line_id", NEW."title", NEW."slug", NEW."description", NEW."in_plain_words", NEW."for_leaders", NEW."short", NEW."position") THEN RETURN NULL; END IF; IF TG_OP = \'DELETE\' THEN changed := OLD; ELSE changed := NEW; END IF; INSERT INTO "editions_entryevent" ("annual_list_id", "description", "for_leaders", "id", "in_plain_words", "line_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "short", "slug", "title") VALUES (changed."annual_list_id", changed."description", changed."for_leaders", changed."id", changed."in_plain_words", changed."line_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), lower(TG_OP), changed."id", changed."position", changed."short", changed."slug", changed."title"); RETURN NULL;', hash='e1dddf5525e0c206a47eae20ace583dcde5b34e0', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_record_change_e8ed2', table='editions_entry', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lineage',
            trigger=pgtrigger.compiler.Trigger(name='record_change', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed "editions_lineage"%ROWTYPE;', func='IF TG_OP = \'UPDATE\' AND ROW(OLD."id", OLD."later_id", OLD."earlier_id", OLD."type") IS NOT DISTINCT FROM ROW(NEW."id", NEW."later_id", NEW."earlier_id", NEW."type") THEN RETURN NULL; END IF; IF TG_OP = \'DELETE\' THEN changed := OLD; ELSE changed := NEW; END IF; INSERT INTO "editions_lineageevent" ("earlier_id", "id", "later_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "type") VALUES (changed."earlier_id", changed."id", changed."later_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), lower(TG_OP), changed."id", changed."type"); RETURN NULL;', hash='3d38eaaaee3b55848842a856c6dcb4779c63f335', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_record_change_1813d', table='editions_lineage', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lineageevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2782dea90c926520c7fe7d389285657d9daabb22', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_3692a', table='editions_lineageevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='edition',
            trigger=pgtrigger.compiler.Trigger(name='changes_public_pages', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n        IF OLD IS DISTINCT FROM NEW THEN\n            INSERT INTO portal_pagechange (transaction) VALUES (pg_current_xact_id()::text::bigint)\n                ON CONFLICT DO NOTHING;\n        END IF;\n        RETURN NULL;\n    ', hash='49584b01c1429215c010b213e6b284f7fdc49bd2', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_changes_public_pages_21575', table='editions_edition', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='entry',
            trigger=pgtrigger.compiler.Trigger(name='changes_public_pages', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n        IF OLD IS DISTINCT FROM NEW THEN\n            INSERT INTO portal_pagechange (transaction) VALUES (pg_current_xact_id()::text::bigint)\n                ON CONFLICT DO NOTHING;\n        END IF;\n        RETURN NULL;\n    ', hash='29af97e99a577674017e5735cf52315e91ebf4ce', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_changes_public_pages_7ee73', table='editions_entry', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='erratum',
            trigger=pgtrigger.compiler.Trigger(name='changes_public_pages', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n        IF OLD IS DISTINCT FROM NEW THEN\n            INSERT INTO portal_pagechange (transaction) VALUES (pg_current_xact_id()::text::bigint)\n                ON CONFLICT DO NOTHING;\n        END IF;\n        RETURN NULL;\n    ', hash='f80b2ae273467368b5b75a080722300461af0525', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_changes_public_pages_851d7', table='editions_erratum', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lineage',
            trigger=pgtrigger.compiler.Trigger(name='changes_public_pages', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n        IF OLD IS DISTINCT FROM NEW THEN\n            INSERT INTO portal_pagechange (transaction) VALUES (pg_current_xact_id()::text::bigint)\n                ON CONFLICT DO NOTHING;\n        END IF;\n        RETURN NULL;\n    ', hash='9cfeb7c0dba23bf6222d0367fbf14acb59f7910a', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_changes_public_pages_4cb7c', table='editions_lineage', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='annuallist',
            trigger=pgtrigger.compiler.Trigger(name='keeps_edition_and_kind', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        IF (NEW.edition_id, NEW.kind) IS DISTINCT FROM (OLD.edition_id, OLD.kind) THEN\n            RAISE EXCEPTION 'The edition and the kind of a list cannot change.' USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NEW;\n    ", hash='e93b3bf3a6a5ede5701d9ad8fe19852769833ff8', operation='UPDATE', pgid='pgtrigger_keeps_edition_and_kind_6be45', table='editions_annuallist', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='edition',
            trigger=pgtrigger.compiler.Trigger(name='never_reopens', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        IF TG_OP = 'DELETE' THEN\n            IF OLD.opens_at <= clock_timestamp() OR OLD.published_at IS NOT NULL THEN\n                RAISE EXCEPTION 'The edition of % has opened or is published, so it cannot be deleted.', OLD.year\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN OLD;\n        END IF;\n        IF OLD.closes_at <= clock_timestamp() AND NEW.closes_at IS DISTINCT FROM OLD.closes_at THEN\n            RAISE EXCEPTION 'The ballots of % have closed, so the close can no longer move.', OLD.year\n                USING ERRCODE = 'check_violation';\n        END IF;\n        IF OLD.closes_at > clock_timestamp() AND OLD.opens_at <= clock_timestamp() AND NEW.closes_at < OLD.closes_at\n                AND NEW.closes_at NOT BETWEEN clock_timestamp() - interval '1 minute' AND clock_timestamp() THEN\n            RAISE EXCEPTION 'The close of % cannot move earlier, except by closing the ballots now.', OLD.year\n                USING ERRCODE = 'check_violation';\n        END IF;\n        IF OLD.closes_at > clock_timestamp() AND OLD.opens_at <= clock_timestamp() AND NEW.closes_at > OLD.closes_at\n                AND NEW.close_moved_because = '' THEN\n            RAISE EXCEPTION 'Give a reason for moving the close of %.', OLD.year\n                USING ERRCODE = 'check_violation';\n        END IF;\n        IF OLD.opens_at <= clock_timestamp() AND NEW.opens_at IS DISTINCT FROM OLD.opens_at THEN\n            RAISE EXCEPTION 'The ballots of % have opened, so the opening can no longer move.', OLD.year\n                USING ERRCODE = 'check_violation';\n        END IF;\n        IF OLD.published_at IS NOT NULL AND NEW.published_at IS DISTINCT FROM OLD.published_at THEN\n            RAISE EXCEPTION 'The edition of % is published, and publishing cannot be undone.', OLD.year\n                USING ERRCODE = 'check_violation';\n        END IF;\n        IF OLD.published_at IS NOT NULL\n                AND (NEW.opens_at, NEW.closes_at) IS DISTINCT FROM (OLD.opens_at, OLD.closes_at) THEN\n            RAISE EXCEPTION 'The edition of % is published, so its ballots can no longer open or close.', OLD.year\n                USING ERRCODE = 'check_violation';\n        END IF;\n        IF OLD.published_at IS NOT NULL AND (NEW.title, NEW.introduction, NEW.time_zone, NEW.close_moved_because)\n                IS DISTINCT FROM (OLD.title, OLD.introduction, OLD.time_zone, OLD.close_moved_because) THEN\n            RAISE EXCEPTION 'The edition of % is published, so its texts cannot change: add an erratum.', OLD.year\n                USING ERRCODE = 'check_violation';\n        END IF;\n        IF NEW.published_at > clock_timestamp() OR (NEW.published_at IS NOT NULL AND NEW.closes_at > clock_timestamp())\n        THEN\n            RAISE EXCEPTION 'The edition of % cannot be published before its ballots close.', NEW.year\n                USING ERRCODE = 'check_violation';\n        END IF;\n        IF (OLD.opens_at <= clock_timestamp() OR OLD.published_at IS NOT NULL)\n                AND NEW.year IS DISTINCT FROM OLD.year THEN\n            RAISE EXCEPTION 'The edition of % has opened or is published, so its year cannot change.', OLD.year\n                USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NEW;\n    ", hash='4980156b73d3685d6e9576e89446ee462ea0853b', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_never_reopens_be136', table='editions_edition', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='edition',
            trigger=pgtrigger.compiler.Trigger(name='window_over_full_lists', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', func="\n        IF EXISTS (\n            SELECT 1 FROM editions_edition edition JOIN editions_annuallist list ON list.edition_id = edition.id\n                WHERE edition.id = NEW.id AND edition.opens_at IS NOT NULL\n                    AND NOT EXISTS (SELECT 1 FROM editions_entry entry WHERE entry.annual_list_id = list.id)\n        ) THEN\n            RAISE EXCEPTION 'A list of % is empty, so there is nothing to rank.', NEW.year\n                USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NULL;\n    ", hash='1ed5644be5d4fa2de3ba9ca225d8c79262c79d08', operation='INSERT OR UPDATE OF "opens_at"', pgid='pgtrigger_window_over_full_lists_5ae15', table='editions_edition', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='edition',
            trigger=pgtrigger.compiler.Trigger(name='year_keeps_lineage', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        IF EXISTS (\n            SELECT 1 FROM editions_lineage link\n                JOIN editions_entry early ON early.id = link.earlier_id\n                JOIN editions_annuallist early_list ON early_list.id = early.annual_list_id\n                JOIN editions_edition before ON before.id = early_list.edition_id\n                JOIN editions_entry late ON late.id = link.later_id\n                JOIN editions_annuallist late_list ON late_list.id = late.annual_list_id\n                JOIN editions_edition after ON after.id = late_list.edition_id\n                WHERE before.year >= after.year AND NEW.id IN (before.id, after.id)\n        ) THEN\n            RAISE EXCEPTION 'A merge or split would lead to an earlier year if the edition of % were of %.',\n                OLD.year, NEW.year USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NULL;\n    ", hash='6b5ceccb542de5ed9391b8ebb830634e86e0d4f6', operation='UPDATE OF "year"', pgid='pgtrigger_year_keeps_lineage_56373', table='editions_edition', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='entry',
            trigger=pgtrigger.compiler.Trigger(name='keeps_its_list', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        IF TG_OP = 'UPDATE' AND NEW.annual_list_id <> OLD.annual_list_id THEN\n            RAISE EXCEPTION 'An entry cannot move to another list.' USING ERRCODE = 'check_violation';\n        END IF;\n        IF NOT EXISTS (\n            SELECT 1 FROM editions_annuallist list JOIN editions_line line ON line.kind = list.kind\n                WHERE list.id = NEW.annual_list_id AND line.id = NEW.line_id\n        ) THEN\n            RAISE EXCEPTION 'An entry and its line must be of one kind.' USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NEW;\n    ", hash='9bfe57336363e5f7f9088b6ca59f146173a4e289', operation='INSERT OR UPDATE', pgid='pgtrigger_keeps_its_list_e9095', table='editions_entry', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='entry',
            trigger=pgtrigger.compiler.Trigger(name='stands_once_open', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE edition_row editions_edition%ROWTYPE; has_reason boolean;', func="\n        SELECT edition.* INTO edition_row\n            FROM editions_edition edition JOIN editions_annuallist list ON list.edition_id = edition.id\n            WHERE list.id = CASE WHEN TG_OP = 'INSERT' THEN NEW.annual_list_id ELSE OLD.annual_list_id END\n            FOR SHARE OF edition;\n        IF edition_row.published_at IS NULL\n                AND (edition_row.opens_at IS NULL OR edition_row.opens_at > clock_timestamp()) THEN\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            RETURN NEW;\n        END IF;\n        has_reason := coalesce(\n            nullif(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'reason', '') <> '';\n        IF TG_OP = 'UPDATE' AND has_reason AND (NEW.slug, NEW.position) = (OLD.slug, OLD.position) THEN\n            IF (NEW.title, NEW.description, NEW.in_plain_words, NEW.for_leaders, NEW.short)\n                    = (OLD.title, OLD.description, OLD.in_plain_words, OLD.for_leaders, OLD.short) THEN\n                RETURN NEW;\n            END IF;\n            IF edition_row.published_at IS NULL AND NEW.line_id = OLD.line_id\n                    AND current_setting('mixportal.correction', true) = OLD.id::text THEN\n                PERFORM set_config('mixportal.correction', '', true);\n                RETURN NEW;\n            END IF;\n        END IF;\n        RAISE EXCEPTION 'The list of % has opened. Only the wording of its entries can change, and with a reason.',\n            edition_row.year USING ERRCODE = 'check_violation';\n    ", hash='4b543bcd8b560c57bef7a03c71a41e46ec38722e', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_stands_once_open_e43fb', table='editions_entry', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='entry',
            trigger=pgtrigger.compiler.Trigger(name='list_never_empty', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', declare='DECLARE edition_row editions_edition%ROWTYPE;', func="\n        SELECT edition.* INTO edition_row\n            FROM editions_edition edition JOIN editions_annuallist list ON list.edition_id = edition.id\n            WHERE list.id = OLD.annual_list_id FOR UPDATE OF edition;\n        IF edition_row.opens_at IS NOT NULL\n                AND NOT EXISTS (SELECT 1 FROM editions_entry WHERE annual_list_id = OLD.annual_list_id) THEN\n            RAISE EXCEPTION 'The edition of % has an opening date, so its list cannot become empty.',\n                edition_row.year USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NULL;\n    ", hash='c023f4204a03465ec1ad3e2d9fd7fd517b186e7f', operation='DELETE', pgid='pgtrigger_list_never_empty_1e547', table='editions_entry', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='erratum',
            trigger=pgtrigger.compiler.Trigger(name='stands', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        IF TG_OP <> 'INSERT' THEN\n            RAISE EXCEPTION 'An erratum cannot change. Add another one.' USING ERRCODE = 'check_violation';\n        END IF;\n        IF NOT EXISTS (SELECT 1 FROM editions_edition WHERE id = NEW.edition_id AND published_at IS NOT NULL) THEN\n            RAISE EXCEPTION 'Only a published edition can have an erratum.' USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NEW;\n    ", hash='0486df4f79d4877309bc28323ed3143cf973abc0', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_stands_3348d', table='editions_erratum', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='line',
            trigger=pgtrigger.compiler.Trigger(name='keeps_its_kind', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        IF NEW.kind IS DISTINCT FROM OLD.kind THEN\n            RAISE EXCEPTION 'The kind of a line cannot change.' USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NEW;\n    ", hash='79c1f8bf11384de86376a3f7ebf3fc6f9a7998d8', operation='UPDATE', pgid='pgtrigger_keeps_its_kind_54240', table='editions_line', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lineage',
            trigger=pgtrigger.compiler.Trigger(name='runs_forward', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        IF NOT EXISTS (\n            SELECT 1 FROM editions_entry early\n                JOIN editions_annuallist early_list ON early_list.id = early.annual_list_id\n                JOIN editions_edition before ON before.id = early_list.edition_id,\n                editions_entry late\n                JOIN editions_annuallist late_list ON late_list.id = late.annual_list_id\n                JOIN editions_edition after ON after.id = late_list.edition_id\n            WHERE early.id = NEW.earlier_id AND late.id = NEW.later_id AND before.year < after.year\n                AND early_list.kind = late_list.kind AND early.line_id <> late.line_id\n        ) THEN\n            RAISE EXCEPTION 'A merge or split must join entries of one kind on two lines, the earlier edition first.'\n                USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NEW;\n    ", hash='7d06000202940ffaefc0c92a72f057f28d25018a', operation='INSERT OR UPDATE', pgid='pgtrigger_runs_forward_c8335', table='editions_lineage', when='BEFORE')),
        ),
    ]
