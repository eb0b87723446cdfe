import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
import mixportal.mail.encrypted
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='CacheEntry',
            fields=[
                ('cache_key', models.CharField(max_length=255, primary_key=True, serialize=False)),
                ('value', models.TextField()),
                ('expires', models.DateTimeField(db_index=True)),
            ],
            options={
                'db_table': 'portal_cache',
            },
        ),
        migrations.CreateModel(
            name='Government',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('slug', models.SlugField(max_length=80, unique=True)),
                ('kind', models.CharField(choices=[('city', 'City'), ('county', 'County'), ('consolidated', 'Consolidated city and county'), ('other', 'Other')], max_length=20)),
                ('state', models.CharField(choices=[('AL', 'Alabama'), ('AK', 'Alaska'), ('AZ', 'Arizona'), ('AR', 'Arkansas'), ('CA', 'California'), ('CO', 'Colorado'), ('CT', 'Connecticut'), ('DE', 'Delaware'), ('DC', 'District of Columbia'), ('FL', 'Florida'), ('GA', 'Georgia'), ('HI', 'Hawaii'), ('ID', 'Idaho'), ('IL', 'Illinois'), ('IN', 'Indiana'), ('IA', 'Iowa'), ('KS', 'Kansas'), ('KY', 'Kentucky'), ('LA', 'Louisiana'), ('ME', 'Maine'), ('MD', 'Maryland'), ('MA', 'Massachusetts'), ('MI', 'Michigan'), ('MN', 'Minnesota'), ('MS', 'Mississippi'), ('MO', 'Missouri'), ('MT', 'Montana'), ('NE', 'Nebraska'), ('NV', 'Nevada'), ('NH', 'New Hampshire'), ('NJ', 'New Jersey'), ('NM', 'New Mexico'), ('NY', 'New York'), ('NC', 'North Carolina'), ('ND', 'North Dakota'), ('OH', 'Ohio'), ('OK', 'Oklahoma'), ('OR', 'Oregon'), ('PA', 'Pennsylvania'), ('RI', 'Rhode Island'), ('SC', 'South Carolina'), ('SD', 'South Dakota'), ('TN', 'Tennessee'), ('TX', 'Texas'), ('UT', 'Utah'), ('VT', 'Vermont'), ('VA', 'Virginia'), ('WA', 'Washington'), ('WV', 'West Virginia'), ('WI', 'Wisconsin'), ('WY', 'Wyoming')], max_length=2)),
                ('population', models.PositiveIntegerField(blank=True, null=True)),
                ('population_year', models.PositiveSmallIntegerField(blank=True, help_text='The year of that figure.', null=True)),
                ('form_of_government', models.CharField(blank=True, choices=[('council_manager', 'Council and manager'), ('mayor_council', 'Mayor and council'), ('commission', 'Commission'), ('county_executive', 'County executive'), ('county_administrator', 'County administrator'), ('other', 'Other')], max_length=24)),
                ('it_structure', models.CharField(blank=True, choices=[('centralized', 'Centralized'), ('federated', 'Federated'), ('decentralized', 'Decentralized')], max_length=16, verbose_name='IT structure')),
                ('it_staff', models.DecimalField(blank=True, decimal_places=1, help_text='Full-time equivalents.', max_digits=7, null=True, verbose_name='IT staff')),
                ('annual_it_budget', models.PositiveBigIntegerField(blank=True, help_text='In dollars a year.', null=True, verbose_name='annual IT budget')),
                ('website', models.URLField(blank=True)),
                ('seat', models.PositiveSmallIntegerField(blank=True, help_text='1 to 64; blank when it holds none.', null=True, unique=True)),
            ],
            options={
                'ordering': ('name', 'state'),
                'constraints': [models.CheckConstraint(condition=models.Q(('seat__isnull', True), ('seat__range', (1, 64)), _connector='OR'), name='government_seat_1_to_64', violation_error_message='Give a seat from 1 to 64.'), models.CheckConstraint(condition=models.Q(models.Q(('population__isnull', True), ('population_year__isnull', True)), models.Q(('population__gt', 0), ('population__isnull', False), ('population_year__isnull', False), ('population_year__range', (1900, 2200))), _connector='OR'), name='government_population_has_a_year', violation_error_message='Give a population together with its year.'), models.CheckConstraint(condition=models.Q(('kind__in', ['city', 'county', 'consolidated', 'other'])), name='government_kind_is_known')],
            },
        ),
        migrations.CreateModel(
            name='GovernmentEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(max_length=120)),
                ('slug', models.SlugField(db_index=False, max_length=80)),
                ('kind', models.CharField(choices=[('city', 'City'), ('county', 'County'), ('consolidated', 'Consolidated city and county'), ('other', 'Other')], max_length=20)),
                ('state', models.CharField(choices=[('AL', 'Alabama'), ('AK', 'Alaska'), ('AZ', 'Arizona'), ('AR', 'Arkansas'), ('CA', 'California'), ('CO', 'Colorado'), ('CT', 'Connecticut'), ('DE', 'Delaware'), ('DC', 'District of Columbia'), ('FL', 'Florida'), ('GA', 'Georgia'), ('HI', 'Hawaii'), ('ID', 'Idaho'), ('IL', 'Illinois'), ('IN', 'Indiana'), ('IA', 'Iowa'), ('KS', 'Kansas'), ('KY', 'Kentucky'), ('LA', 'Louisiana'), ('ME', 'Maine'), ('MD', 'Maryland'), ('MA', 'Massachusetts'), ('MI', 'Michigan'), ('MN', 'Minnesota'), ('MS', 'Mississippi'), ('MO', 'Missouri'), ('MT', 'Montana'), ('NE', 'Nebraska'), ('NV', 'Nevada'), ('NH', 'New Hampshire'), ('NJ', 'New Jersey'), ('NM', 'New Mexico'), ('NY', 'New York'), ('NC', 'North Carolina'), ('ND', 'North Dakota'), ('OH', 'Ohio'), ('OK', 'Oklahoma'), ('OR', 'Oregon'), ('PA', 'Pennsylvania'), ('RI', 'Rhode Island'), ('SC', 'South Carolina'), ('SD', 'South Dakota'), ('TN', 'Tennessee'), ('TX', 'Texas'), ('UT', 'Utah'), ('VT', 'Vermont'), ('VA', 'Virginia'), ('WA', 'Washington'), ('WV', 'West Virginia'), ('WI', 'Wisconsin'), ('WY', 'Wyoming')], max_length=2)),
                ('population', models.PositiveIntegerField(blank=True, null=True)),
                ('population_year', models.PositiveSmallIntegerField(blank=True, help_text='The year of that figure.', null=True)),
                ('form_of_government', models.CharField(blank=True, choices=[('council_manager', 'Council and manager'), ('mayor_council', 'Mayor and council'), ('commission', 'Commission'), ('county_executive', 'County executive'), ('county_administrator', 'County administrator'), ('other', 'Other')], max_length=24)),
                ('it_structure', models.CharField(blank=True, choices=[('centralized', 'Centralized'), ('federated', 'Federated'), ('decentralized', 'Decentralized')], max_length=16, verbose_name='IT structure')),
                ('it_staff', models.DecimalField(blank=True, decimal_places=1, help_text='Full-time equivalents.', max_digits=7, null=True, verbose_name='IT staff')),
                ('annual_it_budget', models.PositiveBigIntegerField(blank=True, help_text='In dollars a year.', null=True, verbose_name='annual IT budget')),
                ('website', models.URLField(blank=True)),
                ('seat', models.PositiveSmallIntegerField(blank=True, help_text='1 to 64; blank when it holds none.', null=True)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='members.government')),
            ],
        ),
        migrations.CreateModel(
            name='Office',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person_name', models.CharField(max_length=120, verbose_name='person')),
                ('title_then', models.CharField(blank=True, help_text="The person's title at the time.", max_length=120)),
                ('office', models.CharField(choices=[('president', 'President'), ('vice_president', 'Vice president'), ('secretary', 'Secretary'), ('treasurer', 'Treasurer'), ('board', 'Board member')], default='president', max_length=16)),
                ('from_year', models.PositiveSmallIntegerField(blank=True, help_text='Blank when not recorded.', null=True, verbose_name='from')),
                ('to_year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='to')),
                ('note', models.CharField(blank=True, max_length=300)),
                ('government', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offices', to='members.government')),
            ],
            options={
                'ordering': ('-from_year', 'person_name'),
                'constraints': [models.UniqueConstraint(fields=('person_name', 'office', 'from_year'), name='office_once_per_person_and_start', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('to_year__isnull', True), ('from_year__isnull', True), ('to_year__gte', models.F('from_year')), _connector='OR'), name='office_years_in_order', violation_error_message='The office ends before it begins.')],
            },
        ),
        migrations.CreateModel(
            name='OfficeEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('person_name', models.CharField(max_length=120, verbose_name='person')),
                ('title_then', models.CharField(blank=True, help_text="The person's title at the time.", max_length=120)),
                ('office', models.CharField(choices=[('president', 'President'), ('vice_president', 'Vice president'), ('secretary', 'Secretary'), ('treasurer', 'Treasurer'), ('board', 'Board member')], default='president', max_length=16)),
                ('from_year', models.PositiveSmallIntegerField(blank=True, help_text='Blank when not recorded.', null=True, verbose_name='from')),
                ('to_year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='to')),
                ('note', models.CharField(blank=True, max_length=300)),
                ('government', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.government')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='members.office')),
            ],
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('consented_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('consent_version', models.CharField(blank=True, editable=False, max_length=10, verbose_name='version of the privacy notice')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-mail address')),
                ('name', models.CharField(max_length=120)),
                ('title', models.CharField(blank=True, max_length=120)),
                ('role', models.CharField(choices=[('member', 'Member'), ('delegate', 'Delegate'), ('leader', 'Leader'), ('none', 'None')], default='none', max_length=10)),
                ('is_staff', models.BooleanField(default=False, help_text='May curate in this admin.', verbose_name='curator')),
                ('is_active', models.BooleanField(default=True, help_text='Switch off instead of deleting: people stay in the record.', verbose_name='active')),
                ('joined_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('seen_at', models.DateTimeField(editable=False, help_text='Their last visit, to the hour.', null=True)),
                ('is_visit_awaited', models.BooleanField(default=False, editable=False)),
                ('phone', models.CharField(blank=True, help_text='Seen by members, delegates and curators, and on the brief.', max_length=40)),
                ('shows_email', models.BooleanField(default=False, verbose_name='shows the address to members')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ('government', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='people', to='members.government')),
                ('let_in_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sees_since', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('voter_since', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='in this role since')),
                ('anonymized_at', models.DateTimeField(editable=False, null=True)),
            ],
            options={
                'ordering': ('name',),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('consent_version', ''), ('consented_at__isnull', True)), models.Q(('consented_at__isnull', False), models.Q(('consent_version', ''), _negated=True)), _connector='OR'), name='user_consent_has_date_and_version'), models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='user_email_unique_in_any_case', violation_error_message='Another account has this email address.'), models.UniqueConstraint(condition=models.Q(('is_active', True), ('role', 'member')), fields=('government',), name='user_one_active_member_per_government', violation_error_message='This government already has an active member.'), models.CheckConstraint(condition=models.Q(models.Q(('government__isnull', True), ('role', 'none')), models.Q(('government__isnull', False), ('role__in', ['member', 'delegate', 'leader'])), _connector='OR'), name='user_role_goes_with_a_government', violation_error_message='Only a member, delegate or leader has a government, and must have one.')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('member', 'Member'), ('delegate', 'Delegate'), ('leader', 'Leader'), ('curator', 'Curator')], max_length=10)),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail address')),
                ('name', models.CharField(blank=True, max_length=120)),
                ('token_sha256', models.CharField(editable=False, max_length=64, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('sent_at', models.DateTimeField(editable=False)),
                ('times_sent', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('expires_at', models.DateTimeField(editable=False)),
                ('accepted_at', models.DateTimeField(editable=False, null=True)),
                ('revoked_at', models.DateTimeField(editable=False, null=True)),
                ('accepted_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitations_accepted', to=settings.AUTH_USER_MODEL)),
                ('government', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='members.government')),
                ('invited_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitations_sent', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-sent_at',),
                'constraints': [models.UniqueConstraint(models.F('government'), django.db.models.functions.text.Lower('email'), condition=models.Q(('accepted_at__isnull', True), ('revoked_at__isnull', True)), name='invitation_one_live_per_government_and_address', violation_error_message='This address already has an invitation.'), models.UniqueConstraint(condition=models.Q(('accepted_at__isnull', True), ('revoked_at__isnull', True), ('role', 'member')), fields=('government',), name='invitation_one_live_member_per_government', violation_error_message='This government already has an invitation for a member.'), models.CheckConstraint(condition=models.Q(models.Q(('government__isnull', True), ('role', 'curator')), models.Q(('government__isnull', False), ('role__in', ['member', 'delegate', 'leader'])), _connector='OR'), name='invitation_role_goes_with_a_government'), models.CheckConstraint(condition=models.Q(('accepted_at__isnull', True), ('revoked_at__isnull', True), _connector='OR'), name='invitation_accepted_or_revoked'), models.CheckConstraint(condition=models.Q(models.Q(('accepted_at__isnull', True), ('accepted_by__isnull', True)), models.Q(('accepted_at__isnull', False), ('accepted_by__isnull', False)), _connector='OR'), name='invitation_accepted_by_somebody'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('sent_at'))), name='invitation_expires_after_it_was_sent')],
            },
        ),
        migrations.CreateModel(
            name='InvitationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('role', models.CharField(choices=[('member', 'Member'), ('delegate', 'Delegate'), ('leader', 'Leader'), ('curator', 'Curator')], max_length=10)),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail address')),
                ('name', models.CharField(blank=True, max_length=120)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('sent_at', models.DateTimeField(editable=False)),
                ('times_sent', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('expires_at', models.DateTimeField(editable=False)),
                ('accepted_at', models.DateTimeField(editable=False, null=True)),
                ('revoked_at', models.DateTimeField(editable=False, null=True)),
                ('accepted_by', models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('government', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.government')),
                ('invited_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='members.invitation')),
            ],
        ),
        migrations.CreateModel(
            name='MailPreference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('how', models.CharField(choices=[('at_once', 'At once'), ('digest', 'Daily digest'), ('off', 'Off')], max_length=10)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mail_preferences', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'kind'), name='mail_preference_once_per_person_and_kind'), models.CheckConstraint(condition=models.Q(('how__in', ['at_once', 'digest', 'off'])), name='mail_preference_is_known')],
            },
        ),
        migrations.CreateModel(
            name='MailPreferenceEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(max_length=40)),
                ('how', models.CharField(choices=[('at_once', 'At once'), ('digest', 'Daily digest'), ('off', 'Off')], max_length=10)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='members.mailpreference')),
                ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='SignInCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.EmailField(max_length=254)),
                ('for_known_device', models.BooleanField()),
                ('period', models.PositiveIntegerField()),
                ('code', mixportal.mail.encrypted.EncryptedTextField()),
                ('times_mailed', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('period', 'address', 'for_known_device'), name='sign_in_code_one_per_period'), models.CheckConstraint(condition=models.Q(('times_mailed__lte', 3)), name='sign_in_code_mailed_a_few_times')],
            },
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('session_key', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='session key')),
                ('session_data', models.TextField(verbose_name='session data')),
                ('expire_date', models.DateTimeField(db_index=True, verbose_name='expire date')),
                ('device', models.CharField(blank=True, editable=False, max_length=60)),
                ('signed_in_at', models.DateTimeField(editable=False, null=True)),
                ('seen_at', models.DateTimeField(editable=False, null=True)),
                ('user', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'session',
                'verbose_name_plural': 'sessions',
            },
        ),
        migrations.CreateModel(
            name='UserEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('consented_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('consent_version', models.CharField(blank=True, editable=False, max_length=10, verbose_name='version of the privacy notice')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail address')),
                ('name', models.CharField(max_length=120)),
                ('title', models.CharField(blank=True, max_length=120)),
                ('role', models.CharField(choices=[('member', 'Member'), ('delegate', 'Delegate'), ('leader', 'Leader'), ('none', 'None')], default='none', max_length=10)),
                ('is_staff', models.BooleanField(default=False, help_text='May curate in this admin.', verbose_name='curator')),
                ('is_active', models.BooleanField(default=True, help_text='Switch off instead of deleting: people stay in the record.', verbose_name='active')),
                ('joined_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('phone', models.CharField(blank=True, help_text='Seen by members, delegates and curators, and on the brief.', max_length=40)),
                ('shows_email', models.BooleanField(default=False, verbose_name='shows the address to members')),
                ('government', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.government')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to=settings.AUTH_USER_MODEL)),
                ('let_in_by', models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('anonymized_at', models.DateTimeField(editable=False, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='CuratorGroupEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('group', models.ForeignKey(db_constraint=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='auth.group')),
                ('user', models.ForeignKey(db_constraint=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='CuratorPermissionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('permission', models.ForeignKey(db_constraint=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='auth.permission')),
                ('user', models.ForeignKey(db_constraint=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='CuratorGroup',
            fields=[
            ],
            options={
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('members.user_groups',),
        ),
        migrations.CreateModel(
            name='CuratorPermission',
            fields=[
            ],
            options={
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('members.user_user_permissions',),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='government',
            trigger=pgtrigger.compiler.Trigger(name='record_change', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed "members_government"%ROWTYPE;', func='IF TG_OP = \'UPDATE\' AND ROW(OLD."id", OLD."name", OLD."slug", OLD."kind", OLD."state", OLD."population", OLD."population_year", OLD."form_of_government", OLD."it_structure", OLD."it_staff", OLD."annual_it_budget", OLD."website", OLD."seat") IS NOT DISTINCT FROM ROW(NEW."id", NEW."name", NEW."slug", NEW."kind", NEW."state", NEW."population", NEW."population_year", NEW."form_of_government", NEW."it_structure", NEW."it_staff", NEW."annual_it_budget", NEW."website", NEW."seat") THEN RETURN NULL; END IF; IF TG_OP = \'DELETE\' THEN changed := OLD; ELSE changed := NEW; END IF; INSERT INTO "members_governmentevent" ("annual_it_budget", "form_of_government", "id", "it_staff", "it_structure", "kind", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "population", "population_year", "seat", "slug", "state", "website") VALUES (changed."annual_it_budget", changed."form_of_government", changed."id", changed."it_staff", changed."it_structure", changed."kind", changed."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), lower(TG_OP), changed."id", changed."population", changed."population_year", changed."seat", changed."slug", changed."state", changed."website"); RETURN NULL;', hash='cd5acc35a7a83052ce6ab3334dd11e4845aec67e', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_record_change_fe9f6', table='members_government', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='curatorgroupevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f6a7a97f923010f86f89c6ae8837478a5c34fdf6', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_eec12', table='members_curatorgroupevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='curatorpermissionevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='92acfba146c0235ef5d9e16b3c42ec33a09262c1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a7404', table='members_curatorpermissionevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='governmentevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='573fe8963f36e0e41a0b9d66977adc0b5ee568da', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_bf67b', table='members_governmentevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invitation',
            trigger=pgtrigger.compiler.Trigger(name='record_change', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed "members_invitation"%ROWTYPE;', func='IF TG_OP = \'UPDATE\' AND ROW(OLD."id", OLD."government_id", OLD."role", OLD."email", OLD."name", OLD."invited_by_id", OLD."created_at", OLD."sent_at", OLD."times_sent", OLD."expires_at", OLD."accepted_at", OLD."accepted_by_id", OLD."revoked_at") IS NOT DISTINCT FROM ROW(NEW."id", NEW."government_id", NEW."role", NEW."email", NEW."name", NEW."invited_by_id", NEW."created_at", NEW."sent_at", NEW."times_sent", NEW."expires_at", NEW."accepted_at", NEW."accepted_by_id", NEW."revoked_at") THEN RETURN NULL; END IF; IF TG_OP = \'DELETE\' THEN changed := OLD; ELSE changed := NEW; END IF; INSERT INTO "members_invitationevent" ("accepted_at", "accepted_by_id", "created_at", "email", "expires_at", "government_id", "id", "invited_by_id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "role", "sent_at", "times_sent") VALUES (changed."accepted_at", changed."accepted_by_id", changed."created_at", changed."email", changed."expires_at", changed."government_id", changed."id", changed."invited_by_id", changed."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), lower(TG_OP), changed."id", changed."revoked_at", changed."role", changed."sent_at", changed."times_sent"); RETURN NULL;', hash='b6d5d80055739ebf1875327cc079aa1c5e8002fa', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_record_change_edb64', table='members_invitation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invitationevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a68b0e3264645b25a21ed76086bcf923c027bc1e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a2d3b', table='members_invitationevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mailpreference',
            trigger=pgtrigger.compiler.Trigger(name='record_change', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed "members_mailpreference"%ROWTYPE;', func='IF TG_OP = \'UPDATE\' AND ROW(OLD."id", OLD."user_id", OLD."kind", OLD."how") IS NOT DISTINCT FROM ROW(NEW."id", NEW."user_id", NEW."kind", NEW."how") THEN RETURN NULL; END IF; IF TG_OP = \'DELETE\' THEN changed := OLD; ELSE changed := NEW; END IF; INSERT INTO "members_mailpreferenceevent" ("how", "id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") VALUES (changed."how", changed."id", changed."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), lower(TG_OP), changed."id", changed."user_id"); RETURN NULL;', hash='eda4194dd17f6103160dd95c5d54ba940d58e107', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_record_change_b9fab', table='members_mailpreference', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mailpreferenceevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4b914fe127aebd58761e870cabef9ab7a36167bf', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_dfea6', table='members_mailpreferenceevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='office',
            trigger=pgtrigger.compiler.Trigger(name='record_change', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed "members_office"%ROWTYPE;', func='IF TG_OP = \'UPDATE\' AND ROW(OLD."id", OLD."person_name", OLD."title_then", OLD."government_id", OLD."office", OLD."from_year", OLD."to_year", OLD."note") IS NOT DISTINCT FROM ROW(NEW."id", NEW."person_name", NEW."title_then", NEW."government_id", NEW."office", NEW."from_year", NEW."to_year", NEW."note") THEN RETURN NULL; END IF; IF TG_OP = \'DELETE\' THEN changed := OLD; ELSE changed := NEW; END IF; INSERT INTO "members_officeevent" ("from_year", "government_id", "id", "note", "office", "person_name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "title_then", "to_year") VALUES (changed."from_year", changed."government_id", changed."id", changed."note", changed."office", changed."person_name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), lower(TG_OP), changed."id", changed."title_then", changed."to_year"); RETURN NULL;', hash='c88892739a16681a2a5043bd7b25276595356be3', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_record_change_f4b93', table='members_office', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='officeevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2db8a2ece3f60b87579306203944ffcca70a62f5', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_983c8', table='members_officeevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='userevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6e6f445c10124e522221cc62ca1718ae3df25912', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_6ec1d', table='members_userevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='curatorgroup',
            trigger=pgtrigger.compiler.Trigger(name='record_change', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed "members_user_groups"%ROWTYPE;', func='IF TG_OP = \'UPDATE\' AND ROW(OLD."id", OLD."user_id", OLD."group_id") IS NOT DISTINCT FROM ROW(NEW."id", NEW."user_id", NEW."group_id") THEN RETURN NULL; END IF; IF TG_OP = \'DELETE\' THEN changed := OLD; ELSE changed := NEW; END IF; INSERT INTO "members_curatorgroupevent" ("group_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "user_id") VALUES (changed."group_id", changed."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), lower(TG_OP), changed."user_id"); RETURN NULL;', hash='ead81bf8986f582f3847dc889d55b264a285efd4', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_record_change_5f028', table='members_user_groups', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='curatorpermission',
            trigger=pgtrigger.compiler.Trigger(name='record_change', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed "members_user_user_permissions"%ROWTYPE;', func='IF TG_OP = \'UPDATE\' AND ROW(OLD."id", OLD."user_id", OLD."permission_id") IS NOT DISTINCT FROM ROW(NEW."id", NEW."user_id", NEW."permission_id") THEN RETURN NULL; END IF; IF TG_OP = \'DELETE\' THEN changed := OLD; ELSE changed := NEW; END IF; INSERT INTO "members_curatorpermissionevent" ("id", "permission_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "user_id") VALUES (changed."id", changed."permission_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), lower(TG_OP), changed."user_id"); RETURN NULL;', hash='de852cf398349f8f6672b1d3fd13960cd63b841f', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_record_change_bd004', table='members_user_user_permissions', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='government',
            trigger=pgtrigger.compiler.Trigger(name='changes_public_pages', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n        IF OLD IS DISTINCT FROM NEW THEN\n            INSERT INTO portal_pagechange (transaction) VALUES (pg_current_xact_id()::text::bigint)\n                ON CONFLICT DO NOTHING;\n        END IF;\n        RETURN NULL;\n    ', hash='f85336bda326dc35445ada52bf9e58094cde6ae8', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_changes_public_pages_e1585', table='members_government', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='office',
            trigger=pgtrigger.compiler.Trigger(name='changes_public_pages', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n        IF OLD IS DISTINCT FROM NEW THEN\n            INSERT INTO portal_pagechange (transaction) VALUES (pg_current_xact_id()::text::bigint)\n                ON CONFLICT DO NOTHING;\n        END IF;\n        RETURN NULL;\n    ', hash='3e30ae598f9e6e870371e508ffbcf2ba69efa37b', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_changes_public_pages_5c664', table='members_office', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('let_in_by__isnull', True), ('sees_since', models.F('voter_since'))), models.Q(('let_in_by__isnull', False), ('sees_since__lte', models.F('voter_since')), models.Q(('let_in_by', models.F('id')), _negated=True)), _connector='OR'), name='user_sees_earlier_only_if_let_in'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='a_curator_remains', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."is_active" AND OLD."is_staff" AND (NOT NEW."is_staff" OR NOT NEW."is_active"))', func="\n        PERFORM pg_advisory_xact_lock(hashtext('a_curator_remains'));\n        IF NOT EXISTS (SELECT FROM members_user WHERE is_active AND is_staff) THEN\n            RAISE EXCEPTION 'The portal always has a curator: invite another one first.'\n                USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NULL;\n    ", hash='5ad6ce2fe97118b0da43dbb1596fc556d8368c16', operation='UPDATE OF "is_staff", "is_active"', pgid='pgtrigger_a_curator_remains_f6669', table='members_user', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='government',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('name'), models.F('state'), name='government_once_in_a_state', violation_error_message='This state already has a government with this name.'),
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('image', models.BinaryField()),
                ('digest', models.CharField(max_length=16)),
                ('updated_at', models.DateTimeField()),
                ('government', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='seal', to='members.government')),
                ('updated_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='SealEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('digest', models.CharField(max_length=16)),
                ('updated_at', models.DateTimeField()),
                ('government', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.government')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='members.seal')),
                ('updated_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='seal',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('image'), 200000), name='seal_of_at_most_200_kb'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='seal',
            trigger=pgtrigger.compiler.Trigger(name='record_change', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed "members_seal"%ROWTYPE;', func='IF TG_OP = \'UPDATE\' AND ROW(OLD."id", OLD."government_id", OLD."digest", OLD."updated_at", OLD."updated_by_id") IS NOT DISTINCT FROM ROW(NEW."id", NEW."government_id", NEW."digest", NEW."updated_at", NEW."updated_by_id") THEN RETURN NULL; END IF; IF TG_OP = \'DELETE\' THEN changed := OLD; ELSE changed := NEW; END IF; INSERT INTO "members_sealevent" ("digest", "government_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "updated_at", "updated_by_id") VALUES (changed."digest", changed."government_id", changed."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), lower(TG_OP), changed."id", changed."updated_at", changed."updated_by_id"); RETURN NULL;', hash='ebe3abeb23e9f91eab30a3b776b9eacd93355ae1', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_record_change_e73d1', table='members_seal', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='seal',
            trigger=pgtrigger.compiler.Trigger(name='changes_public_pages', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n        IF OLD IS DISTINCT FROM NEW THEN\n            INSERT INTO portal_pagechange (transaction) VALUES (pg_current_xact_id()::text::bigint)\n                ON CONFLICT DO NOTHING;\n        END IF;\n        RETURN NULL;\n    ', hash='4e391bff3c8385601a3a5efd85d881237e1bc9af', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_changes_public_pages_17d6f', table='members_seal', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sealevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6b55dfa9cbcea76e0ddab9fdac85a86a3dca033e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_94312', table='members_sealevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='record_change', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed "members_user"%ROWTYPE;', func='IF TG_OP = \'UPDATE\' AND ROW(OLD."id", OLD."is_superuser", OLD."consented_at", OLD."consent_version", OLD."email", OLD."name", OLD."title", OLD."government_id", OLD."role", OLD."is_staff", OLD."is_active", OLD."joined_at", OLD."phone", OLD."shows_email", OLD."let_in_by_id", OLD."anonymized_at") IS NOT DISTINCT FROM ROW(NEW."id", NEW."is_superuser", NEW."consented_at", NEW."consent_version", NEW."email", NEW."name", NEW."title", NEW."government_id", NEW."role", NEW."is_staff", NEW."is_active", NEW."joined_at", NEW."phone", NEW."shows_email", NEW."let_in_by_id", NEW."anonymized_at") THEN RETURN NULL; END IF; IF TG_OP = \'DELETE\' THEN changed := OLD; ELSE changed := NEW; END IF; INSERT INTO "members_userevent" ("anonymized_at", "consent_version", "consented_at", "email", "government_id", "id", "is_active", "is_staff", "is_superuser", "joined_at", "let_in_by_id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "role", "shows_email", "title") VALUES (changed."anonymized_at", changed."consent_version", changed."consented_at", changed."email", changed."government_id", changed."id", changed."is_active", changed."is_staff", changed."is_superuser", changed."joined_at", changed."let_in_by_id", changed."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), lower(TG_OP), changed."id", changed."phone", changed."role", changed."shows_email", changed."title"); RETURN NULL;', hash='1b0e63b40050b7cd2ff8797edbc4db111ed6fa54', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_record_change_808e3', table='members_user', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('anonymized_at__isnull', True), models.Q(('is_active', False), ('is_staff', False), ('is_superuser', False), ('phone', ''), ('role', 'none'), ('title', '')), _connector='OR'), name='user_anonymized_has_left'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='keeps_voter_since', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE opened_at timestamptz; voted boolean; votes boolean;', func="\n        voted := TG_OP = 'UPDATE' AND OLD.is_active AND OLD.role IN ('member', 'delegate');\n        votes := NEW.is_active AND NEW.role IN ('member', 'delegate');\n        IF TG_OP = 'INSERT'\n                OR NEW.government_id IS DISTINCT FROM OLD.government_id\n                OR NEW.role <> OLD.role AND NOT (voted AND votes)\n                OR NEW.is_active AND NOT OLD.is_active\n                OR lower(NEW.email) <> lower(OLD.email) THEN\n            NEW.voter_since := clock_timestamp();\n        ELSIF pg_trigger_depth() = 1 THEN  -- the trigger on second factors may set it\n            NEW.voter_since := OLD.voter_since;\n        END IF;\n        IF TG_OP = 'INSERT' OR NEW.voter_since <> OLD.voter_since THEN\n            NEW.sees_since := NEW.voter_since;\n            NEW.let_in_by_id := NULL;\n        ELSIF NEW.let_in_by_id IS NOT DISTINCT FROM OLD.let_in_by_id THEN\n            NEW.sees_since := OLD.sees_since;\n        END IF;\n\n        SELECT opens_at INTO opened_at FROM editions_edition\n            WHERE opens_at <= clock_timestamp() AND closes_at > clock_timestamp();\n        IF opened_at IS NULL OR NOT NEW.is_active OR NOT (NEW.is_staff OR NEW.is_superuser) THEN\n            RETURN NEW;\n        END IF;\n        IF TG_OP = 'UPDATE' AND NEW.government_id <> coalesce(OLD.government_id, 0) THEN\n            RAISE EXCEPTION 'While ballots are open, a curator cannot join a government.'\n                USING ERRCODE = 'check_violation';\n        END IF;\n        IF votes AND NEW.voter_since >= opened_at AND NOT (voted AND (OLD.is_staff OR OLD.is_superuser)) THEN\n            RAISE EXCEPTION 'While ballots are open, a curator cannot gain a vote, nor a new voter become a curator.'\n                USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NEW;\n    ", hash='b2ade698ef8e47e3dc2f12d270f3343c74c2604b', operation='INSERT OR UPDATE', pgid='pgtrigger_keeps_voter_since_80dd6', table='members_user', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='anonymizes_everywhere', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."anonymized_at" IS NOT NULL AND OLD."anonymized_at" IS NULL)', declare='DECLARE names text[]; addresses text[]; phones text[]; known_as text; in_text text; in_json text; history record;', func='\n        SELECT array_agg(DISTINCT lower(name)), array_agg(DISTINCT lower(email)),\n                array_agg(DISTINCT phone) FILTER (WHERE length(phone) >= 7)\n            INTO names, addresses, phones FROM members_userevent WHERE pgh_obj_id = NEW.id;\n        names := array_remove(names || lower(OLD.name)::text, lower(NEW.name));\n        addresses := array_remove(addresses || lower(OLD.email)::text, lower(NEW.email));\n        SELECT \'(?<!\\w)(\' || string_agg(regexp_replace(each, \'(\\W)\', \'\\\\\\1\', \'g\'), \'|\') || \')(?!\\w)\'\n            INTO known_as FROM unnest(addresses || names || phones) AS each WHERE each <> \'\';\n        in_text := replace(NEW.name, \'\\\', \'\\\\\');\n        in_json := replace(btrim(to_jsonb(NEW.name)::text, \'"\'), \'\\\', \'\\\\\');\n\n        PERFORM set_config(\'pgtrigger.ignore\', array_agg(tgname)::text, true)\n            FROM pg_trigger WHERE tgname LIKE \'pgtrigger\\_append\\_only\\_%\';\n        UPDATE members_userevent SET name = NEW.name, email = NEW.email, title = \'\', phone = \'\'\n            WHERE pgh_obj_id = NEW.id;\n        UPDATE members_invitation SET name = NEW.name, email = NEW.email WHERE lower(email) = ANY (addresses);\n        UPDATE members_invitationevent SET name = NEW.name, email = NEW.email WHERE lower(email) = ANY (addresses);\n        UPDATE members_office SET person_name = NEW.name WHERE lower(person_name) = ANY (names)\n            AND government_id IN (SELECT government_id FROM members_userevent WHERE pgh_obj_id = NEW.id);\n        UPDATE members_officeevent SET person_name = NEW.name WHERE lower(person_name) = ANY (names)\n            AND government_id IN (SELECT government_id FROM members_userevent WHERE pgh_obj_id = NEW.id);\n        DELETE FROM mail_digestitem WHERE lower("to") = ANY (addresses) AND mail_id IS NULL;\n        UPDATE mail_digestitem SET "to" = \'removed-\' || id || \'@\' || split_part(NEW.email, \'@\', 2)\n            WHERE lower("to") = ANY (addresses);\n        UPDATE mail_digestitem SET line = regexp_replace(line, known_as, in_text, \'gi\') WHERE line ~* known_as;\n        UPDATE mail_mail SET "to" = \'removed-\' || id || \'@\' || split_part(NEW.email, \'@\', 2),\n                given_up_at = CASE WHEN sent_at IS NULL THEN coalesce(given_up_at, now()) END,\n                text = \'\', html = \'\', calendar = \'\', unsubscribe = \'\'\n            WHERE lower("to") = ANY (addresses);\n        UPDATE mail_mail SET reply_to = \'\' WHERE lower(reply_to) = ANY (addresses);\n        UPDATE mail_mail SET subject = left(regexp_replace(subject, known_as, in_text, \'gi\'), 200),\n                trouble = left(regexp_replace(trouble, known_as, in_text, \'gi\'), 300)\n            WHERE concat_ws(\' \', subject, trouble) ~* known_as;\n        FOR history IN SELECT tgrelid::regclass AS events FROM pg_trigger\n                WHERE tgname LIKE \'pgtrigger\\_append\\_only\\_%\' LOOP\n            EXECUTE format(\'UPDATE %s SET pgh_context = regexp_replace(pgh_context::text, $1, $2, \'\'gi\'\')::jsonb\'\n                \' WHERE pgh_context::text ~* $1\', history.events) USING known_as, in_json;\n        END LOOP;\n        UPDATE django_admin_log SET object_repr = left(regexp_replace(object_repr, known_as, in_text, \'gi\'), 200),\n                change_message = regexp_replace(change_message, known_as, in_json, \'gi\')\n            WHERE concat_ws(\' \', object_repr, change_message) ~* known_as;\n        INSERT INTO portal_pagechange (transaction) VALUES (pg_current_xact_id()::text::bigint)\n            ON CONFLICT DO NOTHING;\n        PERFORM set_config(\'pgtrigger.ignore\', \'{}\', true);\n        RETURN NULL;\n    ', hash='17bd8266e915688531fd562df7f314f50f779476', operation='UPDATE OF "anonymized_at"', pgid='pgtrigger_anonymizes_everywhere_cbe70', table='members_user', when='AFTER')),
        ),
    ]
