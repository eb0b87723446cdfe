import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import mixportal.mail.encrypted
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Mail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('cause', models.CharField(help_text='What gave rise to it; at most one mail to an address.', max_length=200)),
                ('to', models.EmailField(max_length=254)),
                ('reply_to', models.EmailField(blank=True, max_length=254)),
                ('subject', models.CharField(max_length=200)),
                ('text', mixportal.mail.encrypted.EncryptedTextField(blank=True)),
                ('html', mixportal.mail.encrypted.EncryptedTextField(blank=True)),
                ('calendar', models.TextField(blank=True)),
                ('unsubscribe', mixportal.mail.encrypted.EncryptedTextField(blank=True)),
                ('confidential', models.BooleanField(default=False, help_text='Not listed for curators.')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('due_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), help_text='Tried again from then on.')),
                ('not_after', models.DateTimeField(blank=True, help_text='Not sent later than that.', null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('given_up_at', models.DateTimeField(blank=True, null=True)),
                ('trouble', models.CharField(blank=True, help_text='What the last try answered.', max_length=300)),
            ],
            options={
                'verbose_name_plural': 'mails',
                'indexes': [models.Index(condition=models.Q(('given_up_at__isnull', True), ('sent_at__isnull', True)), fields=['due_at'], name='mail_waiting')],
                'constraints': [models.UniqueConstraint(models.F('cause'), django.db.models.functions.text.Lower('to'), name='mail_once_for_one_cause_and_address'), models.CheckConstraint(condition=models.Q(('sent_at__isnull', True), ('given_up_at__isnull', True), _connector='OR'), name='mail_sent_or_given_up')],
            },
        ),
        migrations.CreateModel(
            name='DigestItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('to', models.EmailField(max_length=254)),
                ('kind', models.CharField(max_length=40)),
                ('cause', models.CharField(max_length=200)),
                ('line', models.TextField()),
                ('url', models.URLField(max_length=500)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('mail', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='mail.mail')),
            ],
            options={
                'indexes': [models.Index(django.db.models.functions.text.Lower('to'), condition=models.Q(('mail__isnull', True)), name='digest_waiting')],
                'constraints': [models.UniqueConstraint(models.F('cause'), django.db.models.functions.text.Lower('to'), name='digest_once_for_one_cause_and_address')],
            },
        ),
    ]
